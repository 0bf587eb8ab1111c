/** The manifest says exactly what the code registers, reads and shows. */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { commandNames, panelTypes, settingNames, viewIds } from "./contributions";

const root = resolve(__dirname, "..", "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const texts = JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8")) as Record<string, string>;

interface Manifest {
  readonly version: string;
  readonly icon: string;
  readonly main: string;
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly enablement?: string;
    }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown; readonly scope: string }>> };
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly media: { readonly markdown: string }; readonly completionEvents: readonly string[] }[];
    }[];
  };
}

function sourceFiles(directory: string): readonly string[] {
  return readdirSync(directory).flatMap((name) => {
    const file = join(directory, name);
    if (statSync(file).isDirectory()) return sourceFiles(file);
    return name.endsWith(".ts") && !name.endsWith(".test.ts") ? [file] : [];
  });
}

const code = sourceFiles(__dirname)
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

describe("manifest", () => {
  it("declares exactly the commands that the code registers", () => {
    expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual([...commandNames].sort());
    expect(new Set(manifest.contributes.commands.map(({ category }) => category))).toEqual(new Set(["Midtrain"]));
  });

  it("puts only declared commands into menus", () => {
    const used = Object.values(manifest.contributes.menus).flatMap((items) => items.map(({ command }) => command));
    expect(used.filter((command) => !(commandNames as readonly string[]).includes(command))).toEqual([]);
  });

  it("declares exactly the settings that the code knows, each with default and scope", () => {
    const properties = manifest.contributes.configuration.properties;
    expect(Object.keys(properties).sort()).toEqual([...settingNames].sort());
    for (const property of Object.values(properties)) {
      expect(property.default).toBeDefined();
      expect(property.scope).toBeTypeOf("string");
    }
  });

  it("declares exactly the views that the code fills, each with a welcome view", () => {
    const views = Object.values(manifest.contributes.views).flat();
    expect(views.map(({ id }) => id).sort()).toEqual(Object.values(viewIds).sort());
    for (const { id } of views) expect(manifest.contributes.viewsWelcome.some(({ view }) => view === id)).toBe(true);
  });

  it("restores every panel type after a reload", () => {
    for (const type of Object.values(panelTypes)) expect(manifest.activationEvents).toContain(`onWebviewPanel:${type}`);
  });

  it("has a text for every %key% and a key for every text", () => {
    const keys = [...JSON.stringify(manifest).matchAll(/%([\w.]+)%/g)].map((match) => match[1]!);
    expect([...new Set(keys)].sort()).toEqual(Object.keys(texts).sort());
  });

  it("links only to commands that exist", () => {
    const links = [...JSON.stringify(texts).matchAll(/\(command:([\w.]+)\)/g)].map((match) => match[1]!);
    const own = links.filter((link) => link.startsWith("midtrain."));
    expect(own.filter((link) => !(commandNames as readonly string[]).includes(link))).toEqual([]);
  });

  it("asks for trust before anything of the workspace runs, and restricts settings that name paths", () => {
    for (const name of ["midtrain.adapt", "midtrain.harvest", "midtrain.startRun", "midtrain.resumeRun"]) {
      expect(manifest.contributes.commands.find(({ command }) => command === name)?.enablement).toContain("isWorkspaceTrusted");
    }
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe("limited");
    for (const name of ["midtrain.tokenizer", "midtrain.model"])
      expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain(name);
  });

  it("names files that exist", () => {
    expect(existsSync(join(root, manifest.icon))).toBe(true);
    for (const { steps } of manifest.contributes.walkthroughs)
      for (const step of steps) expect(existsSync(join(root, step.media.markdown))).toBe(true);
  });

  it("runs where the repository is", () => {
    expect(manifest.extensionKind).toEqual(["workspace"]);
  });
});

describe("extension code", () => {
  it("awaits nothing in activate", () => {
    const activate = readFileSync(join(__dirname, "extension.ts"), "utf8");
    expect(activate).not.toMatch(/\bawait |\basync /);
  });

  it("keeps no hidden panel alive and uses a nonce and no inline script or style", () => {
    expect(code).not.toContain("retainContextWhenHidden: true");
    const html = readFileSync(join(__dirname, "panels", "panel-html.ts"), "utf8");
    expect(html).toContain("default-src 'none'");
    expect(html).not.toContain("unsafe-inline");
    expect(html).not.toContain("unsafe-eval");
  });

  it("writes to no console", () => {
    expect(code).not.toMatch(/console\.(log|error|warn)/);
  });
});
