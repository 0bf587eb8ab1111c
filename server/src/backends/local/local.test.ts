import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { embeddedBaseDirectory } from "../../config";
import { initializeModel } from "../../executors";
import { userCache } from "../../platform/user-cache";
import { lookForGpus, parseGpus } from "./gpus";
import { isRecent, lookAtInterpreter } from "./interpreters";
import { describeModel, listModels } from "./model-list";
import { uvVariables } from "./pip-settings";
import { runProgram } from "./run-program";
import { lookAtEnvironment } from "./training-environment";

let place = "";
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "midtrain-local-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

describe("runProgram", () => {
  it("gives output, last words and code; undefined where there is no such program", async () => {
    const script = "process.stdout.write('out'); console.error('first'); console.error('last'); process.exit(3)";
    expect(await runProgram(process.execPath, ["-e", script])).toEqual({ code: 3, stdout: "out", lastWords: "first\nlast" });
    expect(await runProgram(join(place, "nothing"), [])).toBeUndefined();
  });

  it("ends with a cancellation, and leaves no process behind", async () => {
    const abort = new AbortController();
    const lines: string[] = [];
    const running = runProgram(process.execPath, ["-e", "console.error(process.pid); setInterval(() => 0, 1000)"], {
      signal: abort.signal,
      stage: "waiting",
      onLine: (line) => {
        lines.push(line);
        abort.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ reason: "cancelled", message: "Cancelled during waiting." });
    expect(() => process.kill(Number(lines[0]), 0)).toThrow();
  });

  it("ends a program that takes too long", async () => {
    const result = await runProgram(process.execPath, ["-e", "setInterval(() => 0, 1000)"], { milliseconds: 50 });
    expect(result?.code).toBeUndefined();
  });
});

describe("GPUs", () => {
  it("are read from the driver's table", () => {
    const csv = "0, NVIDIA H100 80GB HBM3, 81559, 81000, 0, 570.86\n1, NVIDIA H100 80GB HBM3, 81559, 1000, 97, 570.86\n";
    const look = parseGpus(csv);
    expect(look).toMatchObject({ kind: "gpus", driver: "570.86" });
    expect(look.kind === "gpus" && look.gpus.map(({ index, freeBytes, busyPercent }) => [index, freeBytes, busyPercent])).toEqual([
      [0, 81000 * 2 ** 20, 0],
      [1, 1000 * 2 ** 20, 97],
    ]);
  });

  it("are none without a driver, with a driver that fails, and with a table of nothing", async () => {
    expect(await lookForGpus(undefined, join(place, "nvidia-smi"))).toMatchObject({
      kind: "none",
      why: expect.stringContaining("not found"),
    });
    expect(await lookForGpus(undefined, process.execPath)).toMatchObject({ kind: "none", why: expect.stringContaining("failed") });
    expect(parseGpus("")).toMatchObject({ kind: "none" });
    expect(parseGpus("0, X, [N/A], [N/A], [N/A], 1\n")).toMatchObject({ kind: "gpus", gpus: [{ totalBytes: 0, busyPercent: undefined }] });
  });
});

describe("interpreters", () => {
  it("must be recent", () => {
    expect(["3.11.0", "3.12.4", "3.20.1", "4.0.0"].every(isRecent)).toBe(true);
    expect(["2.7.18", "3.8.10", "3.10.9"].some(isRecent)).toBe(false);
  });

  it("that are no Python, or not there, are told apart", async () => {
    expect(await lookAtInterpreter(join(place, "python"))).toMatchObject({
      kind: "no-interpreter",
      why: expect.stringContaining("not found"),
    });
    expect(await lookAtInterpreter(process.execPath)).toMatchObject({
      kind: "no-interpreter",
      why: expect.stringContaining("not a working Python"),
    });
  });

  it("that the user chose and that cannot train make the environment unsuitable", async () => {
    const lock = join(place, "requirements.txt");
    writeFileSync(lock, "torch==1\n");
    expect(await lookAtEnvironment(lock, join(place, "python"))).toMatchObject({ kind: "unsuitable" });
  });
});

describe("pip's settings", () => {
  it("become uv's, where uv has none of its own", () => {
    const listing = "global.index-url='https://index.example/simple'\n:env:.cert='/etc/ca.pem'\nglobal.timeout='60'\n";
    expect(uvVariables(listing, {})).toEqual({ UV_DEFAULT_INDEX: "https://index.example/simple", SSL_CERT_FILE: "/etc/ca.pem" });
    expect(uvVariables(listing, { UV_DEFAULT_INDEX: "https://own.example" })).toEqual({ SSL_CERT_FILE: "/etc/ca.pem" });
  });
});

describe("the user's cache", () => {
  it("is where the platform has it", () => {
    expect(userCache({ XDG_CACHE_HOME: "/c" }, "linux")).toBe("/c/midtrain");
    expect(userCache({}, "darwin").endsWith(join("Library", "Caches", "midtrain"))).toBe(true);
    expect(userCache({ LOCALAPPDATA: "/l" }, "win32")).toBe(join("/l", "midtrain"));
    expect(userCache({ MIDTRAIN_CACHE: "/own" }, "linux")).toBe("/own");
  });
});

describe("models", () => {
  it("are described without being loaded: parameters, licence, what stands in the way", () => {
    const base = describeModel(embeddedBaseDirectory(), "midtrain-base", "embedded");
    expect(base).toMatchObject({ architecture: "LlamaForCausalLM", problems: [], executors: ["onnx", "torch"] });
    expect(base.parameters).toBeGreaterThan(1e6);
    const model = join(place, "acme-7b-instruct");
    mkdirSync(model);
    writeFileSync(join(model, "config.json"), JSON.stringify({ architectures: ["AcmeForCausalLM"], auto_map: { AutoModel: "x.py" } }));
    writeFileSync(join(model, "pytorch_model.bin"), "");
    writeFileSync(join(model, "README.md"), "---\nlicense: apache-2.0\n---\n# Acme\n");
    const described = describeModel(model, "acme-7b-instruct", "folder");
    expect(described).toMatchObject({ tuning: "instruct", licence: "apache-2.0", executors: [] });
    expect(described.problems).toEqual([
      "It asks for code of its own (auto_map), which is never run.",
      "Its weights are pickled; only safetensors are read.",
      "It has no tokenizer.json.",
    ]);
  });

  it("are found in folders; a truncated one is listed with its problem", () => {
    const model = join(place, "models", "tiny");
    const config = {
      architectures: ["LlamaForCausalLM"],
      vocab_size: 64,
      hidden_size: 16,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      intermediate_size: 32,
      max_position_embeddings: 64,
    };
    initializeModel({ directory: model, config, seed: 1 });
    const found = listModels([join(place, "models")], { HF_HOME: join(place, "none"), XDG_CACHE_HOME: join(place, "none") });
    expect(found.map(({ name }) => name)).toEqual(["midtrain-base", "tiny"]);
    writeFileSync(join(model, "model.safetensors"), "xx");
    expect(describeModel(model, "tiny", "folder").problems.length).toBeGreaterThan(1);
  });
});
