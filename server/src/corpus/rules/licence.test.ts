import { describe, expect, test } from "vitest";
import { parseLicence } from "./licence-expression";
import { judgeLicence, licenceOf } from "./licence";

describe("licence of a file", () => {
  test.each([
    ["c", "// SPDX-License-Identifier: GPL-2.0-only\nint a;\n", "GPL-2.0-only"],
    ["c", "/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note OR MIT) */\nint a;\n", "(GPL-2.0 WITH Linux-syscall-note OR MIT)"],
    ["html", "<!-- SPDX-License-Identifier: MIT -->\n<p>a</p>\n", "MIT"],
    [
      "c",
      "/*\n * This program is free software; you can redistribute it and/or modify it\n * under the terms of the GNU General Public License as published by the Free\n * Software Foundation; either version 2 of the License, or (at your option)\n * any later version.\n */\nint a;\n",
      "GPL-2.0-or-later",
    ],
    [
      "python",
      '#!/usr/bin/python\n# Licensed under the Apache License, Version 2.0 (the "License");\n# you may not use this file except in compliance with the License.\nimport os\n',
      "Apache-2.0",
    ],
    [
      "javascript",
      "/*\n * Redistribution and use in source and binary forms, with or without\n * modification, are permitted.\n * Neither the name of the University\n */\nlet a;\n",
      "BSD-3-Clause",
    ],
    ["c", "int a;\n/* Licensed under the MIT license */\n", undefined],
    ["c", 'const char *tag = "SPDX-License-Identifier: MIT";\n', undefined],
    ["python", "def licence():\n    return 'GNU General Public License version 2'\n", undefined],
    ["markdown", "Licensed under the Apache License, Version 2.0\n", undefined],
  ])("%s: %j", (language, text, licence) => {
    expect(licenceOf(text, language)).toBe(licence);
  });
});

describe("policy", () => {
  const policy = { reject: ["GPL-*", "LicenseRef-proprietary"], warn: ["MPL-2.0", "LGPL-*"] };
  test.each([
    ["GPL-2.0", "reject"],
    ["gpl-3.0-or-later", "reject"],
    ["LGPL-2.1+", "warn"],
    ["MIT", "pass"],
    ["GPL-2.0-only OR MIT", "pass"],
    ["GPL-2.0-only AND MIT", "reject"],
    ["MIT AND (GPL-2.0-only OR MPL-2.0)", "warn"],
    ["GPL-2.0-only WITH Classpath-exception-2.0", "reject"],
    ["not ( an expression", "pass"],
  ])("%s: %s", (licence, verdict) => {
    expect(judgeLicence(licence, policy)).toBe(verdict);
  });

  test("old names are today's", () => {
    expect(judgeLicence("GPL-2.0-only", { reject: ["GPL-2.0"], warn: [] })).toBe("reject");
    expect(judgeLicence("GPL-2.0+", { reject: ["GPL-2.0"], warn: [] })).toBe("pass");
  });

  test.each(["", "MIT OR", "(MIT", "MIT) OR (ISC", "AND", "MIT ISC", "(".repeat(500), "MIT WITH"])("%j is no expression", (text) => {
    expect(parseLicence(text)).toBeUndefined();
  });
});
