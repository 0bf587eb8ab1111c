import { homedir } from "node:os";
import { join } from "node:path";

/** Where this user's programs keep what can be made again: one place for all workspaces. */
export function userCache(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const { MIDTRAIN_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (MIDTRAIN_CACHE) return MIDTRAIN_CACHE;
  if (platform === "win32") return join(LOCALAPPDATA || join(homedir(), "AppData", "Local"), "midtrain");
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, "midtrain");
  return platform === "darwin" ? join(homedir(), "Library", "Caches", "midtrain") : join(homedir(), ".cache", "midtrain");
}
