import { describe, expect, test } from "vitest";
import { analyseHeader } from "./licence-header";

function stripped(text: string, language: string): string {
  let rest = "";
  let at = 0;
  for (const { start, end } of analyseHeader(text, language).licence) {
    rest += text.slice(at, start);
    at = end;
  }
  return rest + text.slice(at);
}

describe("what goes", () => {
  test.each([
    [
      "c",
      "/*\n * Copyright (c) 2020 Some Corp.\n *\n * Licensed under the Apache License, Version 2.0.\n */\n\n#include <x.h>\n",
      "#include <x.h>\n",
    ],
    [
      "python",
      "#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n# SPDX-License-Identifier: MIT\n# Copyright 2021 Someone\n\nimport os\n",
      "#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n\nimport os\n",
    ],
    [
      "html",
      "<!DOCTYPE html>\n<!-- Licensed to the ASF under one or more contributor license agreements. -->\n<html/>\n",
      "<!DOCTYPE html>\n<html/>\n",
    ],
    ["php", "<?php\n/* Copyright (c) Someone. All rights reserved. */\necho 1;\n", "<?php\necho 1;\n"],
    ["typescript", "/**\n * @license\n * Copyright Google LLC All Rights Reserved.\n */\nexport {};\n", "export {};\n"],
    ["sql", "-- Copyright 2020 Acme\n-- All rights reserved.\n\nSELECT 1;\n", "SELECT 1;\n"],
    [
      "xml",
      '<?xml version="1.0"?>\n<!--\n  Copyright 2020 Acme\n  Licensed under the MIT License\n-->\n<a/>\n',
      '<?xml version="1.0"?>\n<a/>\n',
    ],
  ])("%s", (language, text, rest) => {
    expect(stripped(text, language)).toBe(rest);
  });

  test("a notice with an aside that holds a full stop, whole", () => {
    const text = "// Player.\n// Copyright (c) 2014 The contributors (cf. AUTHORS.md). All rights reserved.\n\nint a;\n";
    expect(stripped(text, "c")).toBe("// Player.\n\nint a;\n");
  });

  test("where to read the licence goes with it", () => {
    const text =
      "# Sets up the tools.\n# Copyright (c) Acme. All rights reserved.\n# Licensed under the MIT License. See https://acme.org/l for license information.\n\nset -e\n";
    expect(stripped(text, "shellscript")).toBe("# Sets up the tools.\n\nset -e\n");
  });

  test("a BSD licence with its numbered conditions", () => {
    const licence = [
      "/*",
      " * Copyright (c) 1990 The Regents. All rights reserved.",
      " *",
      " * Redistribution and use in source and binary forms are permitted provided that:",
      " * 1. Redistributions of source code must retain the above copyright notice.",
      " *",
      " * 2. Neither the name nor the names of its contributors may be used to endorse.",
      " *",
      ' * THIS SOFTWARE IS PROVIDED "AS IS" AND ANY WARRANTIES ARE DISCLAIMED.',
      " */",
      "",
    ].join("\n");
    expect(stripped(`${licence}\nint main(void);\n`, "c")).toBe("int main(void);\n");
  });
});

describe("what stays", () => {
  test.each([
    ["c", "#ifndef X_H\n#define X_H\n#include <a.h>\n// Copyright lookup table\nint a;\n"],
    ["go", "// Package queue retries what failed.\npackage queue\n"],
    ["python", '"""Copyright handling.\n\nParses licence headers.\n"""\nimport os\n'],
    ["javascript", "/**\n * Retries requests.\n * @param url where\n */\nfunction f(url) {}\n"],
    ["python", "import os\n# Copyright 2020 Someone\n"],
    ["javascript", "const a = 1; /* Copyright 2020 */\n"],
    ["c", "/* Copyright 2020 Acme */ int a;\n"],
    ["markdown", "# Copyright 2020\n\nLicensed under the MIT License.\n"],
    ["c", "/* Copyright 2020, never closed\nint a;\n"],
  ])("%s: %j", (language, text) => {
    expect(stripped(text, language)).toBe(text);
  });

  test("documentation beside a notice in the same comment", () => {
    const text = "# queue.py - retries what failed\n# Copyright 2020 Someone\n#\n# Used by the worker.\nimport os\n";
    expect(stripped(text, "python")).toBe("# queue.py - retries what failed\n#\n# Used by the worker.\nimport os\n");
  });

  test("a build constraint and a package comment behind the licence", () => {
    const text = "// Copyright 2020 The Authors. All rights reserved.\n\n//go:build linux\n\n// Package x does y.\npackage x\n";
    expect(stripped(text, "go")).toBe("//go:build linux\n\n// Package x does y.\npackage x\n");
  });

  test("the delimiters of a comment that keeps something", () => {
    const text = "/* Parser for dates.\n *\n * Copyright 2020 Someone\n */\nint a;\n";
    const rest = stripped(text, "c");
    expect(rest).toContain("Parser for dates.");
    expect(rest).not.toContain("Copyright");
    expect(rest.indexOf("*/")).toBeGreaterThan(rest.indexOf("/*"));
  });
});

test("a leading comment without licence words is offered as possible boilerplate, by its words", () => {
  const header = (year: number): string =>
    `// Part of the billing platform, revision ${year}.\n// Talk to the platform group before you touch anything in here.\n\nlet a;\n`;
  const first = analyseHeader(header(2019), "javascript");
  expect(first.licence).toEqual([]);
  expect(first.block?.key).toBe(analyseHeader(header(2024), "javascript").block?.key);
  expect(
    analyseHeader("// eslint-disable-next-line no-console, no-alert, no-undef in the whole of this file\nlet a;\n", "javascript").block,
  ).toBeUndefined();
});

describe("what may recur", () => {
  const banner = (name: string): string =>
    `/* ${name} */\n/* This file is part of: THE ENGINE, see https://engine.org for more. */\n/* Copyright (c) 2020 Someone. */\n\nint a;\n`;

  test("a banner is the same whatever file it names", () => {
    const one = analyseHeader(banner("sprite.h"), "c").block?.key;
    expect(one).toBeDefined();
    expect(analyseHeader(banner("audio_driver.cpp"), "c").block?.key).toBe(one);
  });

  test("what documents a package of Go is none, however often it stands", () => {
    const text = "// Package install makes the API group available as an option to all machinery.\npackage install\n";
    expect(analyseHeader(text, "go").block).toBeUndefined();
  });
});
