export type { EncodeOptions, Encoding, Tokenizer } from "./tokenizer";
export type { AddedTokenJson, BpeModelJson, ComponentJson, TokenizerJson } from "./tokenizer-json";
export { trainByteLevelBpe, type TrainBpeOptions } from "./train-bpe";
export { byteLevelFromJson } from "./byte-level-json";
export { loadTokenizer, type LoadTokenizerOptions } from "./load-tokenizer";
export { EditedText, type TextRange, type TokenRange } from "./edited-text";
export type { MergeStep, PieceMergePath } from "./merge-path";
export { IntList } from "./int-list";
