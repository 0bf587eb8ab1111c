import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { acquireRunLock, livingOwner } from "./run-lock";

const lockFile = (): string => join(mkdtempSync(join(tmpdir(), "midtrain-lock-")), "controller.lock");

describe("run lock", () => {
  it("lets one controller in, names it to the second, and leaves nothing behind", () => {
    const file = lockFile();
    const lock = acquireRunLock(file);
    expect(() => acquireRunLock(file)).toThrow(`Another controller (process ${process.pid} on ${hostname()})`);
    expect(livingOwner(file)?.pid).toBe(process.pid);
    lock.release();
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(dirname(file))).toEqual([]);
    acquireRunLock(file).release();
  });

  it("takes over from a process that was killed", async () => {
    const file = lockFile();
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    writeFileSync(file, JSON.stringify({ pid: child.pid, host: hostname(), startedAt: "" }));
    expect(() => acquireRunLock(file)).toThrow("Another controller");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(livingOwner(file)).toBeUndefined();
    const lock = acquireRunLock(file);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it.skipIf(!existsSync("/proc/self/stat"))("needs /proc: is not fooled by a recycled process id", () => {
    const file = lockFile();
    writeFileSync(file, JSON.stringify({ pid: process.pid, host: hostname(), startedAt: "1" }));
    expect(livingOwner(file)).toBeUndefined();
    acquireRunLock(file).release();
  });

  it("takes over a lock file that was cut off, and does not remove a lock that is no longer its own", () => {
    const file = lockFile();
    writeFileSync(file, '{"pid":');
    const lock = acquireRunLock(file);
    writeFileSync(file, JSON.stringify({ pid: 1, host: "elsewhere", startedAt: "" }));
    lock.release();
    expect(livingOwner(file)?.host).toBe("elsewhere");
  });
});
