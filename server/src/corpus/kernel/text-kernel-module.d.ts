/** What scripts/text-kernel.mjs compiles. */
declare module "*/.cache/text-kernel.mjs" {
  /** The WebAssembly module, in base64. */
  export const textKernelModule: string;
}
