import { describe, expect, test } from "vitest";
import { analyseHeader, recurringKeys } from "./licence-header";

function stripped(text: string, language: string): string {
  let rest = "";
  let at = 0;
  for (const { start, end } of analyseHeader(text, language).licence) {
    rest += text.slice(at, start);
    at = end;
  }
  return rest + text.slice(at);
}

const words = ["Copyright (c) 2020 Acme Inc.", "All rights reserved.", "Licensed under the Apache License, Version 2.0."];
const run = (prefix: string): string => words.map((line) => `${prefix} ${line}\n`).join("");
const block = (open: string, close: string): string => `${open}\n${words.map((line) => `  ${line}\n`).join("")}${close}\n`;

describe("a licence goes, in every style of comment", () => {
  test.each([
    ["c", "", block("/*", "*/"), "int a;\n"],
    ["c", "#ifndef X_H\n#define X_H\n\n", block("/*", "*/"), "int a;\n#endif\n"],
    ["cpp", "#pragma once\n", run("//"), "int a;\n"],
    ["java", "package a.b;\n\n", block("/*", "*/"), "import c;\n"],
    ["rust", "", run("//"), "//! Retries.\nfn a() {}\n"],
    ["rust", "#![no_std]\n", block("/*", "*/"), "fn a() {}\n"],
    ["python", "#!/usr/bin/env python\n", run("#"), "import a\n"],
    ["python", "", `"""${words.join("\n")}\n"""\n`, "import a\n"],
    ["ruby", "# frozen_string_literal: true\n\n", run("#"), "require 'a'\n"],
    ["ruby", "", block("=begin", "=end"), "require 'a'\n"],
    ["shellscript", "#!/bin/sh\n", run("#"), "set -e\n"],
    ["php", "<?php\n", block("/**", "*/"), "namespace A;\n"],
    ["php", "<?php\ndeclare(strict_types=1);\n\n", run("#"), "namespace A;\n"],
    ["html", "<!DOCTYPE html>\n", block("<!--", "-->"), "<html></html>\n"],
    ["html", "", block("{#", "#}"), "<html></html>\n"],
    ["html", "", block("<%--", "--%>"), "<html></html>\n"],
    ["xml", '<?xml version="1.0"?>\n', block("<!--", "-->"), "<a/>\n"],
    ["markdown", "---\ntitle: A\n---\n", block("<!--", "-->"), "# A\n"],
    ["restructuredtext", "", `.. ${words.join("\n   ")}\n`, "=====\nTitle\n=====\n"],
    ["lisp", "", run(";;"), "(define a 1)\n"],
    ["lisp", "", block("#|", "|#"), "(define a 1)\n"],
    ["clojure", "", run(";;;"), "(ns a)\n"],
    ["sql", "", run("--"), "SELECT 1;\n"],
    ["sql", "", block("/*", "*/"), "SELECT 1;\n"],
    ["haskell", "{-# LANGUAGE GADTs #-}\n", block("{-", "-}"), "module A where\n"],
    ["haskell", "", run("--"), "module A where\n"],
    ["ocaml", "", block("(*", "*)"), "let a = 1\n"],
    ["ocaml", "", words.map((line) => `(* ${line.padEnd(60)} *)\n`).join(""), "let a = 1\n"],
    ["fsharp", "", block("(*", "*)"), "module A\n"],
    ["assembly", "", run(";"), "mov a, b\n"],
    ["assembly", "", run("@"), ".text\n"],
    ["assembly", "", run("#"), "#include <a.h>\n"],
    ["bat", "@echo off\n", run("REM"), "set A=1\n"],
    ["bat", "", run("::"), "set A=1\n"],
    ["latex", "", run("%"), "\\documentclass{a}\n"],
    ["erlang", "", run("%%"), "-module(a).\n"],
    ["m4", "", run("dnl"), "AC_INIT\n"],
    ["roff", "'\\\" t\n", run('.\\"'), ".TH A 1\n"],
    ["texinfo", "\\input texinfo\n", run("@c"), "@setfilename a\n"],
    ["fortran", "", run("!"), "program a\n"],
    ["fortran", "", run("C"), "      PROGRAM A\n"],
    ["cobol", "", run("      *"), "       IDENTIFICATION DIVISION.\n"],
    ["vb", "", run("'"), "Module A\n"],
    ["lua", "", block("--[[", "]]"), "local a = 1\n"],
    ["powershell", "", block("<#", "#>"), "param()\n"],
    ["cmake", "", block("#[[", "]]"), "project(a)\n"],
    ["julia", "", block("#=", "=#"), "module A\n"],
    ["css", '@charset "utf-8";\n', block("/*!", "*/"), "a {}\n"],
    ["javascript", '"use strict";\n', block("/**", "*/"), "let a;\n"],
    ["javascript", "#!/usr/bin/env node\n", run("//"), "let a;\n"],
    ["csharp", "#region Header\n", run("//"), "#endregion\nusing A;\n"],
    ["pascal", "", block("{", "}"), "unit A;\n"],
    ["yaml", "%YAML 1.2\n---\n", run("#"), "a: 1\n"],
    ["asciidoc", "", run("//"), "= A\n"],
    ["vim", "", run('"'), "set nocompatible\n"],
    ["plaintext", "", block("/*", "*/"), "/dts-v1/;\n"],
    ["plaintext", "#!/sbin/tool\n", run("#"), "a 1\n"],
  ])("%s: %j %j", (language, before, header, code) => {
    expect(stripped(before + header + code, language)).toBe(before + code);
    expect(stripped(`${before}${header}\n${code}`, language)).toBe(before + code);
    expect(stripped((before + header + code).replaceAll("\n", "\r\n"), language).replaceAll("\r\n", "\n")).toBe(before + code);
  });
});

describe("what says something else stays, whole", () => {
  test.each([
    [
      "the Linux way",
      "c",
      "// SPDX-License-Identifier: GPL-2.0-only\n/*\n * Queue that retries.\n *\n * Copyright (C) 2009 Acme\n *\n * It never blocks; see retry() for\n * the details.\n *\n * This program is free software; you can redistribute it and/or modify it\n * under the terms of the GNU General Public License as published by the\n * Free Software Foundation.\n */\n#include <a.h>\n",
      "/*\n * Queue that retries.\n *\n * It never blocks; see retry() for\n * the details.\n */\n#include <a.h>\n",
    ],
    [
      "text before a licence without a full stop",
      "c",
      "/*\n * queue.c - retries what failed\n * This program is free software; you can redistribute it.\n */\nint a;\n",
      "/*\n * queue.c - retries what failed\n */\nint a;\n",
    ],
    ["the start of a line", "c", "/* Queue driver, Copyright (C) 2010 Acme */\nint a;\n", "/* Queue driver */\nint a;\n"],
    [
      "a sentence behind",
      "python",
      "# Copyright 2010 Acme. Written for the night shift.\nimport a\n",
      "# Written for the night shift.\nimport a\n",
    ],
    [
      "documentation in a docstring",
      "python",
      '"""Retries what failed.\n\n:copyright: (c) 2010 by Acme.\n:license: BSD, see LICENSE for details.\n"""\nimport a\n',
      '"""Retries what failed.\n"""\nimport a\n',
    ],
    [
      "a tag for a tool",
      "javascript",
      "/**\n * Copyright (c) Acme, Inc. and its affiliates.\n *\n * This source code is licensed under the MIT license found in the\n * LICENSE file in the root directory of this source tree.\n *\n * @flow strict\n */\nlet a;\n",
      "/**\n * @flow strict\n */\nlet a;\n",
    ],
    [
      "a modeline on the line of the notice",
      "c",
      "/* -*- mode: C; -*- Copyright (C) 2010 Acme */\nint a;\n",
      "/* -*- mode: C; -*- Copyright (C) 2010 Acme */\nint a;\n",
    ],
    [
      "tool lines of a script",
      "shellscript",
      "#!/bin/sh\n# SPDX-License-Identifier: MIT\n# shellcheck disable=SC2034\n# requires: jq\nset -e\n",
      "#!/bin/sh\n# shellcheck disable=SC2034\n# requires: jq\nset -e\n",
    ],
    [
      "an RST directive behind the licence",
      "restructuredtext",
      ".. SPDX-License-Identifier: GPL-2.0\n.. include:: a.txt\n\n.. _label:\n\nTitle\n=====\n",
      ".. include:: a.txt\n\n.. _label:\n\nTitle\n=====\n",
    ],
    ["a commented pragma beside SPDX", "yaml", "# SPDX-License-Identifier: GPL-2.0\n# %YAML 1.2\na: 1\n", "# %YAML 1.2\na: 1\n"],
  ])("%s", (_, language, text, rest) => {
    expect(stripped(text, language)).toBe(rest);
  });

  test.each([
    ["c", "#include <a.h>\n/* Copyright 2020 Acme */\n"],
    ["haskell", "{-# OPTIONS_GHC -Wall #-}\nmodule A where\n"],
    ["html", "<!--[if IE]> Copyright 2020 <![endif]-->\n<a/>\n"],
    ["python", '"""Finds copyright notices and licence headers in files."""\nimport a\n'],
    ["python", "# Checks that every file names its license.\nimport a\n"],
    ["python", "# (c) the third case: nothing is queued\nimport a\n"],
    ["rust", "//! Provided as is by the caller, or in terms of the page size.\nfn a() {}\n"],
    ["c", "/* Colours: #cc0000 #e9cc0a #00cc0f */\nint a;\n"],
    [
      "c",
      "/*\n * v0.2 clean up, make smart copyright notice, replace the old\n *      reader by the one that everybody else here uses already\n */\nint a;\n",
    ],
    ["plaintext", "# Copyright 2020 Acme\n\nThe text.\n"],
    ["markdown", "# Licensed under the MIT License\n\nText.\n"],
    ["restructuredtext", "Copyright\n=========\n\nCopyright 2020 Acme\n"],
    ["json", '{ "license": "MIT" }\n'],
    ["csv", "# Copyright 2020 Acme,1\n"],
    ["php", "#[Attribute] // Copyright 2020\nclass A {}\n"],
    ["assembly", "#define COPYRIGHT 2020\nmov a, b\n"],
  ])("%s: %j", (language, text) => {
    expect(stripped(text, language)).toBe(text);
  });
});

describe("banners of a repository", () => {
  const banner = "/*\n * Part of the billing platform. Talk to the platform group first.\n */\n";

  test("are offered beside a licence, by the words that are left", () => {
    const key = analyseHeader(`// SPDX-License-Identifier: MIT\n${banner}\nint a;\n`, "c").block?.key;
    expect(key).toBeDefined();
    expect(recurringKeys(analyseHeader(`${banner}\nint b;\n`, "c"))).toEqual([key]);
    expect(analyseHeader(banner.replace("*/", "*\n * Copyright 2020 Acme\n */") + "\nint c;\n", "c").block?.key).toBe(key);
  });

  test("a number is a word, a year is none", () => {
    const keyOf = (model: string): string | undefined =>
      analyseHeader(`/* Driver for the pressure sensor model ${model}, made by Acme in 2019 */\n\nint a;\n`, "c").block?.key;
    expect(keyOf("4711")).not.toBe(keyOf("4712"));
    expect(keyOf("1999")).toBe(keyOf("2021"));
  });

  test.each([
    ["documentation", "c", "/**\n * @file\n * Part of the billing platform. Talk to the platform group first.\n */\n\nint a;\n"],
    ["a comment on the code behind it", "c", `${banner}int a;\n`],
    ["a docstring", "python", '"""Part of the billing platform. Talk to the platform group first."""\n\nimport a\n'],
    ["a line for a tool", "c", banner.replace(" */", " * vim: set ts=8:\n */") + "\nint a;\n"],
  ])("%s is none", (_, language, text) => {
    expect(analyseHeader(text, language).block).toBeUndefined();
  });
});

test("whatever the mixture, protected lines stay and nothing but comment words goes", () => {
  const legal = [
    "Copyright (c) 2020 Acme",
    "SPDX-License-Identifier: MIT",
    "All rights reserved.",
    "This program is free software; you can redistribute it and/or modify it.",
    "Licensed under the GNU General Public License.",
    'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.',
    "",
  ];
  const other = [
    "Retries what failed.",
    "",
    "queue - keeps what failed",
    "See retry() for how long it waits.",
    "Author: A. Person",
    "-*- coding: utf-8 -*-",
    "vim: set ts=4:",
  ];
  const styles = [
    { language: "python", first: "#!/usr/bin/env python3", prefix: "# ", code: ["import os", "x = '# Copyright 2020 Acme'"] },
    { language: "shellscript", first: "#!/bin/bash", prefix: "# ", code: ["set -e"] },
    { language: "c", first: "", prefix: "// ", code: ["#include <a.h>", "#define A 1", "int a; // Copyright 2020"] },
    { language: "go", first: "//go:build linux", prefix: "// ", code: ["package a"] },
    { language: "restructuredtext", first: "", prefix: ".. ", code: ["Title", "=====", "Copyright 2020 Acme"] },
    { language: "markdown", first: "", prefix: "", code: ["# Title"] },
  ];
  let state = 1;
  const next = (below: number): number => (state = (state * 48271) % 2147483647) % below;
  for (let round = 0; round < 3000; round++) {
    const { language, first, prefix, code } = styles[round % styles.length]!;
    const said = Array.from({ length: next(7) }, () => (next(2) === 0 ? legal : other)[next(7)]!);
    const lines = [...(first === "" ? [] : [first]), ...said.map((line) => (prefix + line).trimEnd()), ...code];
    const text = `${lines.join("\n")}\n`;
    const rest = stripped(text, language).split("\n");
    const kept = [first, ...said.filter((line) => other.includes(line)).map((line) => prefix + line), ...code].filter(
      (line) => line.trim() !== "" && line.trim() !== prefix.trim(),
    );
    for (const line of kept) expect(rest, text).toContain(line.trimEnd());
  }
});
