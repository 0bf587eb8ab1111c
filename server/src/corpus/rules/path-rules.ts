import picomatch from "picomatch";
import type { ResolvedCorpusConfig } from "../corpus-config";
import type { ListedFile } from "../listing/list-git";
import { languageByPath } from "./languages";
import { isGeneratedPath, isVendoredPath } from "./linguist-paths";
import {
  binaryExtensions,
  foreignLicenceName,
  generatedPath,
  keyFile,
  licenceName,
  lockNames,
  minifiedName,
  vendoredName,
  vendoredPath,
} from "./path-tables";

export interface Reject {
  readonly rule: string;
  readonly reason: string;
}

/** Rules that need only the path and its attributes: what they reject is never read. */
export interface PathRules {
  reject(file: ListedFile): Reject | undefined;
  /** True when corpus.include overrides every rule that judges what a file is. */
  isForced(path: string): boolean;
}

/** What a person or the state of the file decides: `corpus.rulesOff` does not reach these. */
const alwaysOn = new Set(["excluded", "unmerged", "attribute-midtrain", "marker-midtrain", "empty", "encoding"]);

/** True for rules that `corpus.rulesOff` names and may switch off. */
export function offRules(config: Pick<ResolvedCorpusConfig, "rulesOff">): ReadonlySet<string> {
  return new Set(config.rulesOff.filter((rule) => !alwaysOn.has(rule)));
}

/** A glob that brace-expands or nests without end must not stop a harvest: picomatch throws on what is no glob. */
export function globTester(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  return picomatch([...globs], { dot: true, nonegate: true });
}

/**
 * Path rules of a configuration, in order of authority: the configuration, git attributes, then names.
 * An attribute that is switched off (`-linguist-vendored`) switches the matching name rule off too.
 */
export function makePathRules(config: ResolvedCorpusConfig): PathRules {
  const isForced = globTester(config.include);
  const isExcluded = globTester(config.exclude);
  const off = offRules(config);
  return {
    isForced: (path) => isForced(path),
    reject: (file) => {
      const { path, attributes } = file;
      if (path.startsWith(".midtrain/")) return { rule: "excluded", reason: "Midtrain's own files are not learned from." };
      if (isExcluded(path)) return { rule: "excluded", reason: "A glob of corpus.exclude matches the path." };
      if (attributes.midtrain === "unset")
        return { rule: "attribute-midtrain", reason: "The attribute midtrain is off: do not train on this file." };
      if (file.index?.unmerged) return { rule: "unmerged", reason: "The file has an unresolved merge conflict." };
      if (isForced(path)) return undefined;
      return checks.map((check) => check(file)).find((reject) => reject !== undefined && !off.has(reject.rule));
    },
  };
}

type PathCheck = (file: ListedFile) => Reject | undefined;

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/** `LICENSES/GPL-2.0`, `licenses/mit.txt`; code may stand in a directory of that name too. */
function isInLicences(path: string): boolean {
  if (!/(^|\/)licen[cs]es\//i.test(path)) return false;
  const kind = languageByPath(path).language?.kind;
  return kind === undefined || kind === "prose";
}

/** Asked in this order; the first that answers names the rule. */
const checks: readonly PathCheck[] = [
  ({ attributes }) =>
    attributes.generated === "set" ? { rule: "attribute-generated", reason: "The attribute linguist-generated is set." } : undefined,
  ({ attributes }) =>
    attributes.vendored === "set" ? { rule: "attribute-vendored", reason: "The attribute linguist-vendored is set." } : undefined,
  ({ attributes }) => (attributes.binary === "set" ? { rule: "attribute-binary", reason: "The attribute binary is set." } : undefined),
  ({ path, attributes }) =>
    attributes.generated !== "unset" && lockNames.has(baseName(path).toLowerCase())
      ? { rule: "lock-file", reason: "Lock files are written by a package manager." }
      : undefined,
  ({ path, attributes }) =>
    attributes.generated !== "unset" && minifiedName.test(baseName(path))
      ? { rule: "minified", reason: "The name says that the file is minified or bundled." }
      : undefined,
  ({ path, attributes }) =>
    attributes.vendored !== "unset" && (vendoredPath.test(path) || vendoredName.test(path) || isVendoredPath(path))
      ? { rule: "vendored", reason: "The path says that the file was copied from elsewhere." }
      : undefined,
  ({ path, attributes }) =>
    attributes.generated !== "unset" && (generatedPath.test(path) || isGeneratedPath(path))
      ? { rule: "generated", reason: "The name says that a program wrote the file." }
      : undefined,
  ({ path }) =>
    licenceName.test(baseName(path)) || foreignLicenceName.test(baseName(path)) || isInLicences(path)
      ? { rule: "licence-text", reason: "Licence texts say nothing about this repository." }
      : undefined,
  ({ path }) => (keyFile.test(path) ? { rule: "key-file", reason: "Files with this name hold keys." } : undefined),
  ({ path }) =>
    binaryExtensions.has(extensionOf(baseName(path))) ? { rule: "binary", reason: "Files with this ending are not text." } : undefined,
];
