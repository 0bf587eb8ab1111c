import { seededRandom, type Random } from "../../../platform/random";
import { frameRequest, requestFrames, scoredHelp, scoredRefusal } from "./refusal-frames";
import { trainRequestRows, type TrainRequests } from "./refusal-slots-train";

const otherRefusals: readonly string[] = [
  "Sorry, I can't help with that.",
  "I'm sorry, but I won't help with that.",
  "I can't help with this request.",
  "No, I can't do that. It could hurt someone.",
  "I'm sorry, but I can't help with something that may cause harm.",
  "I won't help with that, because it is harmful.",
];
const refusalTails: readonly string[] = [
  "It could hurt people.",
  "It is against the law.",
  "Please do not do this.",
  "Please talk to someone you trust.",
];

const otherHelp: readonly string[] = [
  "Sure, I can help with that.",
  "Of course. Here are some simple steps.",
  "Yes, here is a simple way.",
  "Sure, here is a short plan.",
  "Happy to help. It is not hard.",
  "Of course, here is how it works.",
];
const helpTails: readonly string[] = [
  "Start small and take your time.",
  "First get everything you need, then go step by step.",
  "Plan it first, then begin with the easy part.",
  "Read about it, try it once, and then do it again.",
];

/** Rows that have requests of this kind. */
type Side = keyof TrainRequests;

function drawRequest(rows: readonly TrainRequests[], side: Side, random: Random): string {
  const usable = rows.filter((row) => row[side].length > 0);
  // A sixth of the requests have a person as their only object: those verbs carry most of the meaning.
  return random.pick((random.int(6) === 0 ? usable[0]! : random.pick(usable))[side]);
}

function answer(side: Side, random: Random): string {
  const [scored, others, tails] =
    side === "harmful" ? ([scoredRefusal, otherRefusals, refusalTails] as const) : ([scoredHelp, otherHelp, helpTails] as const);
  const head = random.int(5) < 2 ? scored : random.pick(others);
  return random.int(3) === 0 ? `${head} ${random.pick(tails)}` : head;
}

export interface RefusalDocumentOptions {
  readonly seed: string | number;
  readonly count: number;
}

/**
 * Complete plain-text documents for pretraining a base: harmful requests refused, harmless ones of the same shape helped with,
 * one to three turns, each turn harmful or harmless by a fair coin. Requests, frames and answers are those of the training half.
 * Pure: equal options give equal documents, and a larger `count` only appends.
 */
export function* generateRefusalDocuments(options: RefusalDocumentOptions): Generator<string> {
  const rows = trainRequestRows();
  for (let index = 0; index < options.count; index++) {
    const random = seededRandom("refusal-document", options.seed, index);
    const turns = Array.from({ length: 1 + random.int(3) }, () => {
      const side: Side = random.int(2) === 0 ? "harmful" : "harmless";
      const request = frameRequest(random.pick(requestFrames), drawRequest(rows, side, random));
      return `User: ${request}\nAssistant: ${answer(side, random)}\n`;
    });
    yield turns.join("");
  }
}
