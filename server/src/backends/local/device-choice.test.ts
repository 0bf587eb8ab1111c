import { describe, expect, it } from "vitest";
import { choiceAmong } from "./device-choice";
import { parseGpus } from "./gpus";

const two = parseGpus("0, NVIDIA A, 81920, 1024, 97, 570.1\n1, NVIDIA A, 81920, 80000, 0, 570.1\n");
const mixed = parseGpus("0, NVIDIA A, 81920, 80000, 0, 570.1\n1, NVIDIA B, 24576, 24000, 0, 570.1\n");
const one = parseGpus("0, NVIDIA A, 81920, 80000, 0, 570.1\n");
const none = { kind: "none", why: "no driver" } as const;

describe("choiceAmong", () => {
  it("takes the freest of several, says so, and counts as nvidia-smi does", () => {
    const choice = choiceAmong(two, {}, 1e9);
    expect(choice.place).toEqual({ device: "cuda", name: "GPU 1 (NVIDIA A)", freeBytes: 80000 * 2 ** 20 });
    expect(choice.environment).toEqual({ CUDA_VISIBLE_DEVICES: "1", CUDA_DEVICE_ORDER: "PCI_BUS_ID" });
    expect(choice.words).toBe("NVIDIA A, GPU 1 of 2, has the most free memory and is used; CUDA_VISIBLE_DEVICES chooses another.");
  });

  it("changes nothing where there is no choice, or where the user made it", () => {
    expect(choiceAmong(one, {}, 1e9)).toMatchObject({ place: { name: "GPU 0 (NVIDIA A)" }, environment: {}, words: undefined });
    expect(choiceAmong(two, { CUDA_VISIBLE_DEVICES: "0,1" }, 1e9)).toMatchObject({ place: { name: "GPU 0 (NVIDIA A)" }, environment: {} });
  });

  it("is on the CPU where nothing is there or left", () => {
    expect(choiceAmong(none, {}, 5e9).place).toEqual({ device: "cpu", name: "the CPU", freeBytes: 5e9 });
    for (const asked of ["", "-1", "7"]) {
      const choice = choiceAmong(two, { CUDA_VISIBLE_DEVICES: asked }, 5e9);
      expect(choice.place.device).toBe("cpu");
      expect(choice.words).toContain("leaves no GPU");
    }
  });

  it("takes the freest for several processes, each as large as the least free allows, and says when there are too few", () => {
    const choice = choiceAmong(two, {}, 1e9, 2);
    expect(choice.place).toEqual({ device: "cuda", name: "each of GPUs 1, 0", freeBytes: 1024 * 2 ** 20 });
    expect(choice.environment).toMatchObject({ CUDA_VISIBLE_DEVICES: "1,0" });
    expect(choice.words).toBe("All 2 GPUs are used; CUDA_VISIBLE_DEVICES chooses others.");
    expect(choiceAmong(mixed, { CUDA_VISIBLE_DEVICES: "0,1", CUDA_DEVICE_ORDER: "PCI_BUS_ID" }, 1e9, 2)).toMatchObject({
      place: { freeBytes: 24000 * 2 ** 20 },
      environment: {},
    });
    expect(() => choiceAmong(two, { CUDA_VISIBLE_DEVICES: "1" }, 1e9, 2)).toThrow(
      "wants 2 processes with a GPU each, and there is one GPU",
    );
    expect(choiceAmong(none, {}, 6e9, 2).place).toMatchObject({ device: "cpu", freeBytes: 3e9 });
  });

  it("promises no more than the least free one where the variable's order or names are not the list's", () => {
    const free = (environment: NodeJS.ProcessEnv): number => choiceAmong(mixed, environment, 1e9).place.freeBytes / 2 ** 20;
    expect(free({ CUDA_VISIBLE_DEVICES: "0" })).toBe(24000);
    expect(free({ CUDA_VISIBLE_DEVICES: "0", CUDA_DEVICE_ORDER: "PCI_BUS_ID" })).toBe(80000);
    expect(free({ CUDA_VISIBLE_DEVICES: "GPU-1234" })).toBe(24000);
  });
});
