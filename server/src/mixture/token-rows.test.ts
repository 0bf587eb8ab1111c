import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTokenRows, packDocuments, writeTokenRows, type PackedRows } from "./index";
import { repositoryTexts } from "../platform/test-texts";
import { smallTokenizer } from "../tokenizer/small-tokenizer.test-support";

const tokenizer = smallTokenizer();
const documents = repositoryTexts(["server/src/platform"]).map(({ path, text }) => ({ id: path, path, language: "typescript", text }));
const about = { source: "domain", corpus: "c0ffee" };
let directory: string;
let packed: PackedRows;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "token-rows-"));
  packed = await packDocuments({ documents, tokenizer, rowLength: 128 });
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("token rows on disk", () => {
  it("gives every row back with its boundaries", () => {
    const written = writeTokenRows(directory, packed, about);
    expect(readdirSync(written.directory).sort()).toEqual(["documents.json", "manifest.json", "segments.bin", "tokens.bin"]);
    const rows = openTokenRows(written.directory);
    expect(rows.manifest).toEqual(written.manifest);
    let loss = 0;
    for (let index = 0; index < rows.manifest.rows; index++) {
      const row = rows.row(index, 0.25);
      expect([...row.tokens]).toEqual([...packed.tokens.subarray(index * 128, (index + 1) * 128)]);
      expect(row).toMatchObject({ source: "domain", klWeight: 0.25 });
      for (let t = 0; t < 128; t++) {
        const starts = row.documents[t] !== -1 && (t === 0 || row.documents[t] !== row.documents[t - 1]);
        if (starts) expect([row.positions[t], row.lossWeights[t]]).toEqual([0, 0]);
        else if (row.documents[t] === -1) expect([row.positions[t], row.lossWeights[t]]).toEqual([0, 0]);
        else expect(row.positions[t]).toBe(row.positions[t - 1]! + 1);
        loss += row.lossWeights[t]!;
      }
    }
    expect(loss).toBe(rows.manifest.ledger.lossTokens);
  });

  it("names the documents of a row with their tokens", () => {
    const rows = openTokenRows(writeTokenRows(directory, packed, about).directory);
    const total = new Map<string, number>();
    for (let index = 0; index < rows.manifest.rows; index++) {
      for (const { path, tokens } of rows.documentsOfRow(index)) total.set(path, (total.get(path) ?? 0) + tokens);
    }
    expect([...total.keys()].sort()).toEqual(documents.map(({ path }) => path).sort());
    expect([...total.values()].reduce((sum, tokens) => sum + tokens, 0)).toBe(rows.manifest.ledger.packedTokens);
  });

  it("uses complete rows again and has another id for another content", async () => {
    const first = writeTokenRows(directory, packed, about);
    const before = statSync(join(first.directory, "tokens.bin")).mtimeMs;
    const again = writeTokenRows(directory, await packDocuments({ documents, tokenizer, rowLength: 128 }), about);
    expect(again).toEqual(first);
    expect(statSync(join(first.directory, "tokens.bin")).mtimeMs).toBe(before);
    const other = writeTokenRows(directory, await packDocuments({ documents: documents.slice(1), tokenizer, rowLength: 128 }), about);
    expect(other.id).not.toBe(first.id);
    expect(writeTokenRows(directory, packed, { ...about, corpus: "beef" }).id).not.toBe(first.id);
  });

  it.each(["tokens.bin", "segments.bin", "documents.json"])("notices a truncated %s, and writes it anew", (file) => {
    const written = writeTokenRows(directory, packed, about);
    truncateSync(join(written.directory, file), 10);
    expect(() => openTokenRows(written.directory)).toThrowError(
      expect.objectContaining({ reason: "corrupt", where: join(written.directory, file) }),
    );
    writeTokenRows(directory, packed, about);
    expect(openTokenRows(written.directory).manifest.rows).toBe(packed.rows);
  });

  it("notices a changed byte, a missing file and a damaged manifest", () => {
    const written = writeTokenRows(directory, packed, about);
    const file = join(written.directory, "tokens.bin");
    const bytes = readFileSync(file);
    bytes[5]! ^= 1;
    writeFileSync(file, bytes);
    expect(() => openTokenRows(written.directory)).toThrowError(expect.objectContaining({ reason: "corrupt", where: file }));
    rmSync(file);
    expect(() => openTokenRows(written.directory)).toThrowError(expect.objectContaining({ reason: "corrupt", where: file }));
    const manifest = join(written.directory, "manifest.json");
    for (const text of ["{", "{}", JSON.stringify({ ...written.manifest, rows: -1 })]) {
      writeFileSync(manifest, text);
      expect(() => openTokenRows(written.directory)).toThrowError(expect.objectContaining({ reason: "corrupt", where: manifest }));
    }
  });

  it("refuses a row that does not exist", () => {
    const rows = openTokenRows(writeTokenRows(directory, packed, about).directory);
    expect(() => rows.row(rows.manifest.rows, 0)).toThrowError(expect.objectContaining({ reason: "internal" }));
  });
});
