import type { MidtrainConfig } from "@midtrain/protocol/config";
import { MidtrainError } from "@midtrain/protocol/errors";
import { percent } from "@midtrain/protocol/words";
import type { HeaderStyle } from "./document-header";
import type { FillInTheMiddle } from "./fill-in-the-middle";
import { modelTokens, type FillTokens, type ModelTokens, type ProbedTokenizer } from "./model-tokens";

/** How documents are given to this model. */
export interface MixtureSettings {
  readonly header: HeaderStyle;
  readonly controls: readonly string[];
  readonly fill: FillInTheMiddle | undefined;
  readonly order: "path" | "imports";
  /** What is not the plain default, in words. */
  readonly notes: readonly string[];
}

type MixtureConfig = NonNullable<MidtrainConfig["mixture"]>;

/** @throws MidtrainError (input) when the configuration asks for what the tokenizer does not have. */
export function resolveMixture(
  config: MixtureConfig | undefined,
  tokenizer: ProbedTokenizer,
  about: { readonly name: string; readonly repository: string; readonly seed: number },
): MixtureSettings {
  const tokens = modelTokens(tokenizer);
  const header = headerStyle(config, tokens, about.repository);
  const fill = fillSettings(config?.fillInTheMiddle, tokens.fill, about);
  return { header, controls: tokens.readInText, fill, order: config?.order ?? "path", notes: [...headerNotes(header), ...fillNotes(fill)] };
}

function headerStyle(config: MixtureConfig | undefined, { files }: ModelTokens, repository: string): HeaderStyle {
  return files === undefined || config?.header === "path" ? { kind: "path" } : { kind: "model", marks: files, repository };
}

function headerNotes(header: HeaderStyle): readonly string[] {
  if (header.kind === "path") return [];
  const { file, repository } = header.marks;
  const marks = repository === undefined ? file.content : `${repository.content} and ${file.content}`;
  return [`Each file begins with the model's own ${marks}, as in its pretraining.`];
}

function fillNotes(fill: FillInTheMiddle | undefined): readonly string[] {
  if (fill === undefined) return [];
  const { prefix, suffix, middle } = fill.tokens;
  return [
    `${percent(fill.share)} of the fragments are turned around to fill the middle (${prefix.content}, ${suffix.content}, ${middle.content}).`,
  ];
}

function fillSettings(
  config: MixtureConfig["fillInTheMiddle"],
  tokens: FillTokens | undefined,
  { name, seed }: { readonly name: string; readonly seed: number },
): FillInTheMiddle | undefined {
  const { share = 0, suffixFirst = 0 } = config ?? {};
  if (share === 0) return undefined;
  if (tokens === undefined) {
    throw new MidtrainError({
      reason: "input",
      message: `The tokenizer of ${name} has no tokens to fill the middle with (such as <fim_prefix>, <fim_suffix> and <fim_middle>).`,
      where: "mixture.fillInTheMiddle.share",
      next: "Set it to 0, or choose a base that was pretrained with them.",
    });
  }
  if (suffixFirst > 0 && !tokens.hasSuffixFirst) {
    throw new MidtrainError({
      reason: "input",
      message: `${name} knows the prefix before the suffix only (${tokens.prefix.content}, ${tokens.suffix.content}, ${tokens.middle.content}).`,
      where: "mixture.fillInTheMiddle.suffixFirst",
      next: "Set it to 0.",
    });
  }
  return { tokens, share, suffixFirstShare: suffixFirst, seed };
}
