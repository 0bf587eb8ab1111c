import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { childEnvironment, equalProducts, offline } from "./child-environment";
import { endInWords, LastWords } from "./last-words";
import { WorkerProcess } from "./worker-process";

/** Stand-ins for the worker in plain Node: what matters here is how a process behaves, not what it computes. */
const directory = mkdtempSync(join(tmpdir(), "midtrain-worker-"));
let scripts = 0;
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function worker(script: string, environment: NodeJS.ProcessEnv = process.env): WorkerProcess {
  const file = join(directory, `worker-${scripts++}.cjs`);
  writeFileSync(file, script);
  const command = { program: process.execPath, arguments: [file], directory, environment, graceMilliseconds: 300 };
  return new WorkerProcess(command, { onEvent: () => undefined, onOutput: () => undefined });
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Answers every request with its own parameters. */
const echo = String.raw`
let text = "";
process.stdin.on("data", (chunk) => {
  text += chunk;
  for (let at; (at = text.indexOf("\r\n\r\n")) >= 0; ) {
    const length = Number(/Content-Length: (\d+)/.exec(text)[1]);
    if (text.length < at + 4 + length) return;
    const { id, method, params } = JSON.parse(text.slice(at + 4, at + 4 + length));
    text = text.slice(at + 4 + length);
    if (method === "hang") return;
    const body = JSON.stringify({ jsonrpc: "2.0", id, result: params });
    process.stdout.write("Content-Length: " + Buffer.byteLength(body) + "\r\n\r\n" + body);
    if (method === "exit") process.exit(0);
  }
});`;

describe("a worker process", () => {
  it("answers, and ends when asked", async () => {
    const process = worker(echo);
    expect(await process.call("step", { rows: [1] }, 60)).toEqual({ rows: [1] });
    await process.end();
    expect(process.alive).toBe(false);
  });

  it("says how it died, and its last words, to whoever waits and to whoever comes later", async () => {
    const process = worker(String.raw`process.stderr.write("Traceback\n  ^^^^\nRuntimeError: no more pages\n", () => process.exit(7));`);
    const expected = {
      reason: "lost",
      message: expect.stringMatching(/exit code 7, at "load"\. Its last words: .*RuntimeError: no more pages/) as string,
    };
    await expect(process.call("load", {}, 60)).rejects.toMatchObject(expected);
    await expect(process.call("step", {}, 60)).rejects.toMatchObject(expected);
  });

  it("is ended when it talks nonsense", async () => {
    for (const nonsense of ["hello\r\n\r\n", "Content-Length: 5\r\n\r\nhello", "Content-Length: 2\r\n\r\n{}"]) {
      const process = worker(`process.stdout.write(${JSON.stringify(nonsense)}); setInterval(() => {}, 1000);`);
      await expect(process.call("load", {}, 60)).rejects.toMatchObject({
        reason: "lost",
        message: expect.stringContaining("protocol") as string,
      });
      await process.end();
      expect(isAlive(process.pid!)).toBe(false);
    }
  });

  it("is ended when it does not answer in time, by force when it does not listen to SIGTERM", async () => {
    for (const script of [echo, `process.on("SIGTERM", () => {});${echo}`]) {
      const process = worker(script);
      await process.call("load", {}, 60);
      await expect(process.call("hang", {}, 0.2)).rejects.toMatchObject({
        reason: "lost",
        message: expect.stringContaining("did not answer within 0.2 s") as string,
      });
      await process.end();
      expect(isAlive(process.pid!)).toBe(false);
    }
  });

  it("names an interpreter that cannot be started", async () => {
    const command = { program: join(directory, "no-python"), arguments: [], directory, environment: {} };
    const process = new WorkerProcess(command, { onEvent: () => undefined, onOutput: () => undefined });
    await expect(process.call("load", {}, 60)).rejects.toMatchObject({
      reason: "lost",
      message: expect.stringContaining("could not be started") as string,
      next: expect.stringContaining("no-python") as string,
    });
    await process.end();
  });

  it("runs offline and without telemetry, whatever its parent's environment says", async () => {
    const environment = childEnvironment(directory, { ...process.env, HF_HUB_OFFLINE: "0", PYTHONPATH: "/somewhere" });
    const child = worker(`process.stderr.write(JSON.stringify(process.env), () => process.exit(1));`, environment);
    const error = await child.call("load", {}, 60).catch((reason: Error) => reason);
    const seen = (error as Error).message;
    for (const [name, value] of Object.entries(offline)) expect(seen).toContain(`"${name}":"${value}"`);
    expect(Object.keys(offline)).toEqual(
      expect.arrayContaining(["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE", "DO_NOT_TRACK"]),
    );
    expect(seen).not.toContain("/somewhere");
  });
});

describe("equal products", () => {
  it("ask for the widest instructions that are there", () => {
    expect(equalProducts("flags : avx avx2 avx512f")).toEqual({ MKL_CBWR: "AVX512,STRICT" });
    expect(equalProducts("flags : avx avx2")).toEqual({ MKL_CBWR: "AVX2,STRICT" });
    expect(equalProducts("")).toEqual({});
  });
});

describe("last words", () => {
  it("are the end, in lines that say something", () => {
    const words = new LastWords();
    words.add("x".repeat(20_000));
    words.add("\n  File a\n    ^^^^\nMemoryError\n\n");
    expect(words.lines.endsWith("| File a | MemoryError")).toBe(true);
    expect(endInWords(null, "SIGKILL")).toContain("memory");
    expect(endInWords(null, "SIGSEGV")).toContain("SIGSEGV");
  });
});
