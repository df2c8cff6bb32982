/**
 * Places for work in children, given in the order they were asked for.
 *
 * Heavy work never has all of them, so that small mail flows beside large attachments.
 */
export class OpenerPlaces {
  private readonly size: number;
  private readonly mostHeavy: number;
  private readonly waiting: { readonly isHeavy: boolean; readonly go: () => void }[] = [];
  private inUse = 0;
  private heavy = 0;

  constructor(size: number) {
    this.size = size;
    this.mostHeavy = Math.max(1, size - 1);
  }

  async take(isHeavy: boolean): Promise<void> {
    if (this.isFree(isHeavy)) this.occupy(isHeavy);
    else await new Promise<void>((go) => this.waiting.push({ isHeavy, go }));
  }

  give(isHeavy: boolean): void {
    this.inUse -= 1;
    if (isHeavy) this.heavy -= 1;
    const next = this.waiting.findIndex((one) => this.isFree(one.isHeavy));
    const [found] = next < 0 ? [] : this.waiting.splice(next, 1);
    if (found === undefined) return;
    this.occupy(found.isHeavy);
    found.go();
  }

  private isFree(isHeavy: boolean): boolean {
    return this.inUse < this.size && !(isHeavy && this.heavy >= this.mostHeavy);
  }

  private occupy(isHeavy: boolean): void {
    this.inUse += 1;
    if (isHeavy) this.heavy += 1;
  }
}
