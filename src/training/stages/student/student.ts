/**
 * The stage after `export`: a student that paints in few passes without guidance what the package paints in many with it. At each of its noise levels
 * it learns to say one of the teacher's pictures that the noise may hide, rather than their mean: a distributional diffusion model (De Bortoli et al.
 * 2025), guidance with it (Meng et al. 2023). It learns from pictures that the package paints, so that nothing is needed but the package; where that
 * has a student already, its training goes on.
 */
import type { PaintModel } from '#diffusion/pipeline.ts';
import { type NoiseSource, seededNoise } from '#diffusion/sampling/noise.ts';
import { createParametrisation } from '#diffusion/sampling/parametrisation.ts';
import { joined } from '#diffusion/tensor.ts';
import type { TokenSpec } from '#diffusion/tokens.ts';
import { STUDENT_FILE } from '#engine/contract/manifest.ts';
import { floatsOf, readSafetensors } from '#engine/formats/safetensors.ts';
import { byPort, denoiserPorts } from '#engine/package/network-ports.ts';
import { seededRandom } from '#graph/random.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { firstSceneOf } from '#training/corpus/world/purposes.ts';
import { sceneSeed } from '#training/corpus/world/random.ts';
import type { SceneGraphSample } from '#training/corpus/world/scene.ts';
import { PICTURES_PER_BATCH } from '#training/evaluation/painting/paint-many.ts';
import { packageFolder } from '#training/files/model-folder.ts';
import { budgetOf } from '#training/run/budget.ts';
import type { TrainingConfig } from '#training/run/config.ts';
import type { StageContext } from '#training/run/context.ts';
import { canonicalSample } from '#training/stages/feeds/canonical-sample.ts';
import { TRAINING_LAYOUT, tokensOf } from '#training/stages/feeds/graph-feeds.ts';
import { paintersGraph, paintersScenes } from '#training/stages/feeds/training-graphs.ts';
import { defaultLoop, trainStage } from '#training/trainer/train-loop.ts';
import { type Feeds, initializeParameters, TrainingStep } from '#training/trainer/training-step.ts';
import { addStudent, openTeacher, type Teacher } from './package-student.ts';
import { type Pair, Replay } from './replay.ts';
import { studentGraph } from './student-graph.ts';
import { studentSheet } from './student-sheet.ts';
import { teach } from './teacher.ts';

const NAME = 'student';

/**
 * Trains on a package and puts the student into it.
 * @param folder of the package; that of the configuration's name when absent
 * @throws EngineError when there is no such package
 */
export async function trainStudent(context: StageContext, folder = packageFolder(context.config.name)): Promise<void> {
  const { config, device, store } = context;
  const { batch, learningRate } = config.student;
  const teacher = await openTeacher(folder);
  const { model } = teacher;
  const { channels, height, width } = model.latent;
  const sigmas = studentSigmas(model, config.student);
  const graph = studentGraph(
    teacher.files['denoiser.onnx'],
    {
      batch,
      tokens: TRAINING_LAYOUT.tokens,
      tokenWidth: teacher.networks.tokenWidth,
      latent: [channels, height, width],
    },
    config.student,
  );
  const step = await TrainingStep.create({ ...graph, device, fixed: { weights: graph.fixed, half: false } });
  const random = seededNoise(config.seed + 8 + 1000 * Math.round(await store.secondsTrained(NAME)));
  const examples = replayOf(config, teacher, sigmas, random);
  const learned = [...graph.builder.parameters].filter(([name]) => !graph.fixed.has(name));
  const way = { sigmas, relationScale: config.student.relationScale };
  const shapes = new Map(learned.map(([name, { value }]) => [name, value.shape]));
  const fresh = initializeParameters({ parameters: new Map(learned) }, config.seed);
  const initial = goingOn(fresh, teacher.files[STUDENT_FILE]);
  if (initial !== fresh) context.say('student: goes on from the one in the package');
  const weights = await trainStage({
    name: NAME,
    budget: budgetOf(config, NAME),
    store,
    initial,
    trained: step.trained,
    options: { ...defaultLoop, learningRate, weightDecay: 0 },
    picturesPerStep: batch,
    step: async (parameters) => step.run(studentFeeds(model, await examples.draw(batch / 2)), parameters),
    sample: (ema, at) => studentSheet(context, teacher, { way, weights: ema, shapes }, at),
  });
  await step.release();
  await store.publish(NAME, weights);
  await addStudent(context, folder, { way, weights, shapes });
  await teacher.release();
}

/** The package's own student where it has one of the same rank: training goes on from it. */
export function goingOn(initial: Map<string, Float32Array>, before: Uint8Array | undefined): Map<string, Float32Array> {
  if (!before) return initial;
  const { tensors } = readSafetensors(before);
  const known = [...tensors].map(([name, tensor]) => [name, Float32Array.from(floatsOf(tensor))] as const);
  const isSame =
    known.length === initial.size && known.every(([name, { length }]) => initial.get(name)?.length === length);
  return isSame ? new Map(known) : initial;
}

/** @throws RangeError unless the first of the configuration's levels is below the model's highest */
export function studentSigmas(
  { sigma: { max } }: Pick<PaintModel, 'sigma'>,
  { sigmas }: Pick<TrainingConfig['student'], 'sigmas'>,
): number[] {
  const [first = 0] = sigmas;
  if (first >= max) throw new RangeError(`student.sigmas: must be below the model’s highest, ${max}, not ${first}`);
  return [max, ...sigmas];
}

/** Graphs as the painter learns from them, of scenes that it did not see, and the teacher's pictures of them. */
function replayOf(config: TrainingConfig, teacher: Teacher, sigmas: readonly number[], random: NoiseSource): Replay {
  const { defaults } = teacher.manifest;
  const settings = {
    steps: config.student.teacherSteps,
    guidanceScale: defaults.guidanceScale,
    relationFactor: defaults.relationFactor ?? 1,
  };
  const more = () => {
    const samples = Array.from({ length: PICTURES_PER_BATCH }, () => drawnGraph(config, random));
    return teach(teacher.networks, teacher.model, tokensEach(teacher.tokenSpec, samples, random), settings, random);
  };
  return new Replay(sigmas, more, config.student, random);
}

function drawnGraph(config: TrainingConfig, random: NoiseSource): SceneGraphSample {
  const index = firstSceneOf('student') + random.integer(10_000_000);
  const scene = composeScene(seededRandom(sceneSeed('train', index)), paintersScenes(config));
  return canonicalSample(paintersGraph(config, scene, random), scene.objects);
}

const tokensEach = (tokenSpec: TokenSpec, samples: readonly SceneGraphSample[], random: NoiseSource) =>
  samples.map((sample) => tokensOf({ tokenSpec }, [sample], () => random.uniform()));

/** A batch under the names of the denoiser's inputs, and the `target` F: the first guesses, then the second ones. */
export function studentFeeds({ parametrisation, sigma: { data } }: Teacher['model'], pairs: readonly Pair[]): Feeds {
  const { coefficients, trainingInput, trainingTarget } = createParametrisation(parametrisation, data);
  const guesses = [0, 1].flatMap((guess) => pairs.map((pair) => ({ ...pair, x: pair.noisy[guess]! })));
  const passes = guesses.map(({ x, clean, sigma }) => {
    const noise = x.map((value, i) => (value - clean[i]!) / sigma);
    return {
      sample: trainingInput(clean, noise, sigma),
      target: trainingTarget(clean, noise, sigma),
      timestep: coefficients(sigma).timestep,
    };
  });
  return {
    ...byPort(denoiserPorts.inputs, {
      sample: joined(passes.map(({ sample }) => sample)),
      timestep: Float32Array.from(passes, ({ timestep }) => timestep),
      sCond: joined(guesses.map(({ conditioning }) => conditioning.sCond.data)),
      mask: joined(guesses.map(({ conditioning }) => conditioning.mask.data)),
    }),
    target: joined(passes.map(({ target }) => target)),
  };
}
