import type { DocumentLine } from "./document-lines";

interface Link {
  readonly label: string;
  readonly target: string;
}

const link = /\[((?:[^[\]]|\[[^\]]*\])*)\]\(\s*<?([^)\s>]*)>?[^)]*\)|<a\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]*)[^>]*>(.*?)<\/a>/gi;

/** The links of a line, and what is left of the line without them. */
function linksOf(text: string): { readonly links: readonly Link[]; readonly rest: string } {
  const links: Link[] = [];
  const rest = text.replace(
    link,
    (_, label: string | undefined, target: string | undefined, href: string | undefined, inner: string | undefined) => {
      links.push({ label: (label ?? inner ?? "").replace(/<[^>]*>/g, "").trim(), target: target ?? href ?? "" });
      return "";
    },
  );
  return { links, rest: rest.replace(/<\/?(?:p|div|center|b|strong|em|i|sup|sub|h\d|br)\b[^>]*>|&nbsp;|&bull;|&middot;/gi, "") };
}

const onlySeparators = /^[\s|·•*_\-–—,/\\<>«»←→↑⬆️⇧:.[\]()]*$/u;
const pageWords =
  /^[\W_]*(?:(?:back|return|jump|go)(?: to)?(?: the)? (?:top|toc|index|home|contents|table of contents|main|readme|overview|start)|prev(?:ious)?(?:\s*[:—-].*)?|next(?:\s*[:—-].*)?|(?:prev(?:ious)?|next) (?:page|chapter|section|step|lesson|article|tutorial)|home|up|back|top|index|contents|table of contents|toc|⬆)[\W_]*$/i;
const languageNames =
  /^(?:english|français|french|deutsch|german|español|spanish|italiano|português(?: \(.*\))?|русский|中文|简体中文|繁體中文|chinese(?: \(.*\))?|日本語|japanese|한국어|korean|türkçe|polski|nederlands|українська|العربية|हिन्दी|tiếng việt|indonesia|bahasa indonesia)$/i;

/** What a line that holds nothing but links is for; undefined for anything else. */
export function linkRow(text: string, isTop: boolean): "navigation" | "anchors" | undefined {
  const { links, rest } = linksOf(text);
  if (links.length === 0 || !onlySeparators.test(rest)) return undefined;
  if (links.every(({ label, target }) => pageWords.test(label) || (label !== "" && onlySeparators.test(label) && target.startsWith("#"))))
    return "navigation";
  if (links.length >= 2 && links.every(({ label }) => languageNames.test(label))) return "navigation";
  if (links.length >= 3 && links.every(({ target }) => /^#./.test(target)) && !/^[-*+]\s|^\d+[.)]\s/.test(text)) return "anchors";
  const isLabelRow = links.length >= 3 && /[|·•]|&bull;|&middot;/.test(text) && links.every(({ label }) => label.split(/\s+/).length <= 4);
  return isTop && isLabelRow && !/!\[|<img/.test(text) ? "navigation" : undefined;
}

const listItem = /^(?:[-*+•]|\d+[.)])\s+(?:\d+(?:\.\d+)*[.)]?\s+)?(?:\[[ x]\]\s+)?/;

/** The one in-page link that a list item consists of. */
export function anchorItem(line: DocumentLine): Link | undefined {
  if (line.kind !== "text" && line.kind !== "code") return undefined;
  const bullet = listItem.exec(line.text);
  if (bullet === null) return undefined;
  const { links, rest } = linksOf(line.text.slice(bullet[0].length));
  return links.length === 1 && /^#./.test(links[0]!.target) && onlySeparators.test(rest) ? links[0] : undefined;
}
