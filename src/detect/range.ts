/** A half-open range of token indexes. */
export interface Range {
  readonly from: number;
  readonly to: number;
}
