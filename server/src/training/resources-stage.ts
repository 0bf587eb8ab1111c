/** What the run uses of its device: asked between steps, at evaluations, never in one. */
import type { MemoryReport } from "@midtrain/protocol/executor";
import type { RunResources } from "@midtrain/protocol/run";
import { emit, type Work } from "./controller-work";

/** Into the record and into state.json; nothing where the executor has no process of its own. */
export async function reportResources(work: Work): Promise<void> {
  const report = await work.session.executor.memory?.();
  if (report === undefined) return;
  const stepSeconds = work.tokensPerSecond > 0 ? work.plan.tokensPerStep / work.tokensPerSecond : undefined;
  const resources = resourcesOf(report, work.status.current.resources?.peakBytes ?? 0, stepSeconds);
  if (resources === undefined) return;
  emit(work, { type: "resources", step: work.state.step, resources });
  work.status.update({ resources });
}

/** Pure. @param peakBefore the most that earlier reports of the run told */
export function resourcesOf({ host, device }: MemoryReport, peakBefore: number, stepSeconds: number | undefined): RunResources | undefined {
  const time = stepSeconds === undefined ? {} : { stepSeconds };
  if (device !== undefined) {
    const { name, total, free, peak } = device;
    return { device: name, usedBytes: total - free, totalBytes: total, peakBytes: Math.max(peakBefore, peak), ...time };
  }
  const used = host.held ?? host.peak;
  if (used === undefined) return undefined;
  return { device: "CPU", usedBytes: used, peakBytes: Math.max(peakBefore, host.peak ?? used), ...time };
}
