/** GPUs of this machine, from the driver's own tool; the torch worker says later what it can use. */
import { runProgram } from "./run-program";

export interface Gpu {
  readonly index: number;
  readonly name: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** Percent of the last second that it worked, where the driver says it. */
  readonly busyPercent: number | undefined;
}

export type GpuLook =
  { readonly kind: "gpus"; readonly driver: string; readonly gpus: readonly Gpu[] } | { readonly kind: "none"; readonly why: string };

const fields = ["index", "name", "memory.total", "memory.free", "utilization.gpu", "driver_version"] as const;
const mebibyte = 1 << 20;

export async function lookForGpus(signal?: AbortSignal, program = "nvidia-smi"): Promise<GpuLook> {
  const args = [`--query-gpu=${fields.join(",")}`, "--format=csv,noheader,nounits"];
  const result = await runProgram(program, args, { signal, milliseconds: 20_000 });
  if (result === undefined) return { kind: "none", why: "There is no NVIDIA driver on this machine (nvidia-smi was not found)." };
  if (result.code !== 0)
    return { kind: "none", why: `nvidia-smi failed: ${(result.lastWords || result.stdout).trim().split("\n").at(-1)}` };
  return parseGpus(result.stdout);
}

/** @param csv one line a GPU, in the order of `fields`, memory in MiB */
export function parseGpus(csv: string): GpuLook {
  const rows = csv
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()))
    .filter((row) => row.length >= fields.length && /^\d+$/.test(row[0] ?? ""));
  if (rows.length === 0) return { kind: "none", why: "The NVIDIA driver names no GPU." };
  const gpus = rows.map(([index, name, total, free, busy]): Gpu => ({
    index: Number(index),
    name: name ?? "",
    totalBytes: (Number(total) || 0) * mebibyte,
    freeBytes: (Number(free) || 0) * mebibyte,
    busyPercent: /^\d+$/.test(busy ?? "") ? Number(busy) : undefined,
  }));
  return { kind: "gpus", driver: rows[0]![fields.length - 1] ?? "", gpus };
}
