import type { Stretch } from "./leading-comments";
export type NoiseStretch = Stretch & { readonly rule: "badges" | "table-of-contents" | "navigation" | "tool-comment" };
export function isDocumentLanguage(_language: string): boolean { return false; }
export function documentNoise(_text: string, _language: string): { noise: NoiseStretch[]; blocks: (Stretch & { key: string })[] } { return { noise: [], blocks: [] }; }
