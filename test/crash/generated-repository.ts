/**
 * A made-up repository that never changes: an engine for a tide-mill network, written by a grammar from a fixed seed. TypeScript and Python
 * modules share types, helpers and habits, as the files of one team do; no two files say the same.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { seededRandom, type Random } from "../../server/src/platform/random";

const things =
  "sluice turbine basin gauge ferry lantern quota ledger shaft grain batch wheel miller tide buoy berth cargo invoice sensor anchor granary hopper mooring rota signal weir channel pulley".split(
    " ",
  );
const traits =
  "level capacity pressure offset weight depth margin deadline priority volume drift balance interval backlog height yield slack tariff phase load".split(
    " ",
  );
const deeds =
  "drain settle throttle reroute balance inspect refill release dispatch recount flush align reserve postpone merge probe".split(" ");
const rooms = ["harbour", "mill", "billing", "schedule", "safety", "storage"];
const reasons = [
  "because the gauge lags behind the tide by up to one interval",
  "so that a late ferry never blocks the sluice",
  "because two millers may ask for the same batch at once",
  "so that the ledger still adds up after a restart",
  "because an empty basin reports a negative level",
  "so that the night rota can be checked by hand",
  "because the oldest turbine cannot be throttled below a third",
  "so that a refused quota names who asked for it",
];

/** drain -> drained, settle -> settled; doer: drainer, settler. */
const past = (deed: string): string => `${deed.replace(/e$/, "")}ed`;
const doer = (deed: string): string => `${deed.replace(/e$/, "")}er`;
const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

/** What one module is about: its words, drawn once, so that a file repeats itself and files differ. */
interface Topic {
  readonly thing: string;
  readonly other: string;
  readonly traits: readonly string[];
  readonly deeds: readonly string[];
  readonly random: Random;
}

function topicOf(random: Random, thing: string): Topic {
  const other = random.pick(things.filter((candidate) => candidate !== thing));
  return { thing, other, traits: random.shuffle(traits).slice(0, 5), deeds: random.shuffle(deeds).slice(0, 5), random };
}

type Writer = (topic: Topic) => string;

const typeScriptParts: readonly Writer[] = [
  ({
    thing,
    other,
    traits: [a, b],
    deeds: [deed],
    random,
  }) => `/** ${capital(deed!)}s every ${thing} of a ${other}, ${random.pick(reasons)}. */
export function ${deed}${capital(thing)}s(${thing}s: readonly ${capital(thing)}[], ${other}: ${capital(other)}): ${capital(thing)}[] {
  const open = ${thing}s.filter((${thing}) => ${thing}.${a} < ${other}.${b});
  if (open.length === 0) return [];
  return open.map((${thing}) => ({ ...${thing}, ${a}: Math.min(${thing}.${a} + ${1 + random.int(40)}, ${other}.${b}) }));
}`,
  ({
    thing,
    traits: [a, , c],
    deeds: [, deed],
    random,
  }) => `export function ${a}After${capital(deed!)}(${thing}: ${capital(thing)}, minutes: number): number {
  // ${capital(random.pick(reasons))}.
  const rest = ${thing}.${c} - minutes * ${(random.int(90) + 5) / 100};
  return rest > 0 ? ${thing}.${a} + rest / ${2 + random.int(9)} : ${thing}.${a};
}`,
  ({
    thing,
    other,
    traits: [a],
    deeds: [, , deed],
    random,
  }) => `export async function ${deed}${capital(other)}(id: string, store: ${capital(thing)}Store): Promise<void> {
  const ${thing} = await store.find(id);
  if (${thing} === undefined) throw new HarbourError("no ${thing} with this id", { id, ${other}: store.name });
  for (let attempt = 0; attempt < ${2 + random.int(6)}; attempt++) {
    const done = await store.save({ ...${thing}, ${a}: ${thing}.${a} - attempt });
    if (done) return;
  }
  throw new HarbourError("${other} was not ${past(deed!)}", { id, ${a}: ${thing}.${a} });
}`,
  ({ thing, traits: [a, b, c], deeds: [, , , deed], random }) => `export class ${capital(thing)}${capital(deed!)}Queue {
  private readonly waiting = new Map<string, ${capital(thing)}>();
  private ${b} = ${random.int(100)};

  add(${thing}: ${capital(thing)}): boolean {
    if (this.waiting.has(${thing}.id) || ${thing}.${c} > this.${b}) return false;
    this.waiting.set(${thing}.id, ${thing});
    this.${b} -= ${thing}.${c};
    return true;
  }

  /** The next one by ${a}; undefined when nothing waits. */
  ${deed}(): ${capital(thing)} | undefined {
    const [first] = [...this.waiting.values()].sort((x, y) => x.${a} - y.${a});
    if (first !== undefined) this.waiting.delete(first.id);
    return first;
  }
}`,
  ({
    thing,
    other,
    traits: [a, b, c, d],
    random,
  }) => `export function check${capital(thing)}(${thing}: ${capital(thing)}, ${other}: ${capital(other)}): string[] {
  const problems: string[] = [];
  if (${thing}.${a} < 0) problems.push(\`${thing} \${${thing}.id}: ${a} \${${thing}.${a}} is negative\`);
  if (${thing}.${c} > ${other}.${d}) problems.push(\`${thing} \${${thing}.id}: ${c} is above the ${d} of ${other} \${${other}.id}\`);
  if (${other}.${b} === ${random.int(50)}) problems.push("${other}: ${b} was never set");
  return problems;
}`,
  ({ thing, other, traits: [, b, , d], random }) => `export const default${capital(thing)}: ${capital(thing)} = {
  id: "${thing}-${random.int(1000)}",
  ${b}: ${random.int(500)},
  ${d}: ${random.int(500)},
  ${other}s: ["${random.pick(rooms)}", "${random.pick(rooms)}-${random.int(30)}"],
};`,
  ({
    thing,
    other,
    traits: [a, , , , e],
    deeds: [, , , , deed],
    random,
  }) => `export function ${deed}By${capital(e!)}(${thing}s: readonly ${capital(thing)}[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const ${thing} of ${thing}s) {
    const key = ${thing}.${e} > ${random.int(300)} ? ${thing}.${other}Id : "${random.pick(rooms)}";
    totals.set(key, (totals.get(key) ?? 0) + ${thing}.${a});
  }
  return totals;
}`,
];

const pythonParts: readonly Writer[] = [
  ({ thing, other, traits: [a, b], deeds: [deed], random }) => `def ${deed}_${thing}s(${thing}s, ${other}, limit=${random.int(90)}):
    """${capital(deed!)} what a ${other} still holds, ${random.pick(reasons)}."""
    held = [${thing} for ${thing} in ${thing}s if ${thing}.${a} <= ${other}.${b}]
    for ${thing} in held[:limit]:
        ${thing}.${a} += ${random.int(30)}
        ${other}.${b} -= ${thing}.${a}
    return held
`,
  ({ thing, traits: [a, , c], deeds: [, deed], random }) => `class ${capital(thing)}${capital(doer(deed!))}:
    def __init__(self, ${a}=${random.int(200)}, ${c}=None):
        self.${a} = ${a}
        self.${c} = ${c} or {}

    def ${deed}(self, ${thing}):
        if ${thing}.id in self.${c}:
            raise HarbourError(f"${thing} {${thing}.id} was ${past(deed!)} before")
        self.${c}[${thing}.id] = ${thing}.${a} * ${(random.int(80) + 10) / 10}
        return self.${c}[${thing}.id]
`,
  ({ thing, other, traits: [a, b, c, d], random }) => `def ${thing}_report(${thing}s, ${other}s):
    rows = []
    for ${thing}, ${other} in zip(${thing}s, ${other}s):
        # ${random.pick(reasons)}
        share = ${thing}.${a} / max(${other}.${b}, ${1 + random.int(20)})
        rows.append({"${thing}": ${thing}.id, "${c}": ${thing}.${c}, "${d}": round(share, ${1 + random.int(3)})})
    return sorted(rows, key=lambda row: row["${c}"])
`,
  ({ thing, other, traits: [, b, , , e], deeds: [, , , deed], random }) => `def test_${deed}_keeps_${e}():
    ${thing} = make_${thing}(${b}=${random.int(60)}, ${e}=${random.int(60)})
    ${other} = make_${other}(id="${other}-${random.int(90)}")
    assert ${deed}_${thing}s([${thing}], ${other}) == [${thing}]
    assert ${thing}.${e} == ${random.int(60)}
`,
];

function typeScriptFile(topic: Topic): string {
  const { thing, other, random } = topic;
  const head = `import { HarbourError } from "../errors";\nimport type { ${capital(thing)}, ${capital(thing)}Store } from "../${random.pick(rooms)}/${thing}";\nimport type { ${capital(other)} } from "../${random.pick(rooms)}/${other}";\n`;
  const parts = random.shuffle(typeScriptParts).slice(0, 4 + random.int(3));
  return [head, ...parts.map((part) => part(topic))].join("\n\n") + "\n";
}

function pythonFile(topic: Topic): string {
  const { thing, other, random } = topic;
  const head = `"""${capital(thing)}s of the ${random.pick(rooms)}, ${random.pick(reasons)}."""\n\nfrom tidemill.errors import HarbourError\nfrom tidemill.testing import make_${thing}, make_${other}\n`;
  const parts = random.shuffle(pythonParts).slice(0, 3 + random.int(2));
  return [head, ...parts.map((part) => part(topic))].join("\n\n");
}

/** Path -> text. Equal seeds give equal files. */
function generatedFiles(seed: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const random = seededRandom("generated-repository", seed);
  for (const room of rooms) {
    for (const thing of things) {
      const topic = topicOf(random, thing);
      const python = random.int(4) === 0;
      files.set(
        python ? `tools/${room}/${thing}.py` : `src/${room}/${thing}-${topic.deeds[0]!}.ts`,
        python ? pythonFile(topic) : typeScriptFile(topic),
      );
    }
  }
  return files;
}

/** The files as a git repository in a temporary directory. */
export function generatedRepository(): string {
  const directory = mkdtempSync(join(tmpdir(), "midtrain-generated-"));
  for (const [path, text] of generatedFiles("tide-mill")) {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  execFileSync("git", ["-C", directory, "init", "-q"]);
  execFileSync("git", ["-C", directory, "add", "."]);
  return directory;
}
