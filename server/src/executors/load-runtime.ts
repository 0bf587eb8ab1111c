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
  return fromNative(beside, (find) => find("onnxruntime-node") as typeof Runtime);
}

/** Before long work that would end at the missing part: looks, loads nothing. @throws MidtrainError (environment) */
export function requireNativePart(beside = __dirname): void {
  fromNative(beside, (find) => find.resolve("onnxruntime-node"));
}

function fromNative<T>(beside: string, use: (find: NodeJS.Require) => T): T {
  const native = join(beside, "native");
  try {
    // Resolution starts in native/node_modules and goes on upwards, which ends in the node_modules of a development tree.
    return use(createRequire(join(native, "runtime.js")));
  } catch (cause) {
    throw new MidtrainError({
      reason: "environment",
      message: `Training needs the platform package of Midtrain: this one has no native part for ${process.platform}-${process.arch}.`,
      where: native,
      next: "Install the package for this platform (there is one for linux-x64). Harvest and names work without it.",
      cause,
    });
  }
}
