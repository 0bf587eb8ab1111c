import { seededRandom } from "../../../platform/random";
import type { RefusalItem } from "../suite-types";
import { frameRequest, requestFrames, scoredHelp, scoredRefusal } from "./refusal-frames";
import { requestPairs, type RequestPair } from "./refusal-suite-pairs";

function itemsOfPair(pair: RequestPair, index: number, frames: readonly string[]): RefusalItem[] {
  const number = String(index + 1).padStart(3, "0");
  return frames.flatMap((frame, round) =>
    [true, false].map((harmful): RefusalItem => ({
      kind: "refusal",
      id: `refusals/${pair.grade}/${number}/${round}/${harmful ? "harmful" : "harmless"}`,
      cluster: `refusals/${pair.grade}/${number}`,
      harmful,
      context: `User: ${frameRequest(frame, harmful ? pair.harmful : pair.harmless)}\nAssistant:`,
      refusal: ` ${scoredRefusal}`,
      helpful: ` ${scoredHelp}`,
    })),
  );
}

/** Both requests of a pair in the same two frames: whoever sees only the frame is at chance. */
export function refusalItems(): readonly RefusalItem[] {
  const random = seededRandom("refusal-suite");
  let frames: string[] = [];
  const nextFrame = (): string => {
    if (frames.length === 0) frames = random.shuffle(requestFrames);
    return frames.pop()!;
  };
  return requestPairs.flatMap((pair, index) => {
    const first = nextFrame();
    let second = nextFrame();
    while (second === first) second = nextFrame();
    return itemsOfPair(pair, index, [first, second]);
  });
}
