/** The verifier as an ONNX session. */
import type { Tensor } from '#diffusion/tensor.ts';
import { byPort, readPorts, verifierPorts } from '#engine/package/network-ports.ts';
import type { Session } from '#engine/runtime/sessions.ts';

/** What the verifier sees in a batch of pictures, on a grid of g × g cells. */
export interface DetectionMaps {
  /** (B, L, g, g) in [0, 1]: how much of a cell shows each label of the vocabulary. */
  readonly presence: Tensor;
  /** (B, g, g) in [0, 1]: nearness of what a cell shows; larger is nearer to the viewer. */
  readonly depth: Tensor;
}

export class OnnxVerifier {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** @param image (B, 3, H, W) in [−1, 1] */
  async look(image: Tensor): Promise<DetectionMaps> {
    return readPorts(verifierPorts.outputs, await this.#session.run(byPort(verifierPorts.inputs, { image })));
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
