import { describe, expect, test } from "vitest";
import { analyseHeader, recurringKeys } from "./licence-header";

function cleaned(text: string, language = "markdown"): string {
  let rest = "";
  let at = 0;
  for (const { start, end } of analyseHeader(text, language).noise ?? []) {
    rest += text.slice(at, start);
    at = end;
  }
  return rest + text.slice(at);
}

function rulesOf(text: string, language = "markdown"): readonly string[] {
  return (analyseHeader(text, language).noise ?? []).map(({ rule }) => rule);
}

describe("badges", () => {
  test.each([
    [
      "inline",
      "# Queue\n\n[![build](https://ci.example.org/build/badge.svg)](https://ci.example.org) ![v](https://img.shields.io/npm/v/q)\n\nRetries.\n",
    ],
    [
      "by reference",
      "# Queue\n\n[![npm][v]][npm] | ![ci][s]\n\nRetries.\n[v]: https://img.shields.io/npm/v/q.svg\n[s]: https://travis-ci.org/a/b.svg?branch=main\n",
    ],
    [
      "in markup",
      '# Queue\n\n<p align="center">\n<a href="https://x.org"><img src="https://img.shields.io/x"></a>\n<img src="https://codecov.io/gh/a/b/graph/badge.svg"/>\n</p>\n\nRetries.\n',
    ],
  ])("%s", (_, text) => {
    expect(cleaned(text)).toBe("# Queue\n\nRetries.\n");
    expect(rulesOf(text)).toContain("badges");
  });

  test("reStructuredText, with the substitutions that only the row used", () => {
    const text =
      "Queue\n=====\n\n|build|\n\n.. image:: https://img.shields.io/pypi/v/q.svg\n   :target: https://pypi.org/q\n\nRetries.\n\n.. |build| image:: https://travis-ci.org/a/b.svg\n   :alt: build\n";
    expect(cleaned(text, "restructuredtext")).toBe("Queue\n=====\n\nRetries.\n\n");
  });

  test("AsciiDoc", () => {
    expect(cleaned("= Queue\n\nimage:https://img.shields.io/x.svg[v,link=https://x.org]\n\nRetries.\n", "asciidoc")).toBe(
      "= Queue\n\nRetries.\n",
    );
  });

  test.each([
    "# Q ![v](https://img.shields.io/x)\n",
    "The build is shown by ![ci](https://img.shields.io/x) on the page.\n",
    "![How the queue works](docs/queue.svg)\n",
    "```md\n![v](https://img.shields.io/x)\n```\n",
    "| ![v](https://img.shields.io/x) | version |\n| --- | --- |\n",
    '<p>\n<img src="logo.svg">\n</p>\n',
    '<p><a href="https://x.org">\n<img src="https://img.shields.io/x">\n</a> Read this.</p>\n'.replace("<p><a", "<p>Before<a"),
  ])("stays: %j", (text) => {
    expect(cleaned(text)).toContain(text.includes("<p>Before") ? "Read this." : text);
  });

  test("a definition that a sentence needs stays", () => {
    const text = "![v][b]\n\nSee ![v][b] here.\n\n[b]: https://img.shields.io/x\n";
    expect(cleaned(text)).toBe("See ![v][b] here.\n\n[b]: https://img.shields.io/x\n");
  });
});

const headings = "\n## Install\n\nRun it.\n\n## Usage\n\nCall it.\n\n### Options\n\nNone.\n";

describe("tables of contents", () => {
  test.each([
    ["a list of links that repeats the headings", "# Q\n\n- [Install](#install)\n- [Usage](#usage)\n  - [Options](#options)\n"],
    ["between marks", "# Q\n\n<!-- toc -->\n\n- [Install](#install)\n- [Usage](#usage)\n\n<!-- tocstop -->\n"],
    [
      "doctoc",
      "# Q\n\n<!-- START doctoc generated TOC -->\n**Table of Contents**  *generated with [DocToc](https://x)*\n\n- [Install](#install)\n<!-- END doctoc -->\n",
    ],
    ["a placeholder", "# Q\n\n[TOC]\n"],
    ["one line of anchors", "# Q\n\n[Install](#install) | [Usage](#usage) | [Options](#options)\n"],
  ])("%s", (_, head) => {
    expect(cleaned(head + headings)).toBe(`# Q\n\n${headings.slice(1)}`);
    expect(new Set(rulesOf(head + headings))).toEqual(new Set(["table-of-contents"]));
  });

  test("a heading over it stays", () => {
    expect(cleaned(`# Q\n\n## Contents\n\n1. [Install](#install)\n2. [Usage](#usage)\n3. [Options](#options)\n${headings}`)).toContain(
      "## Contents\n",
    );
  });

  test(".. contents::", () => {
    expect(cleaned("Q\n=\n\n.. contents::\n   :depth: 2\n\nText.\n", "restructuredtext")).toBe("Q\n=\n\nText.\n");
  });

  test.each([
    "- [Install](#install)\n- [Usage](#usage)\n- [Colours](#colours) that people like\n",
    "- [Install](#install)\n- [Usage](#usage)\n",
    "- [Red](#red)\n- [Green](#green)\n- [Blue](#blue)\n",
    "- [Install](docs/install.md)\n- [Usage](docs/usage.md)\n- [Options](docs/options.md)\n",
    "- Why\n- [Install](#install)\n- [Usage](#usage)\n- [Options](#options)\n",
    "```\n- [Install](#install)\n- [Usage](#usage)\n- [Options](#options)\n```\n",
    "<!-- toc -->\n\nThis text was written by hand.\n",
  ])("stays: %j", (list) => {
    expect(cleaned(`# Q\n\n${list}${headings}`)).toContain(list.replace("<!-- toc -->\n\n", ""));
  });
});

describe("navigation", () => {
  test.each([
    "[« Previous](a.md) | [Next »](b.md)\n",
    "[⬆ back to top](#top)\n",
    "**[Back to top](#q)**\n",
    "[English](README.md) | [简体中文](README.zh.md)\n",
    '<p align="center"><a href="a.md">Prev</a> · <a href="b.md">Next</a></p>\n',
  ])("%j", (row) => {
    expect(cleaned(`Text.\n\n${row}\nMore.\n`)).toBe("Text.\n\nMore.\n");
    expect(rulesOf(`Text.\n\n${row}\nMore.\n`)).toEqual(["navigation"]);
  });

  test.each([
    "[The paper](p.pdf) describes it. [Next](n.md)\n",
    "[Install](install.md)\n",
    "- [Next](n.md)\n- [More](m.md) words\n",
    "| [Previous](a.md) | [Next](b.md) |\n|---|---|\n",
    "    [Previous](a.md) | [Next](b.md)\n",
  ])("stays: %j", (row) => {
    expect(cleaned(`Text.\n\n${row}\nMore.\n`)).toContain(row);
  });

  test("a row of links to pages, at the top only", () => {
    const row = "[Docs](https://x.org/docs) • [Chat](https://x.org/chat) • [Examples](examples/)\n";
    expect(cleaned(`# Q\n\n${row}\nText.\n`)).toBe("# Q\n\nText.\n");
    expect(cleaned(`# Q\n\n## A\n\n## B\n\n${row}`)).toContain(row);
  });
});

test("comments of tools go, others stay; front-matter stays", () => {
  const text = "---\ntitle: Q\n---\n\n<!-- prettier-ignore -->\n<!-- The numbers below are measured. -->\nText.\n";
  expect(cleaned(text)).toBe("---\ntitle: Q\n---\n\n<!-- The numbers below are measured. -->\nText.\n");
  expect(cleaned("---\n[Previous](a.md) | [Next](b.md)\n---\nText.\n")).toContain("[Previous]");
});

test("blocks at the top and at the end are offered by their words", () => {
  const page = (title: string, middle: string): string =>
    `# ${title}\n\n${middle}\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nThis page belongs to the handbook of the platform group; ask in the channel.\n`;
  const first = analyseHeader(page("A", "What A does for the people who call it every day."), "markdown");
  const second = analyseHeader(page("B", "What B is good for, and when it should not be used at all."), "markdown");
  const common = recurringKeys(first).filter((key) => recurringKeys(second).includes(key));
  expect(common).toHaveLength(1);
  const block = first.blocks?.find(({ key }) => key === common[0]);
  expect(page("A", "What A does for the people who call it every day.").slice(block?.start, block?.end)).toMatch(/^This page belongs/);
  expect(structuredClone(first)).toEqual(first);
});

test("sentences that documents share for what they say are no template", () => {
  const text =
    "# A\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n\nOn success it returns zero, on error minus one with the reason in errno.\n";
  expect(analyseHeader(text, "markdown").blocks).toBeUndefined();
});

test("no heading, code line or table row goes, whatever stands around it", () => {
  const rows = [
    "# Title",
    "## [Next](n.md)",
    "```\n[Next](n.md) | [Previous](p.md)\n```",
    "| [A](#a) | [B](#b) |\n|---|---|\n| ![v](https://img.shields.io/x) | 1 |",
    "Title\n-----",
    "A sentence with [a link](x.md).",
  ];
  const noise = [
    "[![v](https://img.shields.io/x)](https://x.org)",
    "[Next](n.md) | [Previous](p.md)",
    "<!-- toc -->",
    "[TOC]",
    "- [Title](#title)\n- [A](#a)\n- [Title](#title-1)",
    "",
  ];
  for (let seed = 0; seed < 400; seed++) {
    const pick = <T>(from: readonly T[], step: number): T => from[Math.floor(seed / step) % from.length]!;
    const kept = [pick(rows, 1), pick(rows, 6), pick(rows, 36)];
    const text = `${pick(noise, 1)}\n\n${kept[0]}\n\n${pick(noise, 5)}\n\n${kept[1]}\n\n${pick(noise, 7)}\n\n${kept[2]}\n`;
    const rest = cleaned(text);
    for (const row of kept) expect(rest).toContain(row);
  }
});
