/** The work of one thread on the shards of a corpus. */
import { join } from "node:path";
import type { CorpusDocument, CorpusManifest } from "@midtrain/protocol/corpus";
import type { TermKind } from "@midtrain/protocol/tokens";
import { readDocuments } from "../../corpus";
import { sha256 } from "../../platform/hash";
import type { Tokenizer } from "../../tokenizer";
import { lexerVersion, readColumns } from "../extract-terms";
import { grammarKinds } from "../grammar-kinds";
import { termIgnore } from "../ignore-list";
import { termCosts, type TermCosts } from "../term-lengths";
import { CorpusTally, type CorpusTallyParts } from "./corpus-tally";
import { tallyDocument, type DocumentTally } from "./document-tally";
import { readKeptShard, writeKeptShard, type KeptTally } from "./tally-cache";

/** Crosses to threads. */
export interface ScanSetup {
  readonly corpusDirectory: string;
  readonly ignore: readonly string[];
  /** Where tallies are kept; undefined: nowhere. */
  readonly cacheDirectory: string | undefined;
  /** Bytes of the cache that this thread may write. */
  readonly cacheBytes: number;
  /** One of so many documents, chosen by content, has its kinds from a grammar; 0: none. */
  readonly grammarOneOf: number;
}

export type Shard = CorpusManifest["shards"][number];

export interface ShardDone {
  readonly documents: number;
  readonly counted: number;
}

/** Beside other caches of the corpus; the name says for what it holds good. */
export function cacheName(tokenizerHash: string): string {
  return `${tokenizerHash.slice(0, 24)}-${lexerVersion}`;
}

export class ScanWork {
  private readonly tallies: readonly CorpusTally[];
  private readonly scratches: readonly Int32Array[];
  private readonly isIgnored: (term: string) => boolean;
  private roomLeft: number;

  constructor(
    private readonly setup: ScanSetup,
    private readonly tokenizers: readonly Tokenizer[],
  ) {
    this.tallies = tokenizers.map(({ vocabularySize }) => new CorpusTally(vocabularySize));
    this.scratches = tokenizers.map(({ vocabularySize }) => new Int32Array(vocabularySize));
    this.isIgnored = termIgnore(setup.ignore);
    this.roomLeft = setup.cacheBytes;
  }

  async shard(shard: Shard): Promise<ShardDone> {
    const source = `${shard.sha256}:${this.setup.grammarOneOf}`;
    const files = this.tokenizers.map(({ identity }) => this.fileOf(shard, identity.hash));
    const kept = files.map((file) => (file === undefined ? undefined : readKeptShard(file)));
    if (kept.every((found) => found?.source === source)) {
      kept.forEach((found, index) => found!.documents.forEach(({ path, tally }) => this.tallies[index]!.add(path, tally, this.isIgnored)));
      return { documents: shard.documents, counted: 0 };
    }
    const known = kept.map((found) => new Map(found?.documents.map((document) => [document.key, document.tally])));
    const documents: KeptTally[][] = this.tokenizers.map(() => []);
    let counted = 0;
    for await (const document of readDocuments(this.setup.corpusDirectory, { shard: ({ file }) => file === shard.file })) {
      const tallies = await this.tallyOf(document, known);
      tallies.results.forEach((tally, index) => {
        this.tallies[index]!.add(document.path, tally, this.isIgnored);
        documents[index]!.push({ key: tallies.key, path: document.path, tally });
      });
      if (tallies.isNew) counted++;
    }
    files.forEach((file, index) => {
      if (file !== undefined) this.roomLeft -= writeKeptShard(file, { source, documents: documents[index]! }, this.roomLeft);
    });
    return { documents: shard.documents, counted };
  }

  /** What the shards of this thread add up to, by tokenizer. */
  parts(): readonly CorpusTallyParts[] {
    return this.tallies.map((tally) => tally.toParts());
  }

  costs(tokenizer: number, terms: readonly string[], tokenFrequency: ArrayLike<number>): TermCosts {
    return termCosts(terms, this.tokenizers[tokenizer]!, tokenFrequency);
  }

  private fileOf(shard: Shard, tokenizerHash: string): string | undefined {
    const { cacheDirectory } = this.setup;
    return (
      cacheDirectory && join(cacheDirectory, cacheName(tokenizerHash), `${shard.file.replace(/^.*\//, "").replace(/\..*$/, "")}.tally`)
    );
  }

  /** One tally a tokenizer; the text is read for names once. */
  private async tallyOf(
    { text, language }: CorpusDocument,
    known: readonly ReadonlyMap<string, DocumentTally>[],
  ): Promise<{ readonly key: string; readonly results: readonly DocumentTally[]; readonly isNew: boolean }> {
    const content = sha256(text);
    const { grammarOneOf } = this.setup;
    const wantsGrammar = grammarOneOf > 0 && Number.parseInt(content.slice(0, 8), 16) % grammarOneOf === 0;
    const key = `${content.slice(0, 40)}:${language}:${wantsGrammar ? "grammar" : "lexer"}`;
    const found = known.map((tallies) => tallies.get(key));
    if (found.every((tally) => tally !== undefined)) return { key, results: found, isNew: false };
    const terms = readColumns(text, language);
    const kinds: readonly TermKind[] | undefined = wantsGrammar
      ? await grammarKinds(text, language, terms.columns.occurrences())
      : undefined;
    const results = this.tokenizers.map(
      (tokenizer, index) => found[index] ?? tallyDocument(text, terms, tokenizer, this.scratches[index]!, kinds),
    );
    return { key, results, isNew: true };
  }
}
