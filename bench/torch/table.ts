import type { Figure } from "../figures";

/** Figures of one arm by name; a part that failed is there as text. */
export type ArmResult = Readonly<Record<string, number | boolean | string | readonly string[] | undefined>>;

interface Column {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
}

const columns: readonly Column[] = [
  { key: "leakLoss", title: "leak, largest change of a loss", unit: "nats" },
  { key: "leakLogit", title: "leak, largest change of a logit", unit: "" },
  { key: "leakTokens", title: "tokens whose loss another document changes", unit: "tokens" },
  { key: "leakCompared", title: "of tokens compared", unit: "tokens" },
  { key: "bodyTokens", title: "tokens of the corpus", unit: "tokens" },
  { key: "never", title: "never trained on", unit: "tokens" },
  { key: "neverInside", title: "of these, not first of their document", unit: "tokens" },
  { key: "more", title: "trained on twice or more", unit: "tokens" },
  { key: "acrossDocuments", title: "predicted from another document's end", unit: "tokens" },
  { key: "endsMissing", title: "ends of documents never trained on", unit: "tokens" },
  { key: "positions", title: "positions of one epoch", unit: "tokens" },
  { key: "longestRow", title: "longest sequence", unit: "tokens" },
  { key: "accumulationLoss", title: "accumulation 1x8 2x4 4x2 8x1, loss", unit: "relative" },
  { key: "accumulationNorm", title: "accumulation, gradient norm", unit: "relative" },
  { key: "kills", title: "kill -9", unit: "" },
  { key: "steps", title: "steps of the run", unit: "steps" },
  { key: "stepsLost", title: "steps done again", unit: "steps" },
  { key: "refused", title: "resumes refused for a broken checkpoint", unit: "" },
  { key: "stepsDiffering", title: "steps that differ from uninterrupted", unit: "steps" },
  { key: "weightsEqual", title: "final weights bit-equal", unit: "" },
  { key: "tokensMore", title: "tokens trained on too often", unit: "tokens" },
  { key: "tokensFewer", title: "tokens trained on too seldom", unit: "tokens" },
];

type Named = ArmResult & { readonly arm: string };

/** A row per figure, a column per arm: the arms are few, the figures many. */
export function showTable(arms: readonly Named[]): void {
  const short = (arm: string): string => arm.replace("HF Trainer", "HF").replace("TRL SFTTrainer", "TRL");
  const write = (title: string, cells: readonly string[]): void =>
    void process.stderr.write(`${title.padEnd(44)}${cells.map((cell) => cell.padStart(18)).join("")}\n`);
  write(
    "",
    arms.map(({ arm }) => short(arm)),
  );
  for (const { key, title } of columns)
    write(
      title,
      arms.map((arm) => cell(arm[key])),
    );
  for (const { arm, ...found } of arms) {
    for (const [name, words] of Object.entries(found)) {
      if (name.endsWith("Failed")) process.stderr.write(`${arm}: ${name}: ${String(words)}\n`);
      if (Array.isArray(words) && words.length > 0) process.stderr.write(`${arm}: refused with: ${words.join(" | ")}\n`);
    }
  }
}

function cell(value: ArmResult[string]): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return "-";
  if (value === 0 || Number.isInteger(value)) return String(value);
  return value < 1e-3 ? value.toExponential(1) : value.toFixed(3);
}

export function figuresOf(arms: readonly Named[]): readonly Figure[] {
  return arms.flatMap((arm) =>
    columns.flatMap(({ key, title, unit }) => {
      const value = arm[key];
      return typeof value === "number" || typeof value === "boolean"
        ? [{ figure: `${arm.arm}: ${title}`, value: Number(value), unit }]
        : [];
    }),
  );
}
