import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { embeddedBaseDirectory } from "../config";
import { openBaseModel } from "./base-model";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "midtrain-hub-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A model as huggingface_hub leaves it: blobs, and snapshots of links to them. */
function cached(name: string, revision: string): void {
  const model = join(home, "hub", `models--${name.replace("/", "--")}`);
  const snapshot = join(model, "snapshots", revision);
  mkdirSync(join(model, "refs"), { recursive: true });
  mkdirSync(snapshot, { recursive: true });
  cpSync(embeddedBaseDirectory(), join(model, "blobs"), { recursive: true });
  for (const file of readdirSync(join(model, "blobs"))) symlinkSync(join("..", "..", "blobs", file), join(snapshot, file));
  writeFileSync(join(model, "refs", "main"), revision);
}

describe("openBaseModel", () => {
  it("finds a model by its name in the Hugging Face cache, with the hash of its contents", () => {
    cached("acme/tiny-code", "0123abc");
    const base = openBaseModel("acme/tiny-code", home, { HF_HOME: home });
    expect(base.name).toBe("acme/tiny-code");
    expect(base.directory.endsWith(join("snapshots", "0123abc"))).toBe(true);
    expect(base.hash).toBe(openBaseModel(undefined).hash);
    expect(base.embedded).toBe(false);
  });

  it("takes a directory of that name first", () => {
    cached("acme/tiny-code", "0123abc");
    const own = join(home, "acme", "tiny-code");
    mkdirSync(join(home, "acme"));
    cpSync(embeddedBaseDirectory(), own, { recursive: true });
    expect(openBaseModel("acme/tiny-code", home, { HF_HOME: home }).directory.endsWith(join("acme", "tiny-code"))).toBe(true);
  });

  it("says what is missing: the model, or its weights", () => {
    expect(() => openBaseModel("acme/none", home, { HF_HOME: home })).toThrow(/no such model directory/);
    cached("acme/tiny-code", "0123abc");
    const snapshot = join(home, "hub", "models--acme--tiny-code", "snapshots", "0123abc");
    renameSync(join(snapshot, "model.safetensors"), join(snapshot, "model.bin"));
    expect(() => openBaseModel("acme/tiny-code", home, { HF_HOME: home })).toThrow(/no \*\.safetensors/);
  });
});
