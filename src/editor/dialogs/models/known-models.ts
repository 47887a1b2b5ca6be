/**
 * Stable Diffusion models on the Hugging Face hub whose files lie as this program reads them. Sizes are rounded, and licences those of the models that were
 * exported: the hub's own page is what counts. Whether one fits this computer is found out when it is looked up.
 */
interface KnownModel {
  /** OWNER/NAME */
  readonly name: string;
  readonly title: string;
  readonly size: string;
  /** None where its page names none. */
  readonly licence?: string;
  readonly needs: string;
  /** Whether it can paint over pictures. */
  readonly hasEncoder: boolean;
}

const SINGLE = 'single precision: WebGPU, and a graphics device with 8 GB';

/** Smallest first. */
export const knownModels: readonly KnownModel[] = [
  {
    name: 'optimum-internal-testing/tiny-stable-diffusion-onnx',
    title: 'A model of random weights, to try the way',
    size: '9 MB',
    needs: 'runs everywhere, paints noise',
    hasEncoder: true,
  },
  {
    name: 'onnx-community/stable-diffusion-v1-5-ONNX',
    title: 'Stable Diffusion 1.5',
    size: '4.3 GB',
    licence: 'CreativeML OpenRAIL-M',
    needs: SINGLE,
    hasEncoder: true,
  },
  {
    name: 'TheyCallMeHex/LCM-Dreamshaper-V7-ONNX',
    title: 'Dreamshaper 7, distilled to four steps',
    size: '4.3 GB',
    licence: 'MIT',
    needs: SINGLE,
    hasEncoder: true,
  },
];
