import { describe, expect, test } from "vitest";
import { detectLanguage } from "./detect-language";
import { languageByName } from "./languages";

describe("content tells languages that share an ending", () => {
  test.each([
    ["a.h", "#ifndef A_H\nint f(void);\n#endif\n", "c"],
    ["a.h", '/*\n * class of devices\n   try to keep std::string out\n */\n#ifdef __cplusplus\nextern "C" {\n#endif\n', "c"],
    ["a.h", "#include <vector>\nnamespace app {\nclass Queue {\npublic:\n  int size();\n};\n}\n", "cpp"],
    ["a.h", "#import <Foundation/Foundation.h>\n@interface Queue : NSObject\n@end\n", "objective-c"],
    ["a.m", '#import "Queue.h"\n@implementation Queue\n@end\n', "objective-c"],
    ["a.m", "% Adds two numbers.\nfunction c = add(a, b)\n  c = a + b;\nend\n", "matlab"],
    ["a.ts", "export const a: Map<TS> = new Map();\n", "typescript"],
    ["a.ts", '<?xml version="1.0"?>\n<!DOCTYPE TS>\n<TS version="2.1"></TS>\n', "xml"],
    ["a.pl", "use strict;\nmy $a = 1;\n", "perl"],
    ["a.pl", "parent(X, Y) :- father(X, Y).\n", "prolog"],
    ["a.v", "module counter #(parameter N = 8) (input clk);\nalways @(posedge clk)\nendmodule\n", "verilog"],
    ["a.inc", "<?php\nreturn 1;\n", "php"],
    ["a.inc", "#define A 1\nstatic int b;\n", "c"],
    ["page.1", ".TH PAGE 1\n.SH NAME\npage \\- shows\n", "roff"],
    ["dump.1", "just some words\n", "plaintext"],
    ["bin/run", "#!/usr/bin/env python3\nprint(1)\n", "python"],
    ["script.sh", "#!/usr/bin/perl\n", "shellscript"],
    ["hooks/check", "# -*- mode: ruby -*-\nputs 1\n", "ruby"],
    ["config", "[a]\nb = c\n# vim: set ft=dosini ts=2:\n", "ini"],
    ["arch/arm/configs/board_defconfig", "CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=64\nCONFIG_D=y\n", "ini"],
    ["drivers/net/Kconfig", "config NET\n\tbool\n", "kconfig"],
    ["NOTES", "Some words = others.\nA line of prose that goes on.\nAnother one.\n", "plaintext"],
    ["a.zig", "const a = 1;\n", "zig"],
    ["a.kdl", "node 1\n", "kdl"],
    ["weird.zzz", "anything\n", "plaintext"],
    ["src/constructor", "x\n", "plaintext"],
    ["app/__proto__.toString", "x\n", "plaintext"],
  ])("%s: %j is %s", (path, text, language) => {
    expect(detectLanguage(path, text).id).toBe(language);
  });

  test("a heuristic takes its time from the head only", () => {
    const hostile = ["h", "m", "pl", "inc", "d", "e", "cls", "r", "l", "p"].map(
      (extension) => detectLanguage(`a.${extension}`, "/* ( * \t".repeat(400_000)).id,
    );
    expect(hostile).toHaveLength(10);
  });

  test("names of Linguist and of the editor are the same languages", () => {
    expect(["C++", "cpp", "Shell", "zsh", "TSX", "Emacs Lisp", "nonsense", "constructor"].map(languageByName)).toEqual([
      "cpp",
      "cpp",
      "shellscript",
      "shellscript",
      "typescriptreact",
      "lisp",
      undefined,
      undefined,
    ]);
  });
});
