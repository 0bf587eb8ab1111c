/** Tokens of texts that an editor changes a little at a time: a text that is like one of the last few is encoded as its edit. */
import { EditedText, type Encoding, type Tokenizer } from "../tokenizer";

interface Live {
  readonly tokenizer: Tokenizer;
  readonly edited: EditedText;
}

/** As many documents as an editor shows side by side. */
const remembered = 4;
/** A smaller shared part is another text. */
const sharedShare = 0.5;

const live: Live[] = [];

/** The tokens of a text, special-token look-alikes taken as ordinary text. */
export function liveEncoding(text: string, tokenizer: Tokenizer): Encoding {
  const best = closest(text, tokenizer);
  const entry = best?.entry ?? { tokenizer, edited: new EditedText(tokenizer, text, { special: "ordinary" }) };
  if (best !== undefined) {
    const { head, tail } = best;
    best.entry.edited.edit(head, best.entry.edited.text.length - tail, text.slice(head, text.length - tail));
    live.splice(live.indexOf(best.entry), 1);
  }
  live.unshift(entry);
  live.length = Math.min(live.length, remembered);
  return entry.edited.encoding();
}

interface Shared {
  readonly head: number;
  readonly tail: number;
}

function closest(text: string, tokenizer: Tokenizer): ({ readonly entry: Live } & Shared) | undefined {
  let best: ({ readonly entry: Live } & Shared) | undefined;
  for (const entry of live) {
    if (entry.tokenizer !== tokenizer) continue;
    const shared = sharedEnds(entry.edited.text, text);
    if (best === undefined || shared.head + shared.tail > best.head + best.tail) best = { entry, ...shared };
  }
  return best !== undefined && best.head + best.tail >= sharedShare * Math.max(1, text.length) ? best : undefined;
}

/** Units that two texts share at their beginnings and ends, none twice. */
function sharedEnds(before: string, after: string): Shared {
  const limit = Math.min(before.length, after.length);
  let head = 0;
  while (head < limit && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  let tail = 0;
  while (tail < limit - head && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  return { head, tail };
}
