/** FID, IS, DS, OOR and relation accuracy as published tables have them, through the networks that a user gave. */
import type { Picture } from '#diffusion/picture.ts';
import type { Detection } from '#engine/verifier/detect.ts';
import type { RandomSource } from '#graph/random.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import {
  type DistributionScore,
  diversityScore,
  frechetScore,
  inceptionScoreOf,
  type RealPictures,
} from './distribution-scores.ts';
import { type OccurrenceScore, occurrenceScore, type RelationScore, relationScore } from './graph-scores.ts';
import { asJudged, type Judge } from './judges/judge.ts';
import { networkOptions, type UsersNetworks } from './judges/users-networks.ts';
import type { Score } from './scores/score.ts';

export interface PublishedScores {
  readonly fid?: DistributionScore | Score;
  readonly isInception?: DistributionScore | Score;
  readonly dsLpips?: DistributionScore | Score;
  readonly oorDetector?: OccurrenceScore | Score;
  readonly relationAccuracyDetector?: RelationScore | Score;
}

interface PublishedInput {
  readonly networks: UsersNetworks;
  /** Whether a score without its network is a row that says which option gives it; it is left out otherwise. */
  readonly saysWhatIsMissing: boolean;
  readonly graphs: readonly SceneGraph[];
  readonly predicates: readonly string[];
  readonly painted: readonly Picture[];
  /** Pictures of each diverse graph, and real ones where there are at least two of each. */
  readonly samples: readonly (readonly Picture[])[];
  readonly realSamples: readonly (readonly Picture[])[] | undefined;
  readonly real: RealPictures | undefined;
  /** Each score draws from its own source, so that leaving one out changes no other. */
  readonly randomFor: (score: number) => RandomSource;
  readonly reason?: string | undefined;
}

export async function publishedScores(input: PublishedInput): Promise<PublishedScores> {
  const { networks, saysWhatIsMissing, painted, real, randomFor, reason } = input;
  const { inception, lpips, detector } = networks;
  const nothing = (option: keyof typeof networkOptions, unit: string): Score | undefined =>
    saysWhatIsMissing ? missingScore(networkOptions[option], unit) : undefined;
  const scores = {
    fid: inception
      ? await frechetScore(painted, real, inception.features, randomFor(8), reason)
      : nothing('inception', 'pictures'),
    isInception: inception
      ? inceptionScoreOf(
          await inception.posterior.posteriors(painted),
          real && (await inception.posterior.posteriors(real.ceiling)),
          inception.posterior.name,
          reason,
        )
      : nothing('inception', 'pictures'),
    dsLpips: lpips
      ? await diversityScore(input.samples, input.realSamples, lpips, randomFor(10), reason)
      : nothing('lpips', 'graphs'),
    ...(detector
      ? await byDetector(detector, input)
      : { oorDetector: nothing('detector', 'objects'), relationAccuracyDetector: nothing('detector', 'relations') }),
  };
  return Object.fromEntries(Object.entries(scores).filter(([, score]) => score !== undefined));
}

async function byDetector(
  detector: Judge<Detection>,
  { graphs, predicates, painted, real, randomFor, reason }: PublishedInput,
): Promise<Pick<PublishedScores, 'oorDetector' | 'relationAccuracyDetector'>> {
  const asked = {
    graphs: graphs.map((graph) => asJudged(graph, detector)),
    painted: await detector.look(painted),
    real: real && (await detector.look(real.ceiling)),
  };
  return {
    oorDetector: occurrenceScore(
      { ...asked, reason: reasonToAsk(detector, asked.graphs, 'objects', reason) },
      randomFor(11),
    ),
    relationAccuracyDetector: relationScore(
      { ...asked, reason: reasonToAsk(detector, asked.graphs, 'relations', reason) },
      detector,
      predicates.filter(detector.decides),
      randomFor(12),
    ),
  };
}

/** Why a judge's score has no value or ceiling. @param graphs in its words */
export function reasonToAsk(
  { name, reason: own }: Pick<Judge<never>, 'name' | 'reason'>,
  graphs: readonly SceneGraph[],
  what: 'objects' | 'relations',
  reason: string | undefined,
): string | undefined {
  if (own !== undefined) return own;
  return graphs.some((graph) => graph[what].length > 0) ? reason : `the graphs have no ${what} that the ${name} knows`;
}

export const missingScore = (reason: string, unit: string): Score => ({
  value: null,
  ceiling: null,
  floor: null,
  interval: null,
  n: 0,
  unit,
  reason,
});
