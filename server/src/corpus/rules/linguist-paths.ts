import { linguistTables } from "../../../../.cache/linguist-tables.mjs";

/**
 * Linguist counts code for a statistic; here a rule loses a file for good. Its expressions are believed where they match none of these
 * paths, each of which people write by hand: build tools named dist, caches, fixtures, editor and CI settings, declarations.
 */
const handWritten = [
  "src/cmd/dist/build.go",
  "src/cache/lru.ts",
  "src/env/settings.py",
  "src/external/client.ts",
  "src/externs/api.ts",
  "dist/index.html",
  "configure",
  "testdata/input.txt",
  "test/fixtures/case.json",
  "spec/fixtures/case.yml",
  "inst/extdata/table.R",
  "debian/rules",
  "docs/templates/page.html",
  "docs/theme/layout.html",
  "docs/static/site.css",
  "docs/build/index.md",
  "packages/core/v2.0/index.ts",
  "types/index.d.ts",
  "fabfile.py",
  "Jenkinsfile",
  "Vagrantfile",
  "proguard-rules.pro",
  "proguard.pro",
  ".vscode/settings.json",
  ".github/workflows/ci.yml",
  ".teamcity/settings.kts",
  ".obsidian/app.json",
  ".idea/runConfigurations/test.xml",
  ".gitpod.Dockerfile",
  ".gitignore",
  ".gitattributes",
  ".gitmodules",
  ".osx",
  ".indent.pro",
  ".sublime-project",
  "puphpet/config.yaml",
  "Cargo.toml.orig",
  "admin_media/form.js",
  "src/extjs/src/app.js",
  "Manifest.toml",
  "waf",
];

/** Names of published libraries that people also give to their own files: such a file needs the banner of a release to count as vendored. */
const ambiguous = [
  "bootstrap.js",
  "bootstrap-app.js",
  "custom.bootstrap.css",
  "jquery-helpers.js",
  "jquery.validate.unobtrusive.js",
  "jquery.validate.js",
  "jquery.fn.unobtrusive-ajax.js",
  "jquery.ui.panel.js",
  "react.js",
  "react-router-setup.js",
  "angular-setup.js",
  "d3-helpers.js",
  "cordova-plugin.js",
  "foundation.js",
  "foundation.scss",
  "prototype-utils.js",
  "effects.js",
  "controls.js",
  "dragdrop.js",
  "animate.css",
  "normalize.css",
  "skeleton.css",
  "materialize.js",
  "bulma.css",
  "import.css",
  "font-awesome.css",
  "fontawesome/icons.css",
  "fontello-app.css",
  "bourbon/mixins.css",
  "select2/index.js",
  "bootstrap-datepicker/index.js",
  "src/codemirror/mode/ours.js",
  "Chart.js",
  "slick.core.js",
  "dojo.js",
  "yui-app.js",
  "shBrushOurs.js",
  "app.intellisense.js",
];

interface Groups {
  /** Match a directory whatever stands in it. */
  readonly directories: RegExp;
  /** Match a file by its base name. */
  readonly names: RegExp;
  /** Need the whole path. */
  readonly paths: RegExp;
}

const never = /(?!)/;

function alternatives(sources: readonly string[], prefix = ""): RegExp {
  return sources.length === 0 ? never : new RegExp(`${prefix}(?:${sources.join("|")})`);
}

/** One expression for each way of asking: testing two hundred on each path is what makes Linguist slow. */
function group(sources: readonly string[]): Groups {
  const directories: string[] = [];
  const names: string[] = [];
  const paths: string[] = [];
  for (const source of sources) {
    const named = /^\((?:\?:)?\^\|\\?\/\)(.*)$/.exec(source)?.[1];
    if (/[^\\]\\?\/$/.test(source)) directories.push(source);
    else if (named !== undefined && !named.includes("/")) names.push(named);
    else paths.push(source);
  }
  return { directories: alternatives(directories), names: alternatives(names, "^"), paths: alternatives(paths) };
}

const believed = linguistTables.vendored.filter((source) => !handWritten.some((path) => new RegExp(source).test(path)));
const needsBanner = (source: string): boolean => ambiguous.some((path) => new RegExp(source).test(path));

const vendored = group(believed.filter((source) => !needsBanner(source)));
const libraries = group(believed.filter(needsBanner));
const generated = group(linguistTables.generated.filter((source) => !handWritten.some((path) => new RegExp(source).test(path))));

/** Most files of a repository share few directories. */
function remembered(expression: RegExp): (directory: string) => boolean {
  const known = new Map<string, boolean>();
  return (directory) => {
    const before = known.get(directory);
    if (before !== undefined) return before;
    const answer = expression.test(directory);
    if (known.size > 50_000) known.clear();
    known.set(directory, answer);
    return answer;
  };
}

function tester(groups: Groups): (path: string) => boolean {
  const inDirectory = remembered(groups.directories);
  return (path) => {
    const slash = path.lastIndexOf("/") + 1;
    return (slash > 0 && inDirectory(path.slice(0, slash))) || groups.names.test(path.slice(slash)) || groups.paths.test(path);
  };
}

/** True when Linguist's data says that the path holds files copied from elsewhere, and no hand-written path looks like it. */
export const isVendoredPath = tester(vendored);

/** True for names of published libraries that are vendored only if the head of the file is the banner of a release. */
export const isLibraryPath = tester(libraries);

export const isGeneratedPath = tester(generated);

/** The banner of a release: the comment that opens the file names a version, and a licence, a copyright or a site. */
export function hasReleaseBanner(text: string): boolean {
  const comment = /^\s*(?:\/\*[\s\S]{0,2000}?\*\/|(?:\/\/[^\n]*\n){1,12})/.exec(text.slice(0, 2400))?.[0] ?? "";
  return /\bv?\d+\.\d+(?:\.\d+)?\b/i.test(comment) && /licen[cs]e|copyright|\(c\)|https?:\/\//i.test(comment);
}
