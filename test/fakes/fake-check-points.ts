import type { CheckPoint, CheckPointRecord } from '../../src/service/check-points.ts';

/** Check points in memory, with their secrets in the clear. */
export class FakeCheckPoints implements CheckPointRecord {
  readonly kept: { point: CheckPoint; secret: string }[] = [];
  readonly seen = new Set<string>();

  async create(point: Omit<CheckPoint, 'createdAt' | 'isRevoked'>, secret: string): Promise<void> {
    this.kept.push({ point: { ...point, createdAt: 0, isRevoked: false }, secret });
  }

  async list(): Promise<readonly CheckPoint[]> {
    return this.kept.map(({ point }) => point);
  }

  async find(id: string): Promise<CheckPoint | null> {
    return this.kept.find(({ point }) => point.id === id)?.point ?? null;
  }

  async revoke(id: string): Promise<boolean> {
    const at = this.kept.findIndex(({ point }) => point.id === id && !point.isRevoked);
    const found = this.kept[at];
    if (found === undefined) return false;
    this.kept[at] = { ...found, point: { ...found.point, isRevoked: true } };
    return true;
  }

  async byToken(token: string): Promise<CheckPoint | null> {
    return this.inForce().find(({ point, secret }) => point.kind === 'embed' && secret === token)?.point ?? null;
  }

  async bySecret(id: string): Promise<{ readonly point: CheckPoint; readonly secret: string } | null> {
    return this.inForce().find(({ point }) => point.id === id && point.kind !== 'embed') ?? null;
  }

  async hasOrigin(origin: string): Promise<boolean> {
    return this.inForce().some(({ point }) => point.origins.includes(origin));
  }

  async isFirst(id: string, signature: Uint8Array): Promise<boolean> {
    const key = `${id} ${Buffer.from(signature).toString('hex')}`;
    const isFirst = !this.seen.has(key);
    this.seen.add(key);
    return isFirst;
  }

  private inForce() {
    return this.kept.filter(({ point }) => !point.isRevoked && point.expiresAt > Date.now());
  }
}
