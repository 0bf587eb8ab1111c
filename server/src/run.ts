/** Entry point: the controller of one run, `node run.js <run directory>`. Started detached by launchRun; survives whoever started it. */
import { constants, setPriority } from "node:os";
import { describeError, exitCodeOf } from "@midtrain/protocol/errors";
import { chooseDevice } from "./backends";
import { createExecutor } from "./executors";
import { readIdentity, runController, type Inbox } from "./training";

async function main(directory: string | undefined): Promise<void> {
  if (directory === undefined) {
    process.stderr.write("Usage: node run.js <run directory>\n");
    process.exitCode = 2;
    return;
  }
  process.title = `midtrain run ${directory}`;
  let inbox: Inbox | undefined;
  const pause = (): void => {
    // Before there is an inbox nothing is worth a checkpoint.
    if (inbox === undefined) process.exit(130);
    inbox.ask("pause");
  };
  process.on("SIGTERM", pause);
  process.on("SIGINT", pause);
  stayInTheBackground();
  try {
    const { executor, processes } = readIdentity(directory).recipe;
    const device = executor === "torch" ? await chooseDevice(undefined, process.env, processes) : undefined;
    const environment = { ...process.env, ...device?.environment };
    await runController(directory, {
      createExecutor: ({ recipe }) =>
        createExecutor(recipe.executor, { environment, processes, onOutput: (text) => process.stderr.write(text) }),
      now: () => new Date(),
      notes: device?.words === undefined ? [] : [device.words],
      onInbox: (opened) => {
        inbox = opened;
      },
    });
  } catch (error) {
    process.stderr.write(`${new Date().toISOString()} ${describeError(error)}\n`);
    if (error instanceof Error && error.name !== "MidtrainError") process.stderr.write(`${error.stack ?? ""}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

/** The editor, and whatever else its user does, comes first. */
function stayInTheBackground(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: then it runs as the others do.
  }
}

void main(process.argv[2]);
