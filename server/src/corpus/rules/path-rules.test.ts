import { describe, expect, test } from "vitest";
import { resolveCorpusConfig, type CorpusConfig } from "../corpus-config";
import { noAttributes, type FileAttributes } from "../listing/list-git";
import { hasReleaseBanner, isLibraryPath } from "./linguist-paths";
import { makePathRules } from "./path-rules";

function ruleOf(path: string, config: CorpusConfig = {}, attributes: Partial<FileAttributes> = {}): string | undefined {
  return makePathRules(resolveCorpusConfig(config)).reject({ path, unchanged: false, attributes: { ...noAttributes, ...attributes } })
    ?.rule;
}

describe("names", () => {
  test.each([
    ["vendor/github.com/x/y.go", "vendored"],
    ["third_party/zlib/inflate.c", "vendored"],
    ["deps/v8/api.cc", "vendored"],
    ["web/node_modules/a/index.js", "vendored"],
    ["ios/Pods/Alamofire/Request.swift", "vendored"],
    ["gradlew", "vendored"],
    ["js/jquery-3.6.0.js", "vendored"],
    ["api/v1/zz_generated.deepcopy.go", "generated"],
    ["api/service.pb.go", "generated"],
    ["Form1.Designer.cs", "generated"],
    ["yarn.lock", "lock-file"],
    ["go.sum", "lock-file"],
    ["static/app.min.js", "minified"],
    ["LICENSES/preferred/GPL-2.0", "licence-text"],
    ["COPYING", "licence-text"],
    ["src/pygments/PYGMENTS_LICENSE", "licence-text"],
    ["lib/MIT-LICENSE.txt", "licence-text"],
    ["LICENSE-THIRD-PARTY", "licence-text"],
    ["logo.png", "binary"],
  ])("%s is %s", (path, rule) => {
    expect(ruleOf(path)).toBe(rule);
  });

  test.each([
    "src/cmd/dist/build.go",
    "drivers/clk/at91/clk-generated.c",
    "pkg/pods/pod_controller.go",
    "test/fixtures/case.json",
    "testdata/input.txt",
    "types/index.d.ts",
    "webpack.prod.js",
    "scripts/Makefile.lib",
    "Makefile.in",
    "configure",
    "src/cache/lru.ts",
    ".github/workflows/ci.yml",
    "docs/templates/page.html",
    "src/licenses/check-licence.ts",
    "docs/manage-licenses.md",
    "scripts/CHECK_LICENSE.py",
    "assets/bootstrap.js",
    "src/react.js",
    "examples/demo.c",
    "fabfile.py",
  ])("%s is written by hand", (path) => {
    expect(ruleOf(path)).toBeUndefined();
  });

  test("a library's name needs the banner of its release", () => {
    expect(isLibraryPath("assets/bootstrap.js")).toBe(true);
    expect(hasReleaseBanner("/*!\n * Bootstrap v5.3.0 (https://getbootstrap.com/)\n */\n(function () {})();\n")).toBe(true);
    expect(hasReleaseBanner("// Starts the application: see https://wiki/start\nstart();\n")).toBe(false);
  });
});

describe("authority", () => {
  test("attributes override names both ways", () => {
    expect(ruleOf("src/a.ts", {}, { generated: "set" })).toBe("attribute-generated");
    expect(ruleOf("src/a.ts", {}, { vendored: "set" })).toBe("attribute-vendored");
    expect(ruleOf("vendor/ours/a.ts", {}, { vendored: "unset" })).toBeUndefined();
    expect(ruleOf("yarn.lock", {}, { generated: "unset" })).toBeUndefined();
  });

  test("rules that are switched off reject nothing, the next one is asked", () => {
    expect(ruleOf("vendor/a.min.js", { rulesOff: ["minified"] })).toBe("vendored");
    expect(ruleOf("vendor/a.min.js", { rulesOff: ["minified", "vendored"] })).toBeUndefined();
  });

  test("include beats rules, exclude beats include, do-not-train beats both and cannot be switched off", () => {
    expect(ruleOf("vendor/a.go", { include: ["vendor/**"] })).toBeUndefined();
    expect(ruleOf("vendor/a.go", { include: ["vendor/**"], exclude: ["**/*.go"] })).toBe("excluded");
    expect(ruleOf("src/a.go", { include: ["src/**"], rulesOff: ["attribute-midtrain"] }, { midtrain: "unset" })).toBe("attribute-midtrain");
  });
});
