/** Small things count more: by area alone a loss is that of the large ones, and spoons and glasses were neither painted nor seen. */

/** Share of a picture that a thing of the middle size fills; half of all things fill less. */
const USUAL_SIZE = 0.042;
const LEAST = 0.7;
const MOST = 2;

/**
 * What a cell that shows a thing counts beside one of a thing of the middle size: the root of how much smaller the thing is, within bounds.
 * @param share of the picture that the thing fills, above 0
 */
export const sizeWeight = (share: number): number => Math.min(MOST, Math.max(LEAST, Math.sqrt(USUAL_SIZE / share)));
