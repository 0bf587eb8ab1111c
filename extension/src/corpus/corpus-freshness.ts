/** How stale the corpus is, said in the title of its view: file events name what to look at, blob ids decide. Never a harvest. */
import { join, sep } from "node:path";
import * as vscode from "vscode";
import type { CorpusStaleness } from "@midtrain/protocol/corpus-view";
import type { Engine } from "../client/engine";
import type { Log } from "../platform/log";

/** Long enough for one save or one checkout to arrive as one. */
const settleMilliseconds = 500;
/** A checkout of more files than this is asked of git as a whole. */
const manyFiles = 300;

export class CorpusFreshness implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<CorpusStaleness | undefined>();
  readonly onDidChange = this.changed.event;
  private watching: { readonly directory: string; readonly watcher: vscode.FileSystemWatcher } | undefined;
  private pending = new Set<string>();
  private everything = false;
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(
    private readonly engine: Engine,
    private readonly log: Log,
  ) {}

  /** Watches a harvested folder from now on, beginning with a look at all of it; undefined stops. */
  watch(directory: string | undefined): void {
    if (this.watching?.directory !== directory) {
      this.watching?.watcher.dispose();
      this.watching = directory === undefined ? undefined : { directory, watcher: this.watcherOf(directory) };
    }
    if (directory !== undefined) this.note(undefined);
    else this.changed.fire(undefined);
  }

  private watcherOf(directory: string): vscode.FileSystemWatcher {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(directory), "**/*"));
    const see = ({ fsPath }: vscode.Uri): void => this.see(directory, fsPath);
    watcher.onDidChange(see);
    watcher.onDidCreate(see);
    watcher.onDidDelete(see);
    return watcher;
  }

  private see(directory: string, file: string): void {
    const path = file.slice(join(directory, sep).length);
    if (path.startsWith(`.midtrain${sep}`)) return;
    const inGit = path.startsWith(`.git${sep}`);
    // A commit or a checkout writes HEAD or the index, a tag its ref; the rest of .git says nothing about the corpus.
    const says = [join(".git", "HEAD"), join(".git", "index"), join(".git", "packed-refs")];
    if (inGit && !says.includes(path) && !path.startsWith(join(".git", "refs", "tags", sep))) return;
    this.note(inGit ? undefined : file);
  }

  /** @param file undefined for everything */
  private note(file: string | undefined): void {
    if (file === undefined) this.everything = true;
    else this.pending.add(file);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), settleMilliseconds);
  }

  private async look(): Promise<void> {
    const directory = this.watching?.directory;
    if (directory === undefined || !vscode.workspace.isTrusted) return;
    // One look at a time: what comes meanwhile is looked at next.
    if (this.looking) return this.note(undefined);
    this.looking = true;
    const paths = this.everything || this.pending.size > manyFiles ? undefined : [...this.pending];
    this.pending = new Set();
    this.everything = false;
    try {
      const staleness = await this.engine.request("midtrain/corpusStaleness", { directory, ...(paths && { paths }) });
      this.changed.fire(staleness ?? undefined);
    } catch (error) {
      this.log.error("looking how stale the corpus is", error);
    } finally {
      this.looking = false;
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watching?.watcher.dispose();
  }
}
