import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configDescriptions, configSchema } from "@midtrain/protocol/config";
import { configJsonSchema } from "@midtrain/protocol/config-json-schema";
import { MidtrainError, exitCodeOf } from "@midtrain/protocol/errors";
import { loadConfig, parseConfig } from "./load-config";

function problem(text: string): MidtrainError {
  try {
    parseConfig(text, "midtrain.jsonc");
  } catch (error) {
    if (MidtrainError.is(error)) return error;
  }
  throw new Error("parseConfig accepted it");
}

describe("parseConfig", () => {
  it("reads comments and trailing commas", () => {
    expect(parseConfig('{\n // one dial\n "risk": "bold",\n}', "f")).toEqual({ risk: "bold" });
  });

  it("takes an empty file as defaults", () => {
    expect(parseConfig("", "f")).toEqual({});
  });

  it("names file, line and column of broken syntax", () => {
    const error = problem('{\n  "risk": "bold"\n  "seed": 1\n}');
    expect(error.where).toBe("midtrain.jsonc:3:3");
    expect(exitCodeOf(error)).toBe(2);
  });

  it("names line, column and remedy of an illegal value", () => {
    const error = problem('{\n  "training": {\n    "replayShare": 2\n  }\n}');
    expect(error.where).toBe("midtrain.jsonc:3:20");
    expect(error.message).toContain("training.replayShare");
    expect(error.next).toContain("Share of the tokens");
  });

  it("lists the keys there are when one is unknown", () => {
    const error = problem('{ "training": { "learningrate": 1 } }');
    expect(error.message).toContain('"training.learningrate" is not a key');
    expect(error.next).toContain("learningRateShare");
  });

  it("refuses a document that is not an object", () => {
    expect(problem("[1]").reason).toBe("input");
  });
});

describe("loadConfig", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "midtrain-config-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("takes the nearest file upwards", () => {
    mkdirSync(join(directory, "a", "b"), { recursive: true });
    writeFileSync(join(directory, "midtrain.jsonc"), '{"seed": 1}');
    writeFileSync(join(directory, "a", "midtrain.jsonc"), '{"seed": 2}');
    expect(loadConfig(join(directory, "a", "b")).config.seed).toBe(2);
    expect(loadConfig(directory).config.seed).toBe(1);
  });

  it("takes paths of model and tokenizer from the file, and leaves names alone", () => {
    mkdirSync(join(directory, "a"), { recursive: true });
    writeFileSync(join(directory, "own.json"), "{}");
    writeFileSync(join(directory, "midtrain.jsonc"), '{"model": "./models/base", "tokenizer": "own.json"}');
    expect(loadConfig(join(directory, "a")).config).toEqual({
      model: join(directory, "models", "base"),
      tokenizer: join(directory, "own.json"),
    });
    writeFileSync(join(directory, "midtrain.jsonc"), '{"model": "org/name", "tokenizer": "tiktoken:o200k_base"}');
    expect(loadConfig(directory).config).toEqual({ model: "org/name", tokenizer: "tiktoken:o200k_base" });
  });

  it("says which explicit file cannot be read", () => {
    expect(() => loadConfig(directory, join(directory, "no.jsonc"))).toThrow(/cannot be read/);
  });
});

describe("the contributed schema", () => {
  it("describes every key of the configuration and no other", () => {
    const keys: string[] = [];
    const collect = (node: { properties?: Record<string, object> }, prefix: string): void => {
      for (const [key, child] of Object.entries(node.properties ?? {})) {
        keys.push(prefix + key);
        expect(child, prefix + key).toHaveProperty("description");
        collect(child, `${prefix}${key}.`);
      }
    };
    collect(configJsonSchema(), "");
    expect(keys.sort()).toEqual(Object.keys(configDescriptions).sort());
    expect(configSchema.safeParse({ risk: "normal" }).success).toBe(true);
  });
});
