import { describe, expect, it } from "vitest";
import { seededRandom, type Random } from "../platform/random";
import { packDocuments, renderDocument, type PackedRows, type PackingDocument, type PackingTokenizer } from "./index";
import { segmentWidth } from "./packing-types";
import { repositoryTexts } from "../platform/test-texts";
import { smallTokenizer } from "../tokenizer/small-tokenizer.test-support";

const tokenizer = smallTokenizer();

/** Real files, and texts that make trouble: nothing, one line without end, blank lines, tabs, odd line ends, special-token look-alikes. */
function documentsFor(random: Random): PackingDocument[] {
  const real = random.shuffle(repositoryTexts()).slice(0, 12);
  const trouble = [
    "",
    "\n",
    "\n\n\n\n",
    "x",
    "a".repeat(3000),
    `${"word ".repeat(900)}\n${"tail".repeat(random.int(50))}`,
    "line\r\nline\r\n\r\n\tline\r\n".repeat(1 + random.int(90)),
    "before <|endoftext|> after <|endoftext|>\n",
    "äöü 漢字 🙂\n".repeat(1 + random.int(200)),
    `def f():\n    return 1\n\n\n`.repeat(1 + random.int(80)),
  ];
  const made = trouble.map((text, i) => ({ path: `trouble/${i}.txt`, text }));
  return random.shuffle([...real, ...made]).map(({ path, text }) => ({ id: `id:${path}`, path, language: "typescript", text }));
}

function segmentsOf(
  packed: PackedRows,
): { row: number; start: number; length: number; document: number; bodyStart: number; header: number; ids: Int32Array }[] {
  return Array.from({ length: packed.segments.length / segmentWidth }, (_, i) => {
    const [row, start, length, document, bodyStart, header] = packed.segments.subarray(i * segmentWidth, (i + 1) * segmentWidth);
    const at = row! * packed.rowLength + start!;
    return {
      row: row!,
      start: start!,
      length: length!,
      document: document!,
      bodyStart: bodyStart!,
      header: header!,
      ids: packed.tokens.subarray(at, at + length!),
    };
  });
}

/** The same tokenizer as a plain record, to be changed. */
const bareTokenizer = (): PackingTokenizer => ({
  identity: tokenizer.identity,
  endOfText: tokenizer.endOfText,
  encode: (text, options) => tokenizer.encode(text, options),
  countSpecialLookalikes: (text) => tokenizer.countSpecialLookalikes(text),
});

describe("packDocuments", () => {
  it.each([1, 2, 3, 4, 5, 6])("keeps every character of every document exactly once (seed %i)", async (seed) => {
    const random = seededRandom("pack", seed);
    const documents = documentsFor(random);
    const rowLength = random.pick([32, 64, 200, 512]);
    const packed = await packDocuments({ documents, tokenizer, rowLength, window: random.pick([1, 8, 128]) });
    const segments = segmentsOf(packed);
    for (const document of documents.filter(({ text }) => text !== "")) {
      const index = packed.documents.findIndex(({ id }) => id === document.id);
      const parts = segments.filter((segment) => segment.document === index).sort((a, b) => a.bodyStart - b.bodyStart);
      const bodies = parts.map((part) => [...part.ids.subarray(part.header)]);
      expect(bodies.at(-1)!.at(-1)).toBe(tokenizer.endOfText);
      expect(tokenizer.decode(bodies.flat().slice(0, -1))).toBe(document.text);
      let expectedStart = 0;
      for (const [i, part] of parts.entries()) {
        expect(part.bodyStart).toBe(expectedStart);
        expectedStart += bodies[i]!.length;
      }
    }
    const { ledger } = packed;
    expect(ledger.packedTokens + ledger.paddingTokens).toBe(packed.rows * rowLength);
    expect(ledger.documentTokens + ledger.headerTokens).toBe(ledger.packedTokens);
    expect(ledger.lossTokens).toBe(segments.reduce((sum, segment) => sum + segment.length - segment.header, 0));
    expect(ledger.documents).toBe(documents.filter(({ text }) => text !== "").length);
    expect(ledger.specialLookalikes).toBe(2);
  });

  it("repeats the path header in every fragment of a long file and cuts at lines", async () => {
    const text = repositoryTexts(["protocol/src"]).find(({ path }) => path.endsWith("run.ts"))!.text;
    const document = { id: "a", path: "src/run.ts", language: "typescript", text };
    const packed = await packDocuments({ documents: [document], tokenizer, rowLength: 256 });
    const header = renderDocument(document).header;
    const segments = segmentsOf(packed);
    expect(segments.length).toBeGreaterThan(5);
    for (const segment of segments) expect(tokenizer.decode(segment.ids.subarray(0, segment.header))).toBe(header);
    const inOrder = segments.sort((a, b) => a.bodyStart - b.bodyStart);
    for (const segment of inOrder.slice(0, -1)) expect(tokenizer.decode(segment.ids).endsWith("\n")).toBe(true);
  });

  it("cuts between the parts of a file where they are small enough", async () => {
    const parts = Array.from({ length: 60 }, (_, i) => `function part${i}(value: number): number {\n  return value + ${i};\n}\n`);
    const document = { id: "a", path: "a.ts", language: "typescript", text: parts.join("\n") };
    const packed = await packDocuments({ documents: [document], tokenizer, rowLength: 256 });
    const texts = segmentsOf(packed).map((segment) => tokenizer.decode(segment.ids.subarray(segment.header)));
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts) expect(text.startsWith("function part")).toBe(true);
  });

  it("keeps neighbours of the path order together and wastes little", async () => {
    const documents = repositoryTexts([
      "protocol/src",
      "server/src/platform",
      "server/src/config",
      "server/src/mixture",
      "server/src/gates",
      "server/src/evaluation",
    ]);
    const input = documents.map(({ path, text }) => ({ id: path, path, language: "typescript", text }));
    const packed = await packDocuments({ documents: input, tokenizer, rowLength: 512 });
    expect(packed.ledger.paddingTokens / packed.tokens.length).toBeLessThan(0.08);
    expect(packed.documents.map(({ path }) => path)).toEqual([...input.map(({ path }) => path)].sort());
  });

  it("does not depend on the order in which documents arrive", async () => {
    const documents = documentsFor(seededRandom("order", 1));
    const one = await packDocuments({ documents, tokenizer, rowLength: 128 });
    const other = await packDocuments({ documents: [...documents].reverse(), tokenizer, rowLength: 128 });
    expect(other).toEqual(one);
  });

  it("takes documents from an asynchronous source and stops when cancelled", async () => {
    const controller = new AbortController();
    const source = async function* (): AsyncGenerator<PackingDocument> {
      for (const document of documentsFor(seededRandom("cancel", 1))) {
        yield await Promise.resolve(document);
        controller.abort();
      }
    };
    await expect(packDocuments({ documents: source(), tokenizer, rowLength: 128, signal: controller.signal })).rejects.toMatchObject({
      reason: "cancelled",
    });
  });

  it("leaves text of the base as it is: its own header is context, else it begins after the end-of-text token", async () => {
    const documents = [
      { id: "1", path: "replay/1", language: "text", text: "# lib/a.js\nconst a = 1;\n", rendered: true },
      { id: "2", path: "replay/2", language: "text", text: "no header here\n", rendered: true },
    ];
    const packed = await packDocuments({ documents, tokenizer, rowLength: 64 });
    const [withHeader, without] = segmentsOf(packed);
    expect(tokenizer.decode(withHeader!.ids.subarray(0, withHeader!.header))).toBe("# lib/a.js\n");
    expect([without!.header, without!.ids[0]]).toEqual([1, tokenizer.endOfText]);
    expect(packed.ledger.lossTokens).toBe(withHeader!.length - withHeader!.header + without!.length - 1);
  });

  it("cannot predict the first token of a text without header when the vocabulary has no end-of-text token", async () => {
    const silent = { ...bareTokenizer(), endOfText: undefined };
    const documents = [{ id: "1", path: "replay/1", language: "text", text: "no header here\n".repeat(9), rendered: true }];
    const packed = await packDocuments({ documents, tokenizer: silent, rowLength: 32 });
    const segments = segmentsOf(packed);
    expect(segments.every((segment) => segment.header === 0)).toBe(true);
    expect(packed.ledger.lossTokens).toBe(packed.ledger.packedTokens - segments.length);
    expect(tokenizer.decode(segments.flatMap((segment) => [...segment.ids]))).toBe(documents[0]!.text);
  });

  it("shows control characters of hostile names escaped: a header is one line", () => {
    expect(renderDocument({ path: "a\nb\u0000/c.ts", text: "x", language: "typescript" }).header).toBe("# a\\u000ab\\u0000/c.ts\n");
  });

  it("keeps room for text under a path longer than a row", async () => {
    const path = `${"deep/".repeat(60)}file.ts`;
    const packed = await packDocuments({
      documents: [{ id: "a", path, language: "typescript", text: "const a = 1;\n" }],
      tokenizer,
      rowLength: 32,
    });
    expect(segmentsOf(packed)[0]!.header).toBe(16);
    expect(tokenizer.decode(segmentsOf(packed)[0]!.ids.subarray(0, 16)).endsWith("file.ts\n")).toBe(true);
  });

  it("refuses rows too short for anything", async () => {
    await expect(packDocuments({ documents: [], tokenizer, rowLength: 8 })).rejects.toMatchObject({
      reason: "input",
      where: "training.rowLength",
    });
  });

  it("packs nothing into no rows", async () => {
    expect((await packDocuments({ documents: [], tokenizer, rowLength: 64 })).rows).toBe(0);
  });
});
