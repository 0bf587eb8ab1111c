/** What the editor shows of the torch executor's surroundings. */
export interface EnvironmentView {
  readonly state: "ready" | "absent" | "broken" | "unsuitable";
  /** One sentence: what there is, or what is missing. */
  readonly words: string;
  /** GPUs in words, or why there is none. */
  readonly gpus: string;
  /** What making the environment would take; absent when it is ready, or cannot be made here. */
  readonly plan?: { readonly words: string };
  /** Why it cannot be made here, with the next step. */
  readonly obstacle?: string;
}
