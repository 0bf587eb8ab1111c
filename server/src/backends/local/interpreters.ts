/** Python interpreters on this machine: which there are, and whether one can train. */
import * as z from "zod/mini";
import { MidtrainError } from "@midtrain/protocol/errors";
import { runProgram } from "./run-program";

/** What the training worker imports; the lock names more. */
const trainingPackages = ["torch", "transformers", "safetensors", "peft"] as const;

export interface Interpreter {
  readonly executable: string;
  /** `3.12.4` */
  readonly version: string;
  /** Versions of the packages of training that it has, from their metadata: nothing is imported. */
  readonly packages: Readonly<Record<string, string>>;
}

export type InterpreterLook =
  | { readonly kind: "ready"; readonly interpreter: Interpreter }
  | { readonly kind: "too-old"; readonly interpreter: Interpreter }
  | { readonly kind: "lacks-packages"; readonly interpreter: Interpreter; readonly missing: readonly string[] }
  | { readonly kind: "no-interpreter"; readonly why: string };

/** What the lock is resolved for. */
const oldest = [3, 11] as const;

const probeScript = `
import json, sys
from importlib import metadata
def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
found = {name: version(name) for name in sys.argv[1:]}
print(json.dumps({"executable": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3], "packages": {k: v for k, v in found.items() if v}}))
`;

const probeSchema = z.object({ executable: z.string(), version: z.string(), packages: z.record(z.string(), z.string()) });

/** Looks at one interpreter without importing its packages. */
export async function lookAtInterpreter(program: string, signal?: AbortSignal): Promise<InterpreterLook> {
  const result = await runProgram(program, ["-I", "-c", probeScript, ...trainingPackages], { signal, milliseconds: 20_000 });
  if (result === undefined) return { kind: "no-interpreter", why: `${program} was not found.` };
  const interpreter = parsed(result.stdout);
  if (interpreter === undefined)
    return { kind: "no-interpreter", why: `${program} is not a working Python: ${lastLine(result.lastWords)}` };
  if (!isRecent(interpreter.version)) return { kind: "too-old", interpreter };
  const missing = trainingPackages.filter((name) => interpreter.packages[name] === undefined);
  return missing.length === 0 ? { kind: "ready", interpreter } : { kind: "lacks-packages", interpreter, missing };
}

function parsed(stdout: string): Interpreter | undefined {
  try {
    const { data } = probeSchema.safeParse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
    return data;
  } catch {
    return undefined;
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "it said nothing";
}

export function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/** Names under which an interpreter is looked for, newest of the well-supported versions first. */
function candidates(platform: NodeJS.Platform): readonly string[] {
  const versions = ["3.12", "3.13", "3.11"];
  return platform === "win32" ? ["python", "py"] : [...versions.map((version) => `python${version}`), "python3", "python"];
}

/**
 * The interpreter that an environment can be made from.
 * @param chosen by the user; nothing else is tried then
 * @throws MidtrainError (environment) naming what was tried
 */
export async function findBaseInterpreter(
  chosen: string | undefined,
  signal?: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<Interpreter> {
  const tried: string[] = [];
  for (const program of chosen === undefined ? candidates(platform) : [chosen]) {
    const look = await lookAtInterpreter(program, signal);
    if (look.kind === "ready" || look.kind === "lacks-packages") return look.interpreter;
    tried.push(look.kind === "too-old" ? `${program} is Python ${look.interpreter.version}` : look.why);
  }
  throw new MidtrainError({
    reason: "environment",
    message: `No Python ${oldest.join(".")} or newer was found: ${tried.join("; ").replace(/\.;/g, ";")}`,
    next: `Install Python 3.12 (your system's package, or python.org), or name one: midtrain doctor --install --python PATH.`,
  });
}
