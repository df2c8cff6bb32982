import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ByteSource } from '../core/byte-source.ts';
import type { IncompleteReason, OpenedMessage } from '../core/part.ts';
import { residentMemory } from './child-memory.ts';
import type { FromChild, OpenJob, OpenJobs } from './opener-protocol.ts';

/** How often memory is looked at, ms. */
const WATCH_EVERY = 150;
/**
 * Of a message's time the child gets the larger part and answers by its own clock; only one that hangs lets the grace (ms) pass,
 * and what is left is for the second try.
 */
const OWN_SHARE = 0.9;
const GRACE = 3_000;

export interface ProcessLimits {
  /** Resident bytes past which a child is killed. */
  readonly memory: number;
  /** Module the child runs. */
  readonly module: string;
}

interface Lost {
  readonly kind: 'lost';
  readonly reason: IncompleteReason;
}

export type OpenEnd = { readonly kind: 'opened'; readonly opened: OpenedMessage } | Lost;
/** In the order of the jobs. */
export type OpenTogetherEnd = { readonly kind: 'opened-jobs'; readonly opened: readonly OpenedMessage[] } | Lost;
type JobEnd = OpenEnd | OpenTogetherEnd;

/** An answer to another question than was asked: the child is not to be trusted any more. */
const NONSENSE: Lost = { kind: 'lost', reason: 'crashed' };

/**
 * One child process and the job in its hands. It inherits no environment, no descriptor and no way to write files or start
 * programs; whatever it does, `run` answers within the job's time and never throws.
 */
export class OpenerProcess {
  readonly child: ChildProcess;
  jobs = 0;
  /** What its jobs cost it; the pool counts. */
  wear = 0;
  isGone = false;
  private readonly limits: ProcessLimits;
  private settle: ((end: JobEnd) => void) | null = null;
  private source: ByteSource | null = null;
  private verdict: IncompleteReason = 'crashed';

  constructor(limits: ProcessLimits) {
    this.limits = limits;
    this.child = fork(limits.module, [], {
      env: {},
      execArgv: childFlags(limits),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (message) => this.receive(message as FromChild));
    this.child.on('error', () => this.lose());
    this.child.on('exit', () => this.lose());
    // The pool keeps the process alive while jobs are in hand; an idle child does not.
    this.child.unref();
    this.child.channel?.unref();
  }

  /** `source`: where the bytes are that the job does not have. */
  async run(job: OpenJob, source: ByteSource): Promise<OpenEnd> {
    const limits = { ...job.limits, time: job.limits.time * OWN_SHARE };
    const end = await this.ask({ ...job, limits }, source, limits.time + GRACE);
    return end.kind === 'opened-jobs' ? NONSENSE : end;
  }

  /** Several jobs with their bytes, which together have `time` ms: all of them are opened, or the child is lost. */
  async runTogether(jobs: readonly OpenJob[], time: number): Promise<OpenTogetherEnd> {
    const end = await this.ask({ kind: 'jobs', jobs }, null, time);
    return end.kind === 'opened' || (end.kind === 'opened-jobs' && end.opened.length !== jobs.length) ? NONSENSE : end;
  }

  private async ask(message: OpenJob | OpenJobs, source: ByteSource | null, time: number): Promise<JobEnd> {
    if (this.isGone) return { kind: 'lost', reason: 'crashed' };
    this.jobs += 1;
    this.source = source;
    this.verdict = 'crashed';
    const ended = new Promise<JobEnd>((resolve) => {
      this.settle = resolve;
    });
    this.child.ref();
    this.child.channel?.ref();
    const clock = setTimeout(() => this.kill('timed-out'), time);
    const watch = setInterval(() => void this.watchMemory(), WATCH_EVERY);
    if (this.isGone) this.lose();
    else this.child.send(message, (error) => error !== null && this.lose());
    const end = await ended;
    clearTimeout(clock);
    clearInterval(watch);
    this.source = null;
    this.child.unref();
    this.child.channel?.unref();
    return end;
  }

  /** Resident bytes now; null once it is gone. */
  async memory(): Promise<number | null> {
    return this.isGone || this.child.pid === undefined ? null : residentMemory(this.child.pid);
  }

  /** Ends the child for good; a job in hand is lost for the reason given. */
  kill(reason: IncompleteReason): void {
    this.verdict = reason;
    this.child.kill('SIGKILL');
  }

  private receive(message: FromChild): void {
    switch (message.kind) {
      case 'read':
        void this.sendRange(message.id, message.start, message.end);
        return;
      case 'opened':
        this.end({ kind: 'opened', opened: message.opened });
        return;
      case 'opened-jobs':
        this.end({ kind: 'opened-jobs', opened: message.opened });
        return;
      case 'failed':
        this.kill('crashed');
    }
  }

  private async sendRange(id: number, start: number, end: number): Promise<void> {
    try {
      const bytes = await this.source?.read(start, end);
      if (bytes !== undefined && !this.isGone) this.child.send({ kind: 'range', id, start, bytes });
    } catch {
      // The content cannot be read: the job cannot go on, and the message is not clean for it.
      this.kill('crashed');
    }
  }

  private async watchMemory(): Promise<void> {
    const used = await this.memory();
    if (used !== null && used > this.limits.memory && this.settle !== null) this.kill('too-large');
  }

  private lose(): void {
    this.isGone = true;
    this.end({ kind: 'lost', reason: this.verdict });
  }

  private end(end: JobEnd): void {
    const settle = this.settle;
    this.settle = null;
    settle?.(end);
  }
}

/**
 * Flags of a child: a heap below the watchdog's limit, and Node's permission model, under which it may read the program's own
 * files and nothing else: not the data folder, no writing, no programs.
 */
function childFlags({ memory, module }: ProcessLimits): string[] {
  const heap = Math.max(64, Math.floor((memory * 0.75) / 1024 ** 2));
  return [
    `--max-old-space-size=${heap}`,
    // Young objects of 8 MB at a time: more is memory that a reader of streams has no use for.
    '--max-semi-space-size=8',
    '--no-warnings',
    '--permission',
    '--allow-worker',
    ...readableFolders(module).map((folder) => `--allow-fs-read=${folder}`),
  ];
}

/** The folder of the program, of the modules it may be installed among, and of the child itself. */
function readableFolders(module: string): string[] {
  const here = fileURLToPath(new URL('..', import.meta.url));
  const root = dirname(here.endsWith(sep) ? here.slice(0, -1) : here);
  const modules =
    root.split(`${sep}node_modules${sep}`).length > 1
      ? root.slice(0, root.lastIndexOf(`${sep}node_modules${sep}`))
      : root;
  const named = [
    here,
    join(root, 'package.json'),
    join(root, 'node_modules'),
    join(modules, 'node_modules'),
    dirname(module),
  ];
  // Where the modules are a link, the child must read both the link and what it leads to.
  return [...new Set(named.flatMap((place) => (existsSync(place) ? [place, realpathSync(place)] : [place])))];
}
