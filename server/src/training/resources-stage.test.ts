import { describe, expect, it } from "vitest";
import { resourcesText } from "@midtrain/protocol/words";
import { resourcesOf } from "./resources-stage";

const gpu = { name: "NVIDIA A", total: 80e9, free: 50e9, allocated: 10e9, reserved: 20e9, peak: 24e9, peakAllocated: 22e9 };

describe("resourcesOf", () => {
  it("speaks of the GPU where there is one, else of the worker's memory", () => {
    const onGpu = resourcesOf({ host: { held: 3e9, peak: 4e9 }, device: gpu }, 0, 0.412);
    expect(onGpu).toEqual({ device: "NVIDIA A", usedBytes: 30e9, totalBytes: 80e9, peakBytes: 24e9, stepSeconds: 0.412 });
    expect(resourcesText(onGpu!)).toBe("NVIDIA A, 30.0 GB of 80.0 GB in use, peak 24.0 GB, 0.412 s a step");
    const onCpu = resourcesOf({ host: { held: 3e9, peak: 4e9 } }, 0, undefined);
    expect(resourcesText(onCpu!)).toBe("CPU, 3.00 GB in use, peak 4.00 GB");
  });

  it("keeps the highest peak of the run, and says nothing where the system tells nothing", () => {
    expect(resourcesOf({ host: { held: 3e9, peak: 4e9 } }, 9e9, undefined)?.peakBytes).toBe(9e9);
    expect(resourcesOf({ host: { peak: 4e9 } }, 0, undefined)).toMatchObject({ usedBytes: 4e9, peakBytes: 4e9 });
    expect(resourcesOf({ host: {} }, 0, 1)).toBeUndefined();
  });
});
