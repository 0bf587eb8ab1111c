import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Runtime from "onnxruntime-node";
import { MidtrainError } from "@midtrain/protocol/errors";

let loaded: typeof Runtime | undefined;

/**
 * The native onnxruntime, loaded at first use: a packaged build carries it in `native/node_modules/`
 * beside the bundle, a development tree in its own node_modules.
 * @throws MidtrainError environment where this build has none for this platform
 */
export function loadRuntime(): typeof Runtime {
  loaded ??= requireRuntime(__dirname);
  return loaded;
}

/** @param beside directory of the running bundle */
export function requireRuntime(beside: string): typeof Runtime {
  const native = join(beside, "native");
  try {
    // Resolution starts in native/node_modules and goes on upwards, which ends in the node_modules of a development tree.
    return createRequire(join(native, "runtime.js"))("onnxruntime-node") as typeof Runtime;
  } catch (cause) {
    throw new MidtrainError({
      reason: "environment",
      message: `This build has no native part for ${process.platform}-${process.arch}, so it cannot train or score.`,
      where: native,
      next: "Install the platform package of Midtrain (linux-x64), or use the torch executor (--executor torch).",
      cause,
    });
  }
}
