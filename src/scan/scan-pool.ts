import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memorySource } from '../core/byte-source.ts';
import type { IncompleteReason, OpenedMessage } from '../core/part.ts';
import { DEFAULT_LIMITS, type Limits } from '../extract/budget.ts';
import type { Opener } from './engine.ts';
import { OpenerPlaces } from './opener-places.ts';
import { OpenerProcess } from './opener-process.ts';
import type { OpenJob } from './opener-protocol.ts';
import { isPlainMail } from './plain-mail.ts';

export interface PoolOptions {
  /** Children at most; each starts with its first job. */
  readonly size: number;
  /** Resident bytes past which a child is killed. */
  readonly memory: number;
  /** Jobs after which a child is replaced, so that what a parser leaks is bounded; plain mails count a tenth. */
  readonly recycleAfter: number;
  readonly limits: Limits;
  readonly passwords: readonly string[];
  readonly everyCell: boolean;
  /** Module the children run; tests put a misbehaving one here. */
  readonly module: string;
  /** Told of a child that was lost with a message in its hands, and why. */
  readonly onLost: (reason: IncompleteReason) => void;
}

/** An `Opener` whose work is done in child processes. */
export interface ScanPool {
  readonly open: Opener;
  /** Starts all children and lets each read a mail, so that no message waits for a start. */
  warmUp(): Promise<void>;
  /** Takes no more jobs, finishes those it has, ends the children. */
  close(): Promise<void>;
  /** Process ids of the living children. */
  pids(): readonly number[];
}

const MB = 1024 ** 2;
/** Past this, a message's bytes stay here and the child asks for the ranges it needs. */
const SENT_WHOLE = 4 * MB;
/** After longer jobs a child's memory is looked at, and a child is not used again after the longest, ms. */
const SLOW = 30;
const VERY_SLOW = 5_000;
/** Plain mails wear a child less than others do, and a new one costs as much as opening hundreds of them. */
const PLAIN_WEAR = 0.1;
/** Plain mails opened together at most, and what they get for it together, ms: more is given to each by itself. */
const TOGETHER = 8;
const TOGETHER_MS = 5_000;
/** Jobs between two looks at an idle child's memory. */
const LOOK_EVERY = 20;

export const DEFAULT_POOL: PoolOptions = {
  size: Math.max(2, Math.min(8, availableParallelism())), // two at least: other mail flows while one child is stuck
  memory: 800 * MB, // the budget's largest honest workbook needs a quarter; a message that needs more is held
  recycleAfter: 500,
  limits: DEFAULT_LIMITS,
  passwords: [],
  everyCell: false,
  onLost: () => {},
  module: fileURLToPath(new URL(`./opener-child${extname(fileURLToPath(import.meta.url))}`, import.meta.url)),
};

/** Of a message's time, what the first try gets; the rest is for a second one at its words, and some ms at least. */
const FIRST_SHARE = 0.9;
const SECOND_LEAST = 5_000;

type Request = Parameters<Opener>[0];

/**
 * Makes a pool that opens messages in child processes.
 *
 * A child that crashes, hangs or outgrows its memory costs its own message: that one is tried once more, in a new child and with
 * nothing but mail and text opened, so that its words are judged and the rest is incomplete. `open` never rejects.
 */
export function createScanPool(options: Partial<PoolOptions> = {}): ScanPool {
  return new Pool({ ...DEFAULT_POOL, ...options });
}

class Pool implements ScanPool {
  private readonly options: PoolOptions;
  private readonly idle: OpenerProcess[] = [];
  private readonly living = new Set<OpenerProcess>();
  private readonly places: OpenerPlaces;
  private readonly plain: { readonly request: Request; readonly resolve: (opened: OpenedMessage | null) => void }[] =
    [];
  private plainRuns = 0;
  private inHand = 0;
  private nextId = 1;
  private closing: (() => void) | null = null;
  private isClosed = false;

  constructor(options: PoolOptions) {
    this.options = options;
    this.places = new OpenerPlaces(options.size);
  }

  readonly open: Opener = async (request) => {
    if (this.isClosed) return unopened(request, 'crashed');
    this.inHand += 1;
    try {
      return (isPlainMail(request) ? await this.openWithOthers(request) : null) ?? (await this.openAlone(request));
    } finally {
      this.inHand -= 1;
      if (this.inHand === 0) this.closing?.();
    }
  };

  private async openAlone(request: Request): Promise<OpenedMessage> {
    const isHeavy = request.source.size > MB;
    await this.places.take(isHeavy);
    try {
      return await this.openTwice(request);
    } catch {
      // The content itself could not be read: nobody looked at the message.
      return unopened(request, 'crashed');
    } finally {
      this.places.give(isHeavy);
    }
  }

  /** Null where the child was lost with it and others: then each is opened by itself. */
  private openWithOthers(request: Request): Promise<OpenedMessage | null> {
    return new Promise((resolve) => {
      this.plain.push({ request, resolve });
      if (this.plainRuns < this.options.size) void this.runPlain();
    });
  }

  private async runPlain(): Promise<void> {
    this.plainRuns += 1;
    while (this.plain.length > 0) {
      await this.places.take(false);
      const waiting = this.plain.splice(0, TOGETHER);
      const requests = waiting.map(({ request }) => request);
      const end = waiting.length === 0 ? null : await this.runTogether(requests).catch(() => null);
      this.places.give(false);
      for (const [index, { resolve }] of waiting.entries()) resolve(end?.[index] ?? null);
    }
    this.plainRuns -= 1;
  }

  private async runTogether(requests: readonly Request[]): Promise<readonly OpenedMessage[] | null> {
    const time = this.options.limits.time * FIRST_SHARE;
    const jobs = await Promise.all(requests.map((request) => this.jobOf(request, null, time)));
    const opener = this.idle.pop() ?? this.start();
    const started = performance.now();
    const end = await opener.runTogether(jobs, TOGETHER_MS);
    if (end.kind === 'lost') this.lose(opener, end.reason);
    else await this.giveBack(opener, 0, performance.now() - started, jobs.length * PLAIN_WEAR);
    return end.kind === 'lost' ? null : end.opened;
  }

  async warmUp(): Promise<void> {
    if (this.living.size > 0 || this.isClosed) return;
    const request: Request = {
      kind: 'email',
      name: 'message.eml',
      source: memorySource(Buffer.from('Subject: x\r\n\r\nx\r\n')),
    };
    const openers = Array.from({ length: this.options.size }, () => this.start());
    await Promise.all(
      openers.map(async (opener) => {
        const end = await opener.run(await this.jobOf(request, null, this.options.limits.time), request.source);
        if (end.kind === 'lost') this.lose(opener, end.reason);
        else await this.giveBack(opener, 0, 0);
      }),
    );
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.inHand > 0)
      await new Promise<void>((resolve) => {
        this.closing = resolve;
      });
    await Promise.all([...this.living].map((one) => this.retire(one)));
  }

  pids(): readonly number[] {
    return [...this.living].flatMap((one) => (one.child.pid === undefined ? [] : [one.child.pid]));
  }

  private async openTwice(request: Request): Promise<OpenedMessage> {
    const started = performance.now();
    const { time } = this.options.limits;
    const first = await this.runOnce(request, null, time * FIRST_SHARE);
    if (first.kind === 'opened') return first.opened;
    // Both tries together take no longer than one message may.
    const left = Math.max(SECOND_LEAST, time - (performance.now() - started));
    const second = await this.runOnce(request, first.reason, left);
    return second.kind === 'opened' ? second.opened : unopened(request, first.reason);
  }

  private async runOnce(request: Request, shallow: IncompleteReason | null, time: number) {
    const job = await this.jobOf(request, shallow, time);
    // A second try gets a child of its own: the first may have died of what its earlier jobs left behind.
    const opener = (shallow === null ? this.idle.pop() : undefined) ?? this.start();
    const started = performance.now();
    const end = await opener.run(job, request.source);
    if (end.kind === 'lost') this.lose(opener, end.reason);
    else await this.giveBack(opener, request.source.size, performance.now() - started);
    return end;
  }

  private lose(opener: OpenerProcess, reason: IncompleteReason): void {
    opener.kill(reason);
    this.options.onLost(reason);
    this.living.delete(opener);
  }

  /** Before a child is taken for it: content that cannot be read rejects here, and costs none. */
  private async jobOf(request: Request, shallow: IncompleteReason | null, time: number): Promise<OpenJob> {
    const { limits, everyCell, passwords } = this.options;
    const { source } = request;
    return {
      kind: 'job',
      id: this.nextId++,
      message: request.kind,
      name: request.name,
      size: source.size,
      bytes: source.size <= SENT_WHOLE ? await source.read(0, source.size) : null,
      limits: { ...limits, time },
      everyCell,
      passwords: [...(request.passwords ?? []), ...passwords],
      firstRows: request.firstRows ?? null,
      shallow,
    };
  }

  private start(): OpenerProcess {
    const started = new OpenerProcess({ memory: this.options.memory, module: this.options.module });
    this.living.add(started);
    started.child.once('exit', () => {
      this.living.delete(started);
      const at = this.idle.indexOf(started);
      if (at >= 0) this.idle.splice(at, 1);
    });
    return started;
  }

  private async giveBack(opener: OpenerProcess, size: number, took: number, wear = 1): Promise<void> {
    opener.wear += wear;
    // Looking costs as much as opening a small mail, so it is done now and then, and after every large or slow message.
    const isDue = size > MB || took > SLOW || opener.jobs % LOOK_EVERY === 0;
    const used = isDue ? await opener.memory() : 0;
    // What ran so long may run on, given up but not ended, and would cost the next message its memory and time.
    const isWorn =
      took > VERY_SLOW || opener.wear >= this.options.recycleAfter || used === null || used > this.options.memory / 2;
    if (isWorn) await this.retire(opener);
    else if (!opener.isGone) this.idle.push(opener);
  }

  private retire(opener: OpenerProcess): Promise<void> {
    this.living.delete(opener);
    if (opener.isGone) return Promise.resolve();
    return new Promise((resolve) => {
      opener.child.ref();
      opener.child.once('exit', () => resolve());
      opener.kill('crashed');
    });
  }
}

/** A message nobody looked into: incomplete as a whole, whatever it holds. */
function unopened(request: Request, reason: IncompleteReason): OpenedMessage {
  const content = { kind: 'incomplete', reason, detail: 'the message could not be opened' } as const;
  const path =
    request.name.slice(Math.max(request.name.lastIndexOf('/'), request.name.lastIndexOf('\\')) + 1) || 'message';
  return { parts: [{ path, type: 'application/octet-stream', bytes: request.source.size, content }], headers: null };
}
