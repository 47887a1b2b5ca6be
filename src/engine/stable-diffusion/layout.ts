/** Where the parts of a model lie in diffusers' ONNX layout, and the graph adapter beside them. */

export const INDEX_FILE = 'model_index.json';
/** Trained by `npm run train -- finetune`; a package without it is read by its words. */
export const ADAPTER_FOLDER = 'graph_adapter';
export const ADAPTER_CONFIG = `${ADAPTER_FOLDER}/config.json`;
/** Folders of the networks that paint, and of the one that pictures are painted over with. */
export const NETWORKS = {
  textEncoder: 'text_encoder',
  unet: 'unet',
  vaeDecoder: 'vae_decoder',
  vaeEncoder: 'vae_encoder',
} as const;
