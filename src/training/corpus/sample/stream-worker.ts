/** The other end of SceneLoader. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Order, SceneStream, type StreamOptions } from './stream.ts';

const stream = new SceneStream(workerData as StreamOptions);
parentPort?.on('message', ({ count }: Order) => {
  for (let made = 0; made < count; made++) {
    const record = stream.next();
    const { rgb, masks } = record.rendered;
    parentPort?.postMessage(record, [rgb.buffer as ArrayBuffer, masks.buffer as ArrayBuffer]);
  }
});
