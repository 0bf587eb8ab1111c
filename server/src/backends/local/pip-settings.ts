/** A company's package index, proxy certificate and the like stand in pip's settings, which uv does not read. */
import { runProgram } from "./run-program";

const variables: readonly (readonly [setting: string, variable: string])[] = [
  ["index-url", "UV_DEFAULT_INDEX"],
  ["extra-index-url", "UV_INDEX"],
  ["cert", "SSL_CERT_FILE"],
];

/** pip's settings as variables for uv; those that the user set for uv stand. */
export async function pipSettings(python: string, signal?: AbortSignal): Promise<NodeJS.ProcessEnv> {
  const result = await runProgram(python, ["-m", "pip", "config", "list"], { signal, milliseconds: 20_000 });
  return result?.code === 0 ? uvVariables(result.stdout, process.env) : {};
}

/** @param listing lines of `pip config list`: `global.index-url='https://…'` */
export function uvVariables(listing: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const found: NodeJS.ProcessEnv = {};
  for (const line of listing.split("\n")) {
    const [, setting, value] = /^(?:global|install|:env:)\.([\w-]+)='(.*)'\s*$/.exec(line) ?? [];
    const variable = variables.find(([name]) => name === setting)?.[1];
    if (variable !== undefined && value && !environment[variable]) found[variable] = value.replaceAll("\\n", " ").trim();
  }
  return found;
}
