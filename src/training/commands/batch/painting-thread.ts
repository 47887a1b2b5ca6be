/** A thread of painting-threads.ts: opens the package and paints what it is told, one picture after another. */
import { parentPort, workerData } from 'node:worker_threads';
import { faultOf } from '#engine/contract/fault-of.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage } from '#engine/package/package-loader.ts';
import { nodeRuntimeOf } from '#engine/runtime/ort-node.ts';
import type { PaintingAnswer, PaintingOrder } from './painting-messages.ts';

const { folder } = workerData as { readonly folder: string };
const engine = loadPackage(folderSource(folder)).then((model) => Engine.open(model, nodeRuntimeOf(1)));
const answer = (said: PaintingAnswer) => parentPort?.postMessage(said);

parentPort?.on('message', async ({ subject, settings }: PaintingOrder) => {
  try {
    answer({ result: await (await engine).generate(subject, settings) });
  } catch (error) {
    answer({ fault: faultOf(error) });
  }
});
