/**
 * The stage after `export`: a student that paints in few passes without guidance what the package paints in many with it. In one step of Euler's
 * method it learns to go where the teacher's sampler goes in several: progressive distillation (Salimans and Ho 2022) at one go, guidance with it
 * (Meng et al. 2023), on the teacher's own ways, so that nothing is needed but the package.
 */
import { type NoiseSource, seededNoise } from '#diffusion/sampling/noise.ts';
import { createParametrisation } from '#diffusion/sampling/parametrisation.ts';
import { joined } from '#diffusion/tensor.ts';
import type { TokenSpec } from '#diffusion/tokens.ts';
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
import { type Example, Replay } from './replay.ts';
import { studentGraph } from './student-graph.ts';
import { studentSheet } from './student-sheet.ts';
import { studentLevels, teach } from './teacher.ts';

const NAME = 'student';

/**
 * Trains on a package and puts the student into it.
 * @param folder of the package; that of the configuration's name when absent
 * @throws EngineError when there is no such package
 */
export async function trainStudent(context: StageContext, folder = packageFolder(context.config.name)): Promise<void> {
  const { config, device, store } = context;
  const { batch, rank, stations, freshFrom, teacherSteps, learningRate } = config.student;
  const teacher = await openTeacher(folder);
  const { model } = teacher;
  const { channels, height, width } = model.latent;
  const levels = studentLevels(model, teacherSteps, stations);
  const graph = studentGraph(
    teacher.files['denoiser.onnx'],
    {
      batch,
      tokens: TRAINING_LAYOUT.tokens,
      tokenWidth: teacher.networks.tokenWidth,
      latent: [channels, height, width],
    },
    rank,
  );
  const step = await TrainingStep.create({ ...graph, device, fixed: { weights: graph.fixed, half: false } });
  const random = seededNoise(config.seed + 8 + 1000 * Math.round(await store.secondsTrained(NAME)));
  const examples = replayOf(config, teacher, levels, random);
  const learned = [...graph.builder.parameters].filter(([name]) => !graph.fixed.has(name));
  const way = { sigmas: levels, freshFrom };
  const shapes = new Map(learned.map(([name, { value }]) => [name, value.shape]));
  const weights = await trainStage({
    name: NAME,
    budget: budgetOf(config, NAME),
    store,
    initial: initializeParameters({ parameters: new Map(learned) }, config.seed),
    trained: step.trained,
    options: { ...defaultLoop, learningRate, weightDecay: 0 },
    picturesPerStep: batch,
    step: async (parameters) => step.run(studentFeeds(model, await examples.draw(batch)), parameters),
    sample: (ema, at) => studentSheet(context, teacher, { way, weights: ema, shapes }, at),
  });
  await step.release();
  await store.publish(NAME, weights);
  await addStudent(context, folder, { way, weights, shapes });
  await teacher.release();
}

/** Graphs as the painter learns from them, of scenes that it did not see, and the teacher's ways to their pictures. */
function replayOf(config: TrainingConfig, teacher: Teacher, levels: readonly number[], random: NoiseSource): Replay {
  const { defaults } = teacher.manifest;
  const settings = {
    steps: config.student.teacherSteps,
    guidanceScale: defaults.guidanceScale,
    relationFactor: defaults.relationFactor ?? 1,
  };
  const more = () => {
    const samples = Array.from({ length: PICTURES_PER_BATCH }, () => drawnGraph(config, random));
    return teach(
      teacher.networks,
      teacher.model,
      tokensEach(teacher.tokenSpec, samples, random),
      levels,
      settings,
      random,
    );
  };
  return new Replay(levels, more, config.student, random);
}

function drawnGraph(config: TrainingConfig, random: NoiseSource): SceneGraphSample {
  const index = firstSceneOf('student') + random.integer(10_000_000);
  const scene = composeScene(seededRandom(sceneSeed('train', index)), paintersScenes(config));
  return canonicalSample(paintersGraph(config, scene, random), scene.objects);
}

const tokensEach = (tokenSpec: TokenSpec, samples: readonly SceneGraphSample[], random: NoiseSource) =>
  samples.map((sample) => tokensOf({ tokenSpec }, [sample], () => random.uniform()));

/** A batch under the names of the denoiser's inputs, and the `target` F. */
export function studentFeeds({ parametrisation, sigma }: Teacher['model'], examples: readonly Example[]): Feeds {
  const { coefficients, trainingInput, trainingTarget } = createParametrisation(parametrisation, sigma.data);
  const passes = examples.map(({ x, denoised, sigma }) => {
    const noise = x.map((value, i) => (value - denoised[i]!) / sigma);
    return {
      sample: trainingInput(denoised, noise, sigma),
      target: trainingTarget(denoised, noise, sigma),
      timestep: coefficients(sigma).timestep,
    };
  });
  return {
    ...byPort(denoiserPorts.inputs, {
      sample: joined(passes.map(({ sample }) => sample)),
      timestep: Float32Array.from(passes, ({ timestep }) => timestep),
      sCond: joined(examples.map(({ conditioning }) => conditioning.sCond.data)),
      mask: joined(examples.map(({ conditioning }) => conditioning.mask.data)),
    }),
    target: joined(passes.map(({ target }) => target)),
  };
}
