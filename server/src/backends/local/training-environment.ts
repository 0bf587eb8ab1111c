/** The Python environment of the torch executor: where it is, whether it is whole, and what making it would take. */
import { existsSync } from "node:fs";
import { environmentDirectory, finishedFor, interpreterOf, lockHash } from "../../executors";
import { lookAtInterpreter, type Interpreter } from "./interpreters";

export type TrainingEnvironment =
  /** @property managed made by `doctor --install`; else an interpreter that the user chose */
  | { readonly kind: "ready"; readonly interpreter: Interpreter; readonly managed: boolean }
  | { readonly kind: "absent"; readonly directory: string }
  /** Begun and not finished, or damaged since: installing again repairs it. */
  | { readonly kind: "broken"; readonly directory: string; readonly why: string }
  /** The interpreter that the user chose cannot train. */
  | { readonly kind: "unsuitable"; readonly program: string; readonly why: string };

/** @param chosen an interpreter that the user named (machine setting, --python, MIDTRAIN_PYTHON) */
export async function lookAtEnvironment(lockFile: string, chosen: string | undefined, signal?: AbortSignal): Promise<TrainingEnvironment> {
  if (chosen !== undefined) return lookAtChosen(chosen, signal);
  const lock = lockHash(lockFile);
  const directory = environmentDirectory(lock);
  const broken = (why: string): TrainingEnvironment => ({ kind: "broken", directory, why });
  if (!existsSync(directory)) return { kind: "absent", directory };
  const marker = finishedFor(directory);
  if (marker === undefined) return broken("It was not finished.");
  if (marker !== lock) return broken("It was made for other versions.");
  const look = await lookAtInterpreter(interpreterOf(directory), signal);
  if (look.kind === "ready") return { kind: "ready", interpreter: look.interpreter, managed: true };
  return broken(look.kind === "lacks-packages" ? `It lacks ${look.missing.join(", ")}.` : "Its Python does not start.");
}

async function lookAtChosen(program: string, signal?: AbortSignal): Promise<TrainingEnvironment> {
  const look = await lookAtInterpreter(program, signal);
  switch (look.kind) {
    case "ready":
      return { kind: "ready", interpreter: look.interpreter, managed: false };
    case "too-old":
      return { kind: "unsuitable", program, why: `It is Python ${look.interpreter.version}; 3.11 or newer is needed.` };
    case "lacks-packages":
      return { kind: "unsuitable", program, why: `It lacks ${look.missing.join(", ")}.` };
    case "no-interpreter":
      return { kind: "unsuitable", program, why: look.why };
  }
}
