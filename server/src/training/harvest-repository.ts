import { dirname } from "node:path";
import type { MidtrainConfig } from "@midtrain/protocol/config";
import type { OnProgress } from "@midtrain/protocol/progress";
import { harvest, type Harvest } from "../corpus";
import { evaluationTexts } from "../evaluation";

/** What is harvested: a repository under its configuration. */
interface HarvestPlace {
  readonly directory: string;
  /** The `.midtrain` directory. */
  readonly midtrain: string;
  readonly config: MidtrainConfig;
  /** The file that the configuration was read from; corpus.roots are relative to it, without one to the repository. */
  readonly configFile?: string | undefined;
}

interface HarvestControl {
  /** Texts of the evaluation items, where the caller has them at hand. */
  readonly evaluation?: ReturnType<typeof evaluationTexts>;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** The harvest of command line, editor and run alike: the same corpus for the same repository, whoever asks. */
export function harvestRepository(
  place: HarvestPlace,
  { evaluation = evaluationTexts(), signal, onProgress }: HarvestControl,
): Promise<Harvest> {
  const { directory, midtrain, config, configFile } = place;
  return harvest({
    directory,
    out: midtrain,
    config: config.corpus ?? {},
    seed: config.seed ?? 0,
    evaluation,
    ...(configFile === undefined ? {} : { configDirectory: dirname(configFile) }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}
