/** The engine on a page of its own, for `npm run bench`: the same code as in the app's worker, with ONNX Runtime's sessions timed. */
import * as ort from 'onnxruntime-web/wasm';
import * as alone from 'onnxruntime-web/wasm?alone';
import { Engine } from '#engine/engine.ts';
import { loadPackage } from '#engine/package/package-loader.ts';
import { urlSource } from '#engine/package/package-url.ts';
import { webRuntimes } from '#engine/runtime/ort-web.ts';
import { type TimedPicture, timePictures } from './painting.ts';
import { clockSessions } from './session-clock.ts';

declare global {
  interface Window {
    timePictures(model: string, rounds: number, steps: number | undefined): Promise<TimedPicture[]>;
  }
}

/** @param model address of the package's folder */
window.timePictures = async (model, rounds, steps) => {
  const modelPackage = await loadPackage(urlSource(model));
  const clock = clockSessions(ort.InferenceSession, alone.InferenceSession);
  const [start] = webRuntimes('wasm');
  const engine = await Engine.open(modelPackage, await start!());
  return timePictures(engine, clock, rounds, steps);
};
