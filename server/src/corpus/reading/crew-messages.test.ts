import { expect, it } from "vitest";
import { Packer, unpacked } from "./crew-messages";
import type { Cleaned } from "./file-work";

function cleaned(textBytes: number, shingles: number): Cleaned {
  return {
    kind: "document",
    spans: [],
    redactions: [],
    redactedBytes: 0,
    strippedBytes: 0,
    words: `${shingles}`,
    text: Uint8Array.from({ length: textBytes }, (_, at) => at + textBytes),
    high: Uint32Array.from({ length: shingles }, (_, at) => at * 3),
    low: Uint32Array.from({ length: shingles }, (_, at) => at * 5 + 1),
  };
}

it("what was packed comes back, in the room or beside it", () => {
  const room = new SharedArrayBuffer(256);
  const packer = new Packer(room);
  const documents = [
    cleaned(5, 3),
    { kind: "reject", rule: "empty", reason: "Nothing." } as const,
    cleaned(400, 2),
    cleaned(0, 0),
    cleaned(9, 20),
  ];
  const sent = documents.map((one) => packer.pack(one));
  expect(packer.own).toHaveLength(1);
  expect(sent.map((one) => unpacked(one, room))).toEqual(documents);
});
