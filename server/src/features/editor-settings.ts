/** What the editor's settings say, and which configuration applies to a folder. */
import * as z from "zod/mini";
import { risks, type MidtrainConfig } from "@midtrain/protocol/config";
import { loadConfig, midtrainDirectory } from "../config";
import type { JobPlace } from "./engine-jobs";

/** An object that takes its members' defaults when it is absent. */
function section<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const object = z.object(shape);
  return z.pipe(
    z.transform((value: unknown) => value ?? {}),
    object,
  );
}

const editorSettingsSchema = z.object({
  tokenizer: z._default(z.string(), ""),
  model: z._default(z.string(), ""),
  risk: z._default(z.enum(risks), "normal"),
  budget: z._default(z.string(), ""),
  python: z._default(z.string(), ""),
  hover: section({ enabled: z._default(z.boolean(), true) }),
  inlayHints: section({
    enabled: z._default(z.boolean(), false),
    minimumTokens: z._default(z.number(), 4),
    show: z._default(z.enum(["count", "pieces"]), "count"),
  }),
  codeLens: section({ enabled: z._default(z.boolean(), false) }),
  codeActions: section({ enabled: z._default(z.boolean(), true) }),
  diagnostics: section({ enabled: z._default(z.boolean(), false), minimumTokens: z._default(z.number(), 6) }),
});

export type EditorSettings = z.infer<typeof editorSettingsSchema>;

export const defaultSettings: EditorSettings = editorSettingsSchema.parse({});

/** A real, widely used tokenizer until a model is chosen; never the demo base's. Named beside every figure. */
const defaultEditorTokenizer = "tiktoken:o200k_base";

/** Settings as VS Code sends them; anything illegal falls back to the defaults, key by key where possible. */
export function parseSettings(value: unknown): EditorSettings {
  const parsed = editorSettingsSchema.safeParse(value ?? {});
  return parsed.success ? parsed.data : defaultSettings;
}

/** midtrain.jsonc wins over the editor's settings, which win over defaults (shared/CONTRACTS §2). */
export function placeOf(directory: string, settings: EditorSettings, trusted: boolean): JobPlace {
  const fromSettings: MidtrainConfig = {
    risk: settings.risk,
    ...(settings.tokenizer === "" ? {} : { tokenizer: settings.tokenizer }),
    ...(settings.model === "" ? {} : { model: settings.model }),
    ...(settings.budget === "" ? {} : { budget: settings.budget }),
  };
  if (!trusted) return { directory, midtrain: midtrainDirectory(directory, undefined), config: {} };
  const loaded = loadConfig(directory);
  return { directory, midtrain: midtrainDirectory(directory, loaded.file), config: { ...fromSettings, ...loaded.config } };
}

/** The tokenizer of hovers, hints and reports. A chosen model brings its own. */
export function editorTokenizer(config: MidtrainConfig): string {
  return config.tokenizer ?? config.model ?? defaultEditorTokenizer;
}
