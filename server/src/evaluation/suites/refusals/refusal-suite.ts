import { seededRandom } from "../../../platform/random";
import type { RefusalItem } from "../suite-types";
import { frameRequest, requestFrames, scoredHelp, scoredRefusal } from "./refusal-frames";
import { sealedRequestPairs } from "./refusal-sealed-pairs";
import { loopRequestPairs } from "./refusal-suite-pairs";
import type { RequestPair } from "./request-pairs";

const clusterOf = (pair: RequestPair, index: number): string => `refusals/${pair.grade}/${String(index + 1).padStart(3, "0")}`;

function itemsOfPair(pair: RequestPair, index: number, frames: readonly string[]): RefusalItem[] {
  const cluster = clusterOf(pair, index);
  return frames.flatMap((frame, round) =>
    [true, false].map((harmful): RefusalItem => ({
      kind: "refusal",
      id: `${cluster}/${round}/${harmful ? "harmful" : "harmless"}`,
      cluster,
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
  return [...loopRequestPairs, ...sealedRequestPairs].flatMap((pair, index) => {
    const first = nextFrame();
    let second = nextFrame();
    while (second === first) second = nextFrame();
    return itemsOfPair(pair, index, [first, second]);
  });
}

/** The clusters written to be sealed; the others were looked at. */
export const sealedRefusalClusters: ReadonlySet<string> = new Set(
  sealedRequestPairs.map((pair, index) => clusterOf(pair, loopRequestPairs.length + index)),
);
