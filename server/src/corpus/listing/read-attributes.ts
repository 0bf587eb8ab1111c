import { nothingSet, parseAttributeAnswers, parseAttributeKey, type AttributeKey, type PathAttributes } from "./attributes";
import type { AttributeSources } from "./attribute-sources";
import { readCheckedFile, writeCheckedFile, type CacheFile } from "./checked-file";
import { requireGit } from "./git";
import { findCredentials } from "../sensitive/sensitive-scan";
import type { PathName } from "./path-names";

/** One `git check-attr` for these paths. `-a` answers with what is set only: a twentieth of the output of naming the attributes. */
async function askGit(directory: string, names: readonly PathName[], signal?: AbortSignal): Promise<AttributeKey[]> {
  if (names.length === 0) return [];
  const nul = Buffer.from([0]);
  const input = Buffer.concat(names.flatMap((name) => [name.bytes ?? Buffer.from(name.path, "utf8"), nul]));
  return parseAttributeAnswers(await requireGit(directory, ["check-attr", "-z", "-a", "--stdin"], { input, signal }), names);
}

/** Remembered answers: groups of `<attributes as key>NUL<path>NUL…NUL`, each ended by an empty field. */
function parseRemembered(body: Buffer): Map<string, AttributeKey> {
  const known = new Map<string, AttributeKey>();
  let key: AttributeKey | undefined;
  for (const field of body.toString("utf8").split("\0")) {
    if (key === undefined) key = field === "-" ? "" : field;
    else if (field === "") key = undefined;
    else known.set(field, key);
  }
  return known;
}

/** What is remembered is written down: a path that holds a credential is asked again instead, like one that is no UTF-8. */
function isRemembered(name: PathName): boolean {
  return name.bytes === undefined && findCredentials(name.path).length === 0;
}

function formatRemembered(names: readonly PathName[], keys: readonly AttributeKey[]): Buffer {
  const groups = new Map<AttributeKey, string[]>();
  names.forEach((name, at) => {
    if (!isRemembered(name) || findCredentials(keys[at]!).length > 0) return;
    const group = groups.get(keys[at]!);
    if (group === undefined) groups.set(keys[at]!, [name.path]);
    else group.push(name.path);
  });
  return Buffer.from([...groups].map(([key, paths]) => `${key === "" ? "-" : key}\0${paths.join("\0")}\0\0`).join(""));
}

/**
 * Attributes of every path, from the cache where its key says that nothing they depend on has changed; unknown paths are asked alone.
 * Paths that are no UTF-8 are always asked: they are few.
 */
export async function readAttributes(
  directory: string,
  names: readonly PathName[],
  sources: AttributeSources,
  cache: CacheFile,
  signal?: AbortSignal,
): Promise<PathAttributes[]> {
  if (!sources.saySomething) return names.map(() => nothingSet);
  const body = readCheckedFile(cache, sources.key);
  const known = body === undefined ? new Map<string, AttributeKey>() : parseRemembered(body);
  const keys = names.map((name) => (name.bytes === undefined ? known.get(name.path) : undefined));
  const unknown = names.filter((_, at) => keys[at] === undefined);
  const answers = await askGit(directory, unknown, signal);
  let answer = 0;
  const complete = keys.map((key): AttributeKey => key ?? answers[answer++]!);
  if (unknown.some(isRemembered)) writeCheckedFile(cache, sources.key, formatRemembered(names, complete));
  const meanings = new Map<AttributeKey, PathAttributes>();
  return complete.map((key) => {
    const meaning = meanings.get(key) ?? parseAttributeKey(key);
    meanings.set(key, meaning);
    return meaning;
  });
}
