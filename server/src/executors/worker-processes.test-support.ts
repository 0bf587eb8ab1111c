import { existsSync, readFileSync } from "node:fs";

/** Tensor workers that this process started and that are alive; needs /proc. */
export function workerProcesses(): readonly number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  return children.filter((pid) => {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) && readFileSync(file, "utf8").includes("midtrain_trainer");
  });
}
