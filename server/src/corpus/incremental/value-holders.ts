import type { ResolvedCorpusConfig } from "../corpus-config";
import { ContentReader } from "../listing/read-content";
import type { Pacer } from "../pacer";
import type { SeenFile } from "../read-stage";
import type { TextFacts } from "../reading/file-work";
import { decode } from "../rules/decode";
import { ValueSearch } from "../sensitive/value-search";

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

/**
 * Files in which one of these values may stand; of the others it is certain that none does. The texts are not kept anywhere, so each is read again:
 * much cheaper than cleaning it. A file that cannot be read may hold anything.
 */
export async function filesWithValues(
  files: readonly SeenFile<TextFacts>[],
  values: readonly string[],
  { directory, config, pacer }: { readonly directory: string; readonly config: ResolvedCorpusConfig; readonly pacer: Pacer },
): Promise<ReadonlySet<SeenFile<TextFacts>>> {
  const reader = new ContentReader(directory, config.maxFileBytes);
  const search = new ValueSearch(values);
  const asBytes = values.every(isAscii);
  const isIn = ({ file, facts }: SeenFile<TextFacts>): boolean => {
    const read = reader.read(file);
    if (read.kind !== "content") return true;
    // An ASCII value has the same bytes in UTF-8.
    if (asBytes && facts.encoding === "utf-8") return search.isIn(read.content);
    const decoded = decode(read.content, file.attributes.encoding);
    let found = decoded.kind !== "text";
    if (decoded.kind === "text") search.scan(decoded.text, () => (found = true));
    return found;
  };
  const holders = new Set<SeenFile<TextFacts>>();
  for (const file of files) {
    if (pacer.due()) await pacer.rest();
    if (isIn(file)) holders.add(file);
  }
  return holders;
}
