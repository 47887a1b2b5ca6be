/** A model, graphs, pictures or a data set that cannot be evaluated. */
export class EvaluationInputError extends Error {
  override readonly name: string = 'EvaluationInputError';
}
