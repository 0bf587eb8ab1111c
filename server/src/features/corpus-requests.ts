/** The requests about a written corpus: pages, answers, edits, staleness, report. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CorpusChange } from "@midtrain/protocol/corpus-view";
import type { ServerRequests } from "@midtrain/protocol/language-server";
import { MidtrainError } from "@midtrain/protocol/errors";
import { bundledFile, ensureMidtrainDirectory } from "../config";
import { writeFileAtomic } from "../platform/atomic-write";
import { readCorpusCheck } from "./corpus-check-file";
import { hashOfFinding } from "./corpus-allowance";
import { configurationEdit, configurationTemplate, type ConfigurationChange } from "./corpus-config-edit";
import { explainFile } from "./corpus-explain";
import type { CorpusIndex, CorpusIndexes } from "./corpus-index";
import { corpusPage } from "./corpus-pages";
import { corpusReport } from "./corpus-report";
import { CorpusStalenessLook } from "./corpus-staleness";
import { configurationFileOf, type JobPlace } from "./engine-jobs";

type CorpusMethod =
  | "midtrain/corpusPage"
  | "midtrain/corpusReport"
  | "midtrain/explainFile"
  | "midtrain/configurationFile"
  | "midtrain/configurationEdit"
  | "midtrain/corpusStaleness";

type CorpusHandlers = {
  readonly [M in CorpusMethod]: (params: ServerRequests[M]["params"]) => Promise<ServerRequests[M]["result"]>;
};

export function corpusHandlers(indexes: CorpusIndexes, place: (directory: string) => JobPlace, requireTrust: () => void): CorpusHandlers {
  const staleness = new CorpusStalenessLook();
  return {
    "midtrain/corpusPage": async ({ directory, ...query }) => {
      const index = await indexes.newest(place(directory));
      return index === undefined ? { entries: [], total: 0 } : corpusPage(index, query);
    },
    "midtrain/corpusReport": async ({ directory }) => {
      const index = await indexes.newest(place(directory));
      return index === undefined ? null : corpusReport(index, directory, readCorpusCheck(place(directory).midtrain, index.manifest.corpus));
    },
    "midtrain/explainFile": async ({ directory, file }) => {
      requireTrust();
      const where = place(directory);
      return explainFile(await indexes.newest(where), where, file);
    },
    "midtrain/configurationFile": async ({ directory }) => {
      const file = configurationFileOf(place(directory).midtrain);
      return { file, exists: existsSync(file), template: configurationTemplate };
    },
    "midtrain/configurationEdit": async ({ directory, file, text, change }) => {
      requireTrust();
      const where = place(directory);
      keepSchema(where.midtrain);
      return configurationEdit(text, await hashed(change, where, indexes), file);
    },
    "midtrain/corpusStaleness": async ({ directory, paths }) => {
      requireTrust();
      const where = place(directory);
      const index = await indexes.newest(where);
      return index === undefined ? null : staleness.look(index, where, paths, configurationFileOf(where.midtrain));
    },
  };
}

/** A value becomes its salted hash; every allowance has a salt of its own. */
async function hashed(change: CorpusChange, place: JobPlace, indexes: CorpusIndexes): Promise<ConfigurationChange> {
  if (change.kind !== "allow-value") return change;
  const index: CorpusIndex | undefined = await indexes.newest(place);
  if (index === undefined)
    throw new MidtrainError({ reason: "input", message: "There is no corpus with this finding.", next: "Harvest the repository first." });
  const hash = await hashOfFinding(index, place, change.finding, randomBytes(8).toString("hex"));
  return { kind: "allow-hash", rule: change.finding.rule, hash };
}

/** The schema that a new configuration names: other editors complete its keys with it, this one also by the file's name. */
function keepSchema(midtrain: string): void {
  const schema = bundledSchema();
  const file = join(midtrain, "midtrain.schema.json");
  if (schema === undefined || (existsSync(file) && readFileSync(file, "utf8") === schema)) return;
  ensureMidtrainDirectory(midtrain);
  writeFileAtomic(file, schema);
}

function bundledSchema(): string | undefined {
  try {
    return readFileSync(bundledFile("midtrain.schema.json"), "utf8");
  } catch {
    return undefined;
  }
}
