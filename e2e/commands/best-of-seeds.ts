/** What the model paints of a graph: the best of a few seeds by its own verifier. */
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { GenerationResult } from '#engine/contract/protocol.ts';
import type { Engine } from '#engine/engine.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

interface Best {
  readonly result: GenerationResult;
  readonly settings: GenerationSettings;
  /** How much of the graph the verifier sees, 0–1. */
  readonly share: number;
}

/** The first of equals. @throws Error without seeds */
export async function bestOfSeeds(engine: Engine, graph: SceneGraph, seeds: readonly number[]): Promise<Best> {
  let best: Best | undefined;
  for (const seed of seeds) {
    const settings = { ...engine.manifest.defaults, seed };
    const result = await engine.generate(graph, settings);
    const share = shareFound(result);
    if (best === undefined || share > best.share) best = { result, settings, share };
    if (share === 1) break;
  }
  if (!best) throw new Error('There is no seed to paint with.');
  return best;
}

function shareFound({ verification }: GenerationResult): number {
  const verdicts = [...Object.values(verification.objects), ...Object.values(verification.relations)];
  return verdicts.filter((verdict) => verdict === 'found').length / verdicts.length;
}
