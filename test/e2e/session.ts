/** One workbench with the packaged extension on a repository of its own, opened and closed with a file's tests; a failed test leaves picture and logs. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { fixtureRepository } from "./fixture-repository";
import { WorkbenchPage } from "./workbench-page";
import { keepLogs, projectRoot, startWorkbench, type WorkbenchServer } from "./workbench-server";

export interface SessionOptions {
  /** What its pictures and logs of failures are called by. */
  readonly name: string;
  readonly package?: "linux-x64" | "universal";
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment variables of the extension's processes. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Files beside the project's own sources, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

interface HowToOpen {
  /** false: Restricted Mode. */
  readonly trusted?: boolean;
  /** Directories of an earlier server, to go on with. */
  readonly runDirectory?: string;
}

export interface Session {
  repository: string;
  server: WorkbenchServer;
  workbench: WorkbenchPage;
  /** Another window on the same repository and server. */
  reopenWindow(): Promise<void>;
}

function emptySession(): Session {
  const session = {
    reopenWindow: async () => {
      session.workbench = await WorkbenchPage.open(session.server, session.repository);
    },
  } as Session;
  return session;
}

/** Closes what is open and forgets the repository; what never opened is no second failure. */
async function close(session: Partial<Session>): Promise<void> {
  await session.workbench?.close();
  await session.server?.stop();
  if (session.repository !== undefined) rmSync(session.repository, { recursive: true, force: true });
}

// onTestFailed comes too late for this: it runs after the hooks that close the workbench.
function keepWhatFailed(session: Session, name: string): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    const title = `${name}-${task.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`.slice(0, 80);
    await session.workbench?.screenshot(`failed-${title}`).catch(() => undefined);
    if (session.server !== undefined) keepLogs(session.server, title);
  });
}

async function openWorkbench(session: Session, options: SessionOptions & HowToOpen): Promise<void> {
  const vsix = join(projectRoot, ".cache", "package", `midtrain-${options.package ?? "linux-x64"}.vsix`);
  session.server = await startWorkbench({ ...options, vsix });
  await session.reopenWindow();
}

/** One workbench for all tests of the surrounding `describe`. */
export function sharedSession(options: SessionOptions): Session {
  const session = emptySession();
  beforeAll(async () => {
    session.repository = fixtureRepository(options.files);
    await openWorkbench(session, options);
  }, 180_000);
  keepWhatFailed(session, options.name);
  afterAll(() => close(session));
  return session;
}

/** A repository of its own for each test, which opens the workbench itself. */
export function sessionPerTest(options: SessionOptions): Session & { open(how?: HowToOpen): Promise<void> } {
  const session = emptySession();
  beforeEach(() => {
    session.repository = fixtureRepository(options.files);
  });
  // Hooks after a test run last first: what failed is kept before the workbench closes.
  afterEach(() => close(session));
  keepWhatFailed(session, options.name);
  return Object.assign(session, { open: (how: HowToOpen = {}) => openWorkbench(session, { ...options, ...how }) });
}
