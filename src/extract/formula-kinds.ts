/** The row in a reference such as `$B3` or `[.B3]`: a formula that is copied down differs in it alone. */
const ROW_OF_REFERENCE = /(?<=(?<!\w)\$?[A-Z]{1,3}\$?)\d+(?![\w(])/g;
const MAX_KINDS = 10_000;

/** Tells formulas that say something new from copies of those before, which differ in the rows they refer to. */
export class FormulaKinds {
  private readonly kinds = new Set<string>();

  /** Whether it is the first of its kind; of the kinds after ten thousand none is. */
  isNew(formula: string): boolean {
    if (this.kinds.size >= MAX_KINDS) return false;
    const before = this.kinds.size;
    this.kinds.add(formula.replace(ROW_OF_REFERENCE, ''));
    return this.kinds.size > before;
  }
}
