/** Where the torch executor's Python is: what the user names, what `doctor --install` made; in a checkout, the cache of `npm run test:torch`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { trainerDirectory, trainerLock } from "../../config";
import { managedInterpreter } from "./managed-environment";

/** Never from a repository's files: opening a folder must not choose a program to run. */
export const interpreterVariable = "MIDTRAIN_PYTHON";

/** @throws MidtrainError (environment) with the way to one */
export function trainingInterpreter(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment[interpreterVariable];
  if (chosen !== undefined && chosen !== "") return chosen;
  const made = managedInterpreter(trainerLock());
  if (made !== undefined) return made;
  const inCheckout = developmentInterpreter();
  if (existsSync(inCheckout)) return inCheckout;
  throw new MidtrainError({
    reason: "environment",
    message: "The torch executor needs a Python with torch, transformers and peft, and there is none yet.",
    next: "Make one with midtrain doctor --install, name an interpreter with --python or MIDTRAIN_PYTHON, or leave --model out: the embedded base needs none.",
  });
}

function developmentInterpreter(): string {
  const programs = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  return join(trainerDirectory(), "..", ".cache", "torch-env", ...programs);
}
