import { posix } from "node:path";
import type { DocumentClass } from "@midtrain/protocol/corpus";
import { isKnownLanguage, languageKind, unknownLanguage } from "./languages";

const testDirectory =
  /(^|\/)(tests?|__tests__|testing|testdata|test[-_]data|specs?|e2e|fixtures?|__fixtures__|__mocks__|mocks?|integration[-_]tests?|unit[-_]tests?|androidtest|selftests?)\//i;
/** Prose here is about the software, whatever the sub-directory is called. */
const documentDirectory = /(^|\/)(docs?|documentation)\//i;
const testName =
  /(^|\/)((?:self)?tests?[-_][^/]*\.[^/.]+|conftest\.py|[^/]*[._-](test|tests|spec|specs|e2e|it|cy)\.[^/.]+|[^/]*_(test|tests|spec|unittest)\.[^/.]+|[^/]*[a-z0-9](Test|Tests|TestCase|IT|Spec)\.(java|kt|scala|groovy|cs|swift|php|m|mm|vb|fs|dart|hs)|Test[A-Z][^/]*\.(java|kt|scala|cs|php|swift)|t\/[^/]*\.t|test[^/.]*\.(sh|bats|exs))$/;

const changelogName =
  /^(changelog|changes|change[-_]?log|history|news|whatsnew|what[-_]?s[-_]?new|release[-_]?notes?|releases|release[-_]?history)([-_.].*)?$/i;
const changelogDirectory = /(^|\/)(changelogs?|changelog\.d|changes|newsfragments|\.changeset|release[-_]?notes?|releases|whatsnew)\//i;
const runbookName =
  /(?:^|[-_. ])(run[-_ ]?books?|play[-_ ]?books?|on[-_ ]?call|incident|post[-_ ]?mortem|disaster[-_ ]?recovery|troubleshoot|escalation|rollback[-_ ]?plan)/i;
const runbookDirectory = /(^|\/)(run[-_]?books?|play[-_]?books?|on[-_]?call|sops?|incidents?|post[-_]?mortems?|operations|ops)\//i;

/** A file whose name says that it is to be copied and filled in. */
const templateName = /(^|[._-])(example|sample|template|tmpl|tpl|dist|skel)(\.[^/.]+)?$/i;

/**
 * Class of a document by path and language (DESIGN §3: source, test, documentation, changelog, runbook, config-template).
 * `documented` is a linguist-documentation attribute: it turns prose and code of a directory into documentation, or off.
 */
export function classOf(path: string, language: string, documented?: boolean, isKnown = isKnownLanguage(path)): DocumentClass {
  const name = posix.basename(path);
  // A home-grown file type is far more often code or configuration than documentation.
  const kind = language === unknownLanguage && name.includes(".") && !isKnown ? "code" : languageKind(language);
  if (documented === true) return "documentation";
  if (kind === "prose") {
    if (changelogName.test(name) || changelogDirectory.test(path)) return "changelog";
    if (runbookName.test(name) || runbookDirectory.test(path)) return "runbook";
    return testDirectory.test(path) && !documentDirectory.test(path) && documented !== false && !/\.(md|rst|adoc)$/i.test(name)
      ? "test"
      : "documentation";
  }
  if (testName.test(path) || testDirectory.test(path)) return "test";
  if (kind === "config" || kind === "data") return "config-template";
  return templateName.test(name) && !name.endsWith(".in") && language === unknownLanguage ? "config-template" : "source";
}
