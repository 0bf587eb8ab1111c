import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface WholeProcess {
  readonly status: number | undefined;
  readonly wall: number;
  /** Seconds of user and system time, children included. */
  readonly cpu: number;
  /** Largest resident size of the process and its children together, in MB, sampled; undefined where there is no /proc. */
  readonly peak: number | undefined;
}

const sampleMilliseconds = 40;
const pageBytes = 4096;

/** Resident bytes of a process and all below it. */
function residentOf(pid: number): number {
  try {
    const own = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * pageBytes;
    const threads = readdirSync(`/proc/${pid}/task`);
    const children = threads.flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").trim().split(" "));
    return children.filter((child) => child !== "").reduce((sum, child) => sum + residentOf(Number(child)), own);
  } catch {
    // It ended meanwhile, or this system has no /proc.
    return 0;
  }
}

/** User and system seconds of the children of a shell, from what its `times` printed. */
function childSeconds(times: string): number {
  const children = times.trim().split("\n").at(-1) ?? "";
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}

/** Runs a shell command to its end, or ends it after `limitSeconds`; its output is thrown away. */
export async function wholeProcess(command: string, limitSeconds = Infinity): Promise<WholeProcess> {
  const place = mkdtempSync(join(tmpdir(), "midtrain-times-"));
  const file = join(place, "times");
  try {
    const started = performance.now();
    // Node does not tell what a child used; the shell that waits for it does. The signal of the limit goes to the command alone.
    const script = `trap : TERM; ( ${command} ) > /dev/null 2>&1 & wait $!; status=$?; kill $! 2> /dev/null; wait $! 2> /dev/null; times > "$0"; exit $status`;
    const child = spawn("bash", ["-c", script, file], { stdio: "ignore", detached: true });
    let peak = 0;
    const sampling = setInterval(() => (peak = Math.max(peak, residentOf(child.pid!))), sampleMilliseconds);
    const limit = limitSeconds === Infinity ? undefined : setTimeout(() => process.kill(-child.pid!, "SIGTERM"), limitSeconds * 1000);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? undefined));
    });
    clearInterval(sampling);
    clearTimeout(limit);
    const wall = (performance.now() - started) / 1000;
    return { status, wall, cpu: childSeconds(readFileSync(file, "utf8")), peak: peak === 0 ? undefined : peak / 1e6 };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
