import * as z from "zod/mini";
import { configDescriptions, configSchema } from "./config";

interface SchemaNode {
  description?: string;
  properties?: Record<string, SchemaNode>;
  [key: string]: unknown;
}

/** The JSON schema of midtrain.jsonc with a description on every key: completion and hovers in the editor. */
export function configJsonSchema(): SchemaNode {
  const schema = z.toJSONSchema(configSchema) as SchemaNode;
  describe(schema, "");
  return { ...schema, title: "Midtrain configuration", allowComments: true, allowTrailingCommas: true };
}

function describe(node: SchemaNode, prefix: string): void {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    const text = configDescriptions[path];
    if (text !== undefined) child.description = text;
    describe(child, path);
  }
}
