/** What the editor's settings say, and which configuration applies to a folder. */
import * as z from "zod/mini";
import { risks, type MidtrainConfig } from "@midtrain/protocol/config";
import { loadConfig, midtrainDirectory } from "../config";
import type { JobPlace } from "./engine-jobs";

/** A member that takes its default when it is absent or not legal: a slip in one setting leaves the others as they are. */
function setting<T extends string | number | boolean>(schema: z.ZodMiniType<T>, value: NoInfer<T>) {
  return z.catch(
    z._default(schema, () => value as never),
    () => value as never,
  );
}

/** An object that takes its members' defaults when it is absent. */
function section<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const object = z.object(shape);
  return z.pipe(
    z.transform((value: unknown) => (typeof value === "object" && value !== null && !Array.isArray(value) ? value : {})),
    object,
  );
}

const editorSettingsSchema = z.object({
  tokenizer: setting(z.string(), ""),
  model: setting(z.string(), ""),
  risk: setting(z.enum(risks), "normal"),
  budget: setting(z.string(), ""),
  python: setting(z.string(), ""),
  hover: section({ enabled: setting(z.boolean(), true) }),
  inlayHints: section({
    enabled: setting(z.boolean(), false),
    minimumTokens: setting(z.number(), 4),
    show: setting(z.enum(["count", "pieces"]), "count"),
  }),
  codeLens: section({ enabled: setting(z.boolean(), false) }),
  codeActions: section({ enabled: setting(z.boolean(), true) }),
  diagnostics: section({ enabled: setting(z.boolean(), false), minimumTokens: setting(z.number(), 6) }),
});

export type EditorSettings = z.infer<typeof editorSettingsSchema>;

export const defaultSettings: EditorSettings = editorSettingsSchema.parse({});

/** A real, widely used tokenizer until a model is chosen; never the demo base's. Named beside every figure. */
const defaultEditorTokenizer = "tiktoken:o200k_base";

/** Settings as VS Code sends them; anything illegal takes its default, key by key. */
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
