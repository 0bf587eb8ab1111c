import { mkdtempSync, readFileSync, rmSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { printFigures, type Figure } from "./figures";
import { wholeProcess, type WholeProcess } from "./whole-process";

/**
 * The command line's cold harvest of a directory as a whole process, beside a peer's command on the same directory, in turn:
 * wall and CPU seconds, and the peak memory of all its processes.
 * Arguments: a directory; `--peer COMMAND` is run by a shell, with {dir} and {out} (an empty directory) replaced;
 * `--rounds N` (2 with a peer, else 1), `--limit SECONDS` for each run of the peer, `--cli FILE` names the built command line.
 */
interface Options {
  readonly directory: string;
  readonly peer: string | undefined;
  readonly rounds: number;
  readonly limit: number;
  readonly cli: string;
}

function optionsOf(args: string[]): Options {
  const option = (name: string): string | undefined => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args.splice(at, 2)[1];
  };
  const [peer, rounds, limit] = [option("--peer"), option("--rounds"), option("--limit")];
  const cli = option("--cli") ?? join(process.cwd(), "dist", "midtrain.js");
  const [directory] = args;
  if (directory === undefined) throw new Error("Name a directory.");
  const given = { directory: resolve(directory), peer, cli };
  return { ...given, rounds: Number(rounds ?? (peer === undefined ? 1 : 2)), limit: Number(limit ?? Infinity) };
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function figuresOf(name: string, { status, wall, cpu, peak }: WholeProcess): Figure[] {
  return [
    { figure: `${name}: exit status`, value: status ?? -1, unit: "" },
    { figure: `${name}: wall`, value: wall, unit: "s" },
    { figure: `${name}: CPU`, value: cpu, unit: "s" },
    ...(peak === undefined ? [] : [{ figure: `${name}: peak memory`, value: peak, unit: "MB" }]),
  ];
}

async function ours({ directory, cli }: Options, place: string): Promise<Figure[]> {
  const [out, json] = [join(place, "out"), join(place, "result.json")];
  const words = [process.execPath, cli, "harvest", directory, "--out", out, "--json", "--quiet", "--seed", "1"].map(quoted);
  const run = await wholeProcess(`${words.join(" ")} > ${quoted(json)}`);
  const figures = figuresOf("harvest", run);
  if (run.status !== 0) return figures;
  const { bytes, documents } = JSON.parse(readFileSync(json, "utf8")) as { bytes: { seen: number; kept: number }; documents: number };
  rmSync(out, { recursive: true, force: true });
  return [
    { figure: "seen", value: bytes.seen / 1e6, unit: "MB" },
    { figure: "kept", value: bytes.kept / 1e6, unit: "MB" },
    { figure: "documents kept", value: documents, unit: "" },
    ...figures,
    { figure: "harvest: seen per CPU second", value: bytes.seen / 1e6 / run.cpu, unit: "MB/s" },
  ];
}

async function theirs({ directory, limit }: Options, peer: string, place: string): Promise<Figure[]> {
  const out = join(place, "peer");
  mkdirSync(out);
  const run = await wholeProcess(peer.replaceAll("{dir}", quoted(directory)).replaceAll("{out}", quoted(out)), limit);
  rmSync(out, { recursive: true, force: true });
  return figuresOf("peer", run);
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  const place = mkdtempSync(join(tmpdir(), "midtrain-bench-"));
  try {
    const figures: Figure[] = [];
    for (let round = 0; round < options.rounds; round++) {
      figures.push(...(await ours(options, place)));
      if (options.peer !== undefined) figures.push(...(await theirs(options, options.peer, place)));
    }
    printFigures(figures);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

void main();
