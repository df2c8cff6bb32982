import { asSource, type ByteSource, memorySource, readAll } from '../../src/core/byte-source.ts';
import type { StoredMessage } from '../../src/core/message.ts';
import type { Judgement } from '../../src/core/verdict.ts';
import type {
  DeliveryClaim,
  DeliveryResult,
  IncomingMessage,
  MessageStore,
  PendingJob,
} from '../../src/service/ports.ts';

interface Row {
  message: StoredMessage;
  readonly content: Uint8Array;
  readonly transport: Readonly<Record<string, unknown>>;
  owner: string | null;
  leaseUntil: number;
  attempts: number;
  due: readonly string[];
  dueAt: number;
  readonly delivered: string[];
  readonly failed: string[];
  isDelayTold: boolean;
}

/** The record of truth in memory, with the states, claims and leases of the real one. */
export class FakeMessageStore implements MessageStore {
  readonly rows = new Map<string, Row>();
  readonly results: DeliveryResult[] = [];
  /** Real time, ms; tests may move it. */
  clock: () => number = () => Date.now();
  /** How long ago messages were cleared. */
  ageMs: () => number = () => 0;

  async insert(message: IncomingMessage): Promise<void> {
    const { transport, ...rest } = message;
    const content = await readAll(asSource(message.content));
    this.rows.set(message.id, {
      message: {
        ...rest,
        state: 'received',
        bytes: content.length,
        judgement: null,
        rulesVersion: null,
        releaseAtLift: false,
      },
      content,
      transport,
      owner: null,
      leaseUntil: 0,
      attempts: 0,
      due: message.envelope.to,
      dueAt: 0,
      delivered: [],
      failed: [],
      isDelayTold: false,
    });
  }

  async find(id: string): Promise<StoredMessage | null> {
    return this.rows.get(id)?.message ?? null;
  }

  async list(): Promise<readonly StoredMessage[]> {
    return [...this.rows.values()].map((row) => row.message).reverse();
  }

  async source(id: string): Promise<ByteSource> {
    return memorySource(this.#row(id).content);
  }

  async content(id: string): Promise<Uint8Array> {
    return this.#row(id).content;
  }

  async claimForScan(id: string, worker: string, leaseMs: number): Promise<StoredMessage | null> {
    const row = this.rows.get(id);
    if (row === undefined) return null;
    const isDue =
      row.message.state === 'received' || (row.message.state === 'scanning' && row.leaseUntil < this.clock());
    if (!isDue) return null;
    this.#claim(row, 'scanning', worker, leaseMs);
    return row.message;
  }

  async recordJudgement(id: string, worker: string, judgement: Judgement, rulesVersion: string): Promise<void> {
    const row = this.#row(id);
    if (row.owner !== worker) return;
    row.owner = null;
    const state = judgement.verdict === 'hold' ? 'held' : 'cleared';
    row.message = { ...row.message, state, judgement, rulesVersion };
  }

  async renewClaim(id: string, worker: string, leaseMs: number): Promise<boolean> {
    const row = this.#row(id);
    if (row.owner !== worker) return false;
    row.leaseUntil = this.clock() + leaseMs;
    return true;
  }

  async releaseClaim(id: string, worker: string): Promise<void> {
    const row = this.#row(id);
    if (row.owner !== worker) return;
    row.owner = null;
    row.message = { ...row.message, state: 'received' };
  }

  async claimForDelivery(id: string, worker: string, leaseMs: number): Promise<DeliveryClaim | null> {
    const row = this.rows.get(id);
    if (row === undefined || !this.#isDueForDelivery(row)) return null;
    row.attempts += 1;
    this.#claim(row, 'delivering', worker, leaseMs);
    const { message, content, transport, due, isDelayTold } = row;
    return { message, content, transport, recipients: due, attempt: row.attempts, ageMs: this.ageMs(), isDelayTold };
  }

  async recordDelivery(id: string, worker: string, result: DeliveryResult): Promise<void> {
    const row = this.#row(id);
    if (row.owner !== worker) return;
    this.results.push(result);
    row.isDelayTold ||= result.isDelayTold === true;
    row.owner = null;
    row.delivered.push(...result.delivered);
    row.failed.push(...result.failed.map((one) => one.recipient));
    row.due = row.due.filter((one) => !row.delivered.includes(one) && !row.failed.includes(one));
    row.dueAt = this.clock() + (result.retryAfterMs ?? 0);
    row.leaseUntil = 0;
    const state = row.due.length > 0 ? 'delivering' : row.delivered.length > 0 ? 'delivered' : 'returned';
    row.message = { ...row.message, state };
    if (result.notice !== null) await this.insert(result.notice);
  }

  async pending(_now: number, limit: number, kinds: readonly PendingJob['kind'][]): Promise<readonly PendingJob[]> {
    return [...this.rows.values()]
      .flatMap((row): PendingJob[] => {
        const { id, state } = row.message;
        if (state === 'received' || (state === 'scanning' && row.leaseUntil < this.clock()))
          return [{ kind: 'scan', id }];
        return this.#isDueForDelivery(row) ? [{ kind: 'deliver', id }] : [];
      })
      .filter((job) => kinds.includes(job.kind))
      .slice(0, limit);
  }

  /** A reviewer's release. */
  release(id: string): void {
    const row = this.#row(id);
    row.message = { ...row.message, state: 'released' };
  }

  #row(id: string): Row {
    const row = this.rows.get(id);
    if (row === undefined) throw new Error(`no message ${id}`);
    return row;
  }

  #isDueForDelivery(row: Row): boolean {
    const { state } = row.message;
    if (row.dueAt > this.clock()) return false;
    return state === 'cleared' || state === 'released' || (state === 'delivering' && row.leaseUntil < this.clock());
  }

  #claim(row: Row, state: 'scanning' | 'delivering', worker: string, leaseMs: number): void {
    row.owner = worker;
    row.leaseUntil = this.clock() + leaseMs;
    row.message = { ...row.message, state };
  }
}
