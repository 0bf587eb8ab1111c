import { isCommentLine } from "./comment-marks";
import { languageKind } from "./languages";
import { isListed, parseLicence, type LicenceExpression } from "./licence-expression";

/** A file's own licence is said at its head. */
const headLength = 6_000;
const spdx = "SPDX-License-Identifier:";

function versionOf(head: string): string {
  const match = /\bversion (\d(?:\.\d)?)|\bv(\d(?:\.\d)?)\b|\bGPL-?(\d)/i.exec(head);
  const version = match?.[1] ?? match?.[2] ?? match?.[3] ?? "";
  return version.length === 1 ? `${version}.0` : version;
}

function gnu(head: string): string | undefined {
  const family = /affero/i.test(head) ? "AGPL" : /(?:lesser|library) general/i.test(head) ? "LGPL" : "GPL";
  const version = versionOf(head);
  if (version === "") return undefined;
  return `${family}-${version}-${/or \(?at your option\)? any later|or (?:any )?later/i.test(head) ? "or-later" : "only"}`;
}

function bsd(head: string): string {
  return /neither the names?|may not be used to endorse|contributors may be used/i.test(head) ? "BSD-3-Clause" : "BSD-2-Clause";
}

/** Well-known wordings; the first that is found decides. */
const wordings: readonly (readonly [RegExp, string | ((head: string) => string | undefined)])[] = [
  [/GNU (?:(?:lesser|library|affero) )?general public licen[cs]e/i, gnu],
  [/apache licen[cs]e,? version 2\.0/i, "Apache-2.0"],
  [/mozilla public licen[cs]e,? v(?:ersion|\.)?\s*2\.0/i, "MPL-2.0"],
  [/permission is hereby granted, free of charge, to any person/i, "MIT"],
  [/permission to use, copy, modify,? and(?:\/or)? distribute this software for any purpose with or without fee/i, "ISC"],
  [/redistribution and use in source and binary forms/i, bsd],
  [/boost software licen[cs]e/i, "BSL-1.0"],
  [/eclipse public licen[cs]e\s*(?:-|,)?\s*v(?:ersion)?\s*2\.0/i, "EPL-2.0"],
  [/eclipse public licen[cs]e\s*(?:-|,)?\s*v(?:ersion)?\s*1\.0/i, "EPL-1.0"],
  [/this is free and unencumbered software/i, "Unlicense"],
  [/\b(?:licensed|released|distributed|available) under (?:the )?(?:terms of (?:the )?)?MIT licen[cs]e/i, "MIT"],
  [/\b(?:proprietary and confidential|confidential and proprietary)\b/i, "LicenseRef-proprietary"],
];
const wordingHint = ["icense", "icence", "ICENSE", "ermission", "edistribution", "roprietary", "unencumbered"];

function byTag(head: string, language: string): string | undefined {
  const at = head.indexOf(spdx);
  if (at < 0) return undefined;
  const lineStart = head.lastIndexOf("\n", at) + 1;
  if (languageKind(language) === "code" && !/^\W*$/.test(head.slice(lineStart, at)) && !isCommentLine(head.slice(lineStart, at), language))
    return undefined;
  const line = /^[^\n]*/.exec(head.slice(at + spdx.length))![0];
  const expression = line.replace(/(?:\*\/|-->|\*\)|-\}|\]\]|#>)?\s*$/, "").trim();
  return parseLicence(expression) === undefined ? undefined : expression;
}

/**
 * The licence that the head of a file declares, as an SPDX expression: its SPDX-License-Identifier, else well-known wording in the
 * leading comments. Undefined when the file declares none.
 */
export function licenceOf(text: string, language: string): string | undefined {
  const head = text.length > headLength ? text.slice(0, headLength) : text;
  const tagged = byTag(head, language);
  if (tagged !== undefined) return tagged;
  if (languageKind(language) === "prose" || !wordingHint.some((word) => head.includes(word))) return undefined;
  const lines = head.split("\n", 60);
  // Only the comments above the first line of code; a block's inner lines need no star.
  let comments = "";
  let isOpen = false;
  for (const line of lines) {
    const isComment = isOpen || isCommentLine(line, language) || line.trim() === "";
    if (!isComment) break;
    isOpen =
      (isOpen || /\/\*|<!--|\(\*|"""|'''/.test(line)) && !/\*\/|-->|\*\)|(?:"""|''')\s*$/.test(isOpen ? line : line.trimStart().slice(3));
    comments += `${line}\n`;
  }
  const words = comments
    .split("\n")
    .map((line) => line.replace(/^[\s*#/;%!-]+/, ""))
    .join(" ")
    .replace(/\s{2,}/g, " ");
  for (const [wording, licence] of wordings) {
    if (!wording.test(words)) continue;
    return typeof licence === "string" ? licence : licence(words);
  }
  return undefined;
}

export interface LicencePolicy {
  readonly reject: readonly string[];
  readonly warn: readonly string[];
}

export type LicenceVerdict = "reject" | "warn" | "pass";

/** What a policy says about a licence. Of alternatives (`OR`) the best may be taken; of what holds together (`AND`) the worst decides. */
export function judgeLicence(licence: string, policy: LicencePolicy): LicenceVerdict {
  const expression = parseLicence(licence);
  if (expression === undefined) return "pass";
  const order: readonly LicenceVerdict[] = ["pass", "warn", "reject"];
  const judge = (node: LicenceExpression): number => {
    if (node.kind === "licence") return isListed(node, policy.reject) ? 2 : isListed(node, policy.warn) ? 1 : 0;
    const parts = node.parts.map(judge);
    return node.kind === "or" ? Math.min(...parts) : Math.max(...parts);
  };
  return order[judge(expression)]!;
}
