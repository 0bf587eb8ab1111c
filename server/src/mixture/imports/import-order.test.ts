import { describe, expect, it } from "vitest";
import { seededRandom } from "../../platform/random";
import { repositoryTexts } from "../../platform/test-texts";
import { circles, dependencyOrder } from "./dependency-order";
import { importGraph, importOrder } from "./import-order";

/** Which files each file imports, by path. */
function importsOf(files: Readonly<Record<string, string>>): Record<string, string[]> {
  const documents = Object.entries(files)
    .map(([path, text]) => ({ path, text }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const graph = importGraph(documents);
  return Object.fromEntries(
    documents.flatMap(({ path }, file) =>
      graph[file]!.length === 0 ? [] : [[path, graph[file]!.map((target) => documents[target]!.path)]],
    ),
  ) as Record<string, string[]>;
}

describe("imports", () => {
  it("of JavaScript and TypeScript: relative files, directories, sources named by what they become, packages of the workspace", () => {
    expect(
      importsOf({
        "src/a.ts": `import { b } from "./b";\nimport type {\n  C,\n} from "./lib/c.js";\nimport "./side";\nimport fs from "node:fs";\nexport * from "../pkg/own";`,
        "src/b.ts": `const x = require("./lib");\nconst later = () => import("./a");`,
        "src/lib/index.ts": `import { t } from "@shop/core/thing";\nimport core from "@shop/core";`,
        "src/lib/c.ts": `// import nothing from "./b2"\nexport const text = 'from "./b"';`,
        "src/side.jsx": "",
        "pkg/own.ts": `import x from "../../outside";`,
        "pkg/core/package.json": `{ "name": "@shop/core" }`,
        "pkg/core/src/index.ts": "",
        "pkg/core/thing.ts": "",
      }),
    ).toEqual({
      "src/a.ts": ["pkg/own.ts", "src/b.ts", "src/lib/c.ts", "src/side.jsx"],
      "src/b.ts": ["src/a.ts", "src/lib/index.ts"],
      "src/lib/index.ts": ["pkg/core/src/index.ts", "pkg/core/thing.ts"],
    });
  });

  it("of Python: packages, modules, dots, lists over lines, a src directory, scripts beside a package", () => {
    expect(
      importsOf({
        "src/shop/__init__.py": "from .orders import place\nfrom . import stock\n",
        "src/shop/orders.py":
          "from shop.stock import (\n    Item,  # the thing\n    count as n,\n)\nimport os, json\nfrom ..outside import x\n",
        "src/shop/stock.py": "import shop.deep.model as m, sys\n",
        "src/shop/deep/__init__.py": "",
        "src/shop/deep/model.py": "from ...shop import orders\nfrom .. import stock\n",
        "tests/test_orders.py": "from shop import orders, stock\nimport helper\n",
        "tests/helper.py": "",
      }),
    ).toEqual({
      "src/shop/__init__.py": ["src/shop/orders.py", "src/shop/stock.py"],
      "src/shop/deep/model.py": ["src/shop/__init__.py", "src/shop/orders.py", "src/shop/stock.py"],
      "src/shop/orders.py": ["src/shop/stock.py"],
      "src/shop/stock.py": ["src/shop/deep/model.py"],
      "tests/test_orders.py": ["src/shop/__init__.py", "src/shop/orders.py", "src/shop/stock.py", "tests/helper.py"],
    });
  });

  it("of C and C++: beside, from a root, from an include directory; system headers are not the repository's", () => {
    expect(
      importsOf({
        "src/main.c": `#include "util.h"\n#include <shop/api.h>\n#include <string.h>\n# include "net/socket.h"\n// #include "no.h"`,
        "src/util.h": `#include "../include/shop/api.h"`,
        "include/shop/api.h": "",
        "compat/string.h": "",
        "lib/net/socket.h": "",
      }),
    ).toEqual({ "src/main.c": ["include/shop/api.h", "lib/net/socket.h", "src/util.h"], "src/util.h": ["include/shop/api.h"] });
  });

  it.each([true, false])("of Go, with a go.mod (%s): whole packages without their tests", (hasModule) => {
    expect(
      importsOf({
        ...(hasModule ? { "go.mod": "module example.org/shop\n\ngo 1.22\n" } : {}),
        "cmd/shop/main.go": `package main\n\nimport (\n\t"fmt"\n\tst "example.org/shop/internal/stock"\n\t"github.com/other/stock"\n)\n`,
        "internal/stock/a.go": `package stock\n\nimport "example.org/shop/internal/units"\n`,
        "internal/stock/b.go": "package stock\n",
        "internal/stock/b_test.go": "package stock\n",
        "internal/units/units.go": "package units\n",
      }),
    ).toEqual({
      "cmd/shop/main.go": ["internal/stock/a.go", "internal/stock/b.go"],
      "internal/stock/a.go": ["internal/units/units.go"],
    });
  });

  it("of Java: types, inner types, static members, whole packages", () => {
    expect(
      importsOf({
        "src/main/java/org/shop/Shop.java":
          "package org.shop;\nimport org.shop.stock.Item;\nimport org.shop.stock.Box.Lid;\nimport java.util.List;\n",
        "src/main/java/org/shop/stock/Item.java": "package org.shop.stock;\nimport static org.shop.units.Units.METRE;\n",
        "src/main/java/org/shop/stock/Box.java": "package org.shop.stock;\nimport org.shop.units.*;\n",
        "src/main/java/org/shop/units/Units.java": "package org.shop.units;\n",
      }),
    ).toEqual({
      "src/main/java/org/shop/Shop.java": ["src/main/java/org/shop/stock/Box.java", "src/main/java/org/shop/stock/Item.java"],
      "src/main/java/org/shop/stock/Box.java": ["src/main/java/org/shop/units/Units.java"],
      "src/main/java/org/shop/stock/Item.java": ["src/main/java/org/shop/units/Units.java"],
    });
  });

  it("of Rust: modules, crate, super, trees of names", () => {
    expect(
      importsOf({
        "src/lib.rs": "pub mod stock;\nmod units;\n",
        "src/stock/mod.rs": "mod item;\nuse crate::units::Metre;\n",
        "src/stock/item.rs": "use super::shelf::Shelf;\nuse crate::{stock::shelf, units};\nuse std::fmt;\n",
        "src/stock/shelf.rs": "",
        "src/units.rs": "",
      }),
    ).toEqual({
      "src/lib.rs": ["src/stock/mod.rs", "src/units.rs"],
      "src/stock/item.rs": ["src/stock/shelf.rs", "src/stock/mod.rs", "src/units.rs"].sort(),
      "src/stock/mod.rs": ["src/stock/item.rs", "src/units.rs"],
    });
  });
});

describe("order", () => {
  it.each([1, 2, 3, 4, 5])("puts imports first, circles together and the lowest first, on a random graph (%i)", (seed) => {
    const random = seededRandom("graph", seed);
    const size = 40;
    const graph = Array.from({ length: size }, () => Array.from({ length: random.int(3) }, () => random.int(size)));
    const order = dependencyOrder(graph);
    const place = new Map(order.map((file, at) => [file, at]));
    expect([...order].sort((a, b) => a - b)).toEqual([...Array(size).keys()]);
    // Who reaches whom, by brute force.
    const reaches = graph.map((targets) => new Set(targets));
    for (let round = 0; round < size; round++)
      for (const set of reaches) for (const target of [...set]) for (const next of reaches[target]!) set.add(next);
    const sameCircle = (a: number, b: number): boolean => a === b || (reaches[a]!.has(b) && reaches[b]!.has(a));
    const expected = new Set(
      [...Array(size).keys()].map((file) => [...Array(size).keys()].filter((other) => sameCircle(file, other)).join()),
    );
    expect(new Set(circles(graph).map((members) => members.join()))).toEqual(expected);
    for (const [file, targets] of graph.entries())
      for (const target of targets) if (!sameCircle(file, target)) expect(place.get(target)!).toBeLessThan(place.get(file)!);
    for (const members of circles(graph)) {
      const places = members.map((file) => place.get(file)!);
      expect(Math.max(...places) - Math.min(...places)).toBe(members.length - 1);
    }
    // Nothing that could have come earlier waits behind a higher number.
    const first = (file: number): number => Math.min(...[...Array(size).keys()].filter((other) => sameCircle(file, other)));
    for (let at = 1; at < size; at++) {
      const [before, file] = [order[at - 1]!, order[at]!];
      if (!sameCircle(before, file) && !reaches[file]!.has(before)) expect(first(before)).toBeLessThan(first(file));
    }
  });

  it("survives a chain of imports longer than any call stack", () => {
    const size = 200_000;
    const order = dependencyOrder(Array.from({ length: size }, (_, file) => (file + 1 < size ? [file + 1] : [])));
    expect(order[0]).toBe(size - 1);
    expect(order[size - 1]).toBe(0);
  });

  it("of this project's own files depends on the files alone", () => {
    const documents = repositoryTexts(["server/src/platform", "server/src/config", "server/src/mixture", "server/src/mixture/imports"]);
    const { places, words } = importOrder(documents);
    expect(words).toMatch(/^The files are packed in import order: \d+ of \d+ files import others/);
    const placeOf = (path: string): number => places!.get(`server/src/mixture/${path}`)!;
    expect(placeOf("imports/file-index.ts")).toBeLessThan(placeOf("imports/import-targets.ts"));
    expect(placeOf("imports/import-targets.ts")).toBeLessThan(placeOf("imports/import-order.ts"));
    expect(placeOf("imports/import-order.ts")).toBeLessThan(placeOf("index.ts"));
    expect(importOrder([...documents].reverse()).places).toEqual(places);
  });

  it("is that of the paths where nothing imports anything, which is said", () => {
    const documents = [
      { path: "b.md", text: "import this" },
      { path: "a.py", text: "import os\n" },
    ];
    expect(importOrder(documents)).toEqual({
      places: undefined,
      words: "No file imports another one: the files are packed in path order.",
    });
  });
});
