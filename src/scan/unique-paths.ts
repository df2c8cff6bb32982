/** Gives every part of a message a path of its own: the second `a.csv` becomes `a.csv (2)`. */
export class UniquePaths {
  private readonly taken = new Map<string, number>();

  claim(path: string): string {
    const count = this.taken.get(path);
    if (count === undefined) {
      this.taken.set(path, 1);
      return path;
    }
    for (let next = count + 1; ; next += 1) {
      const candidate = `${path} (${next})`;
      if (this.taken.has(candidate)) continue;
      this.taken.set(path, next);
      this.taken.set(candidate, 1);
      return candidate;
    }
  }
}
