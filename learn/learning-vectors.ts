import type { WordVectors } from '../src/text/word-vectors.ts';

/** Vectors of words while they are learned: only those of words that were met take part in a step. */
export class LearningVectors {
  readonly dims: number;
  /** A row a word. */
  readonly values: Float32Array;
  readonly gradients: Float32Array;
  private readonly means: Float32Array;
  private readonly squares: Float32Array;
  private readonly met = new Set<number>();

  constructor({ dims, values, scale }: WordVectors) {
    this.dims = dims;
    this.values = Float32Array.from(values, (value) => value * scale);
    this.gradients = new Float32Array(values.length);
    this.means = new Float32Array(values.length);
    this.squares = new Float32Array(values.length);
  }

  /** Adds the gradient of a word (row -1: of none), each number times what was kept of it. */
  pull(row: number, gradient: Float64Array, from: number, kept: Float32Array, keptFrom: number): void {
    if (row < 0) return;
    this.met.add(row);
    const start = row * this.dims;
    for (let dim = 0; dim < this.dims; dim += 1)
      this.gradients[start + dim] =
        (this.gradients[start + dim] as number) + (gradient[from + dim] as number) * (kept[keptFrom + dim] as number);
  }

  /** One step of Adam for the words met, along their mean gradient over so many lessons; without decay, since seldom words have few steps. */
  learn(step: number, lessons: number, warm: { readonly meanShare: number; readonly squareShare: number }): void {
    const { values, gradients, means, squares, dims } = this;
    for (const row of this.met)
      for (let at = row * dims; at < (row + 1) * dims; at += 1) {
        const gradient = (gradients[at] as number) / lessons;
        const mean = 0.9 * (means[at] as number) + 0.1 * gradient;
        const square = 0.999 * (squares[at] as number) + 0.001 * gradient * gradient;
        means[at] = mean;
        squares[at] = square;
        gradients[at] = 0;
        values[at] =
          (values[at] as number) - (step * (mean / warm.meanShare)) / (Math.sqrt(square / warm.squareShare) + 1e-8);
      }
    this.met.clear();
  }
}
