/** Snapshots of two corpora: a repository of some size, and a handful of files. */
import type { CorpusReport } from "@midtrain/protocol/corpus-view";

const side = (documents: number, bytes: number): { documents: number; bytes: number } => ({ documents, bytes });

export function corpusFixture(large: boolean): CorpusReport {
  return large ? largeCorpus() : smallCorpus();
}

function largeCorpus(): CorpusReport {
  const rejectedBytesByRule = {
    vendored: 9_120_000,
    generated: 4_410_000,
    "data-heavy": 2_350_000,
    "duplicate-near": 1_260_000,
    minified: 880_000,
    "duplicate-blob": 640_000,
    "lock-file": 512_000,
    binary: 480_000,
    "licence-text": 61_000,
    "duplicate-text": 38_000,
    "key-file": 5_400,
    symlink: 120,
  };
  const rejected = Object.values(rejectedBytesByRule).reduce((sum, size) => sum + size, 0);
  const byClass = {
    source: side(871, 7_900_000),
    test: side(402, 3_100_000),
    documentation: side(164, 1_100_000),
    "config-template": side(88, 310_000),
    changelog: side(6, 122_000),
    runbook: side(3, 18_000),
  };
  const kept = Object.values(byClass).reduce((sum, { bytes }) => sum + bytes, 0);
  const languages: readonly (readonly [string, string, number, number])[] = [
    ["source", "typescript", 511, 4_910_000],
    ["source", "python", 214, 1_880_000],
    ["test", "typescript", 302, 2_240_000],
    ["documentation", "markdown", 151, 1_050_000],
    ["source", "rust", 92, 870_000],
    ["test", "python", 100, 860_000],
    ["source", "shellscript", 54, 240_000],
    ["config-template", "yaml", 61, 210_000],
    ["changelog", "markdown", 6, 122_000],
    ["config-template", "toml", 27, 100_000],
    ["documentation", "restructuredtext", 13, 50_000],
    ["runbook", "markdown", 3, 18_000],
  ];
  const redacted = 2_900;
  const stripped = 214_000;
  return {
    directory: "/home/user/warehouse",
    manifest: {
      format: 1,
      corpus: "9f2ab40c17d3e655",
      tool: "0.1.0",
      rules: "3",
      repository: { kind: "git", head: "4f2c1a9be07714d2", branch: "main", dirty: 3 },
      documents: 1534,
      bytes: { seen: kept + redacted + stripped + rejected, kept, redacted, stripped, rejected },
      byClass,
      byLanguage: { typescript: side(813, 7_150_000), python: side(314, 2_740_000) },
      rejectsByRule: {
        vendored: 610,
        generated: 140,
        "duplicate-near": 96,
        "duplicate-blob": 71,
        binary: 51,
        "data-heavy": 38,
        minified: 21,
        "licence-text": 9,
        "duplicate-text": 7,
        "lock-file": 4,
        "key-file": 2,
        symlink: 2,
      },
      redactionsByRule: { "e-mail": 9, "keyword-assignment": 4, "aws-access-key": 2, "private-key": 1, "ip-address": 1 },
      redactedFiles: 9,
      duplicateClusters: 38,
      split: {
        train: side(1438, 11_800_000),
        heldOut: side(64, 500_000),
        sealed: side(32, 250_000),
        words: "96 files (6.0 % of the bytes) are held out in whole groups of similar files; no pair across the line reaches Jaccard 0.5.",
      },
      notes: ["1 submodule was not entered: third_party/wire.", "3 files were converted to UTF-8: 3 from windows-1252."],
      seconds: 3.4,
    },
    rejectedBytesByRule,
    kept: languages.map(([documentClass, language, files, bytes]) => ({ class: documentClass, language, files, bytes })),
    directories: [
      { directory: "third_party/wire-format/", files: 402, bytes: 7_100_000, rejectedBytes: 7_090_000, duplicateBytes: 0, redactions: 0 },
      { directory: "web/generated/", files: 120, bytes: 4_200_000, rejectedBytes: 4_150_000, duplicateBytes: 12_000, redactions: 0 },
      { directory: "services/billing/", files: 214, bytes: 2_600_000, rejectedBytes: 310_000, duplicateBytes: 840_000, redactions: 6 },
      { directory: "", files: 31, bytes: 700_000, rejectedBytes: 540_000, duplicateBytes: 0, redactions: 2 },
      { directory: "deploy/", files: 44, bytes: 160_000, rejectedBytes: 21_000, duplicateBytes: 3_000, redactions: 9 },
    ],
    residualRisk:
      "Rules, key words and entropy find most credentials and personal data, not all. Review what is left before the corpus or the model leaves this machine.",
    check: {
      corpus: "",
      ok: true,
      documents: 1204,
      pairsAcross: { total: 0, shown: [] },
      duplicatesLeft: { total: 0, shown: [] },
      problems: [],
      leakage: { lines: 8123, verbatim: 402 },
      sharedRuns: 17,
      repetition: [
        { directory: "", documents: 1204, diversity: 0.91, templated: 0.04, repeatedLines: 0.11, alikeDocuments: 0.03 },
        { directory: "services/billing", documents: 214, diversity: 0.71, templated: 0.22, repeatedLines: 0.31, alikeDocuments: 0.12 },
        { directory: "deploy", documents: 44, diversity: 0.55, templated: 0.41, repeatedLines: 0.47, alikeDocuments: 0.3 },
      ],
    },
  };
}

function smallCorpus(): CorpusReport {
  return {
    directory: "/home/user/notes",
    manifest: {
      format: 1,
      corpus: "0011223344556677",
      tool: "0.1.0",
      rules: "3",
      repository: { kind: "directory" },
      documents: 3,
      bytes: { seen: 5200, kept: 5200, redacted: 0, stripped: 0, rejected: 0 },
      byClass: { source: side(3, 5200) },
      byLanguage: { typescript: side(3, 5200) },
      rejectsByRule: {},
      redactionsByRule: {},
      redactedFiles: 0,
      duplicateClusters: 0,
      split: {
        train: side(2, 3400),
        heldOut: side(1, 1800),
        sealed: side(0, 0),
        words: "1 file is held out.",
        note: "The repository is too small to hold out 20 files.",
      },
      notes: [],
      seconds: 0.1,
    },
    rejectedBytesByRule: {},
    kept: [{ class: "source", language: "typescript", files: 3, bytes: 5200 }],
    directories: [],
    residualRisk: "Rules find most credentials, not all.",
  };
}
