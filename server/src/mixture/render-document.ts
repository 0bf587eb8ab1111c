/** A document as a model reads it: the path header is context (masked from the loss), the body is learned. */
export interface RenderedDocument {
  readonly header: string;
  readonly body: string;
}

/**
 * One uniform header for every language, so that a model can rely on it and a fragment can repeat it (research/corpus §5.1).
 * The embedded base is pretrained with the same rendering. Control characters of hostile names are shown escaped: a header is one line.
 */
export function renderDocument(document: { readonly path: string; readonly text: string; readonly language: string }): RenderedDocument {
  return { header: pathHeader(document.path), body: document.text };
}

function pathHeader(path: string): string {
  return `# ${headerLine(path)}\n`;
}

/** A name as it stands in a header: one line. */
export function headerLine(name: string): string {
  return name.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`);
}

/** Text that was rendered before (the base's own samples): a first line in the form of a header is taken as one. */
export function splitRendered(text: string): RenderedDocument {
  const header = /^# [^\n]{1,300}\n/.exec(text)?.[0] ?? "";
  return { header, body: text.slice(header.length) };
}
