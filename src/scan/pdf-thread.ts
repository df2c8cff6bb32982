import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { PdfReader } from '../extract/pdf-reader.ts';
import { Unreadable } from '../extract/unreadable.ts';

export interface PdfThreadOptions {
  /** Megabytes of objects past which a document is given up. */
  readonly heap: number;
  /** The same for pixels and other bytes, which stand beside the heap. */
  readonly bytes: number;
  /** The process's CPU time, ms, without a sign of life: then it is in a loop that damage made endless, or as good as that. */
  readonly silence: number;
  /** Module the thread runs; tests put a misbehaving one here. */
  readonly module: string | URL;
}

const MB = 1024 ** 2;
const OWN = fileURLToPath(import.meta.url);

export const DEFAULT_PDF_THREAD: PdfThreadOptions = {
  heap: 256,
  bytes: 512,
  silence: 15_000,
  module: fileURLToPath(new URL(`./pdf-thread-entry${extname(OWN)}`, import.meta.url)),
};

const LOOK_EVERY = 100;
/** Megabytes of pixels that a document may leave behind: with more, the next one gets a thread of its own. */
const LEFT_BEHIND = 128;
/**
 * V8 ends the whole process where one list asks for more than is left, so its own limit is far above ours: a list that grows is
 * seen, and its thread ended, before it gets there.
 */
const HARD = 3;

function tooLarge(heap: number): string {
  return `the PDF needs more than ${heap} MB to be read`;
}

/** Of all threads, ms. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What the thread says of itself, beside what the parser says on its channels. */
export type ThreadNews = 'alive' | 'stray';

/**
 * Makes readers of PDFs that share one thread; a thread that is lost is replaced with the next document. `time`: how long a document
 * may take, ms.
 *
 * The thread has a heap of its own and gives signs of life, so a document that makes the parser take more memory, or loop, costs
 * itself, the documents that it stands in, and neither the process nor the rest of the message. It keeps the process alive only
 * while a document is in hand.
 */
export function createPdfThread(options: Partial<PdfThreadOptions> = {}): (time: number) => PdfReader {
  const given = { ...DEFAULT_PDF_THREAD, ...options };
  let thread: PdfThread | null = null;
  return (time) => {
    thread?.endIfWorn();
    if (thread === null || thread.isLost) thread = new PdfThread(given);
    return thread.read(time);
  };
}

interface InHand {
  readonly port: MessagePort;
  readonly end: number;
  readonly reject: (error: Unreadable) => void;
  strays: number;
}

class PdfThread {
  isLost = false;
  private readonly worker: Worker;
  private readonly options: PdfThreadOptions;
  private isWorn = false;
  private readonly inHand = new Set<InHand>();
  private clock: NodeJS.Timeout | undefined;
  private heard = 0;
  private looks = 0;

  constructor(options: PdfThreadOptions) {
    this.options = options;
    const { heap, module } = options;
    // The heap of the process is set by a flag, which would overrule that of the thread; its own is set already.
    setFlagsFromString('--max-old-space-size=0');
    this.worker = new Worker(module, { resourceLimits: { maxOldGenerationSizeMb: heap * HARD } });
    this.worker.on('message', (news: ThreadNews) => this.hear(news));
    this.worker.on('error', (error: NodeJS.ErrnoException) =>
      this.lose(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new Unreadable('too-large', tooLarge(heap), { cause: error })
          : new Unreadable('crashed', 'the PDF made its reader fail', { cause: error }),
      ),
    );
    this.worker.on('exit', () => this.lose(new Unreadable('crashed', 'the PDF made its reader end')));
  }

  read(time: number): PdfReader {
    const { port1: port, port2 } = new MessageChannel();
    const { promise: lost, reject } = Promise.withResolvers<never>();
    // Nobody may be waiting for the document at that moment.
    lost.catch(() => undefined);
    const one: InHand = { port, end: performance.now() + time, reject, strays: 0 };
    this.inHand.add(one);
    if (this.inHand.size === 1) this.watch();
    this.worker.postMessage(port2, [port2]);
    return { port, lost, strays: () => one.strays, release: () => this.release(one) };
  }

  private watch(): void {
    this.worker.ref();
    this.heard = cpuTime();
    this.looks = 0;
    this.clock = setInterval(() => this.look(), LOOK_EVERY);
  }

  private look(): void {
    void this.lookAtHeap();
    const [first] = [...this.inHand].sort((a, b) => a.end - b.end);
    if (first !== undefined && performance.now() > first.end)
      this.lose(new Unreadable('timed-out', 'the PDF took longer than it may'));
    // CPU time, since a busy machine is no fault of the document. Twice in a row: where this thread was busy for long itself, one
    // look comes before what the other said meanwhile.
    this.looks = cpuTime() - this.heard > this.options.silence ? this.looks + 1 : 0;
    if (this.looks > 1)
      this.lose(new Unreadable('timed-out', `the PDF took more than ${this.options.silence} ms at once`));
  }

  /** Asked of V8 itself, which answers while the thread is in a loop. */
  private async lookAtHeap(): Promise<void> {
    const told = await this.worker.getHeapStatistics().catch(() => null);
    if (told === null) return;
    const { heap, bytes } = this.options;
    const external = told.external_memory;
    this.isWorn = external > LEFT_BEHIND * MB;
    if (this.inHand.size === 0) this.endIfWorn();
    else if (told.used_heap_size > heap * MB) this.lose(new Unreadable('too-large', tooLarge(heap)));
    else if (external > bytes * MB) this.lose(new Unreadable('too-large', tooLarge(bytes)));
  }

  /** What it left may be work as well, and would be taken for the next document's. */
  endIfWorn(): void {
    if (this.isWorn && this.inHand.size === 0) this.lose(new Unreadable('too-large', tooLarge(LEFT_BEHIND)));
  }

  private hear(news: ThreadNews): void {
    this.heard = cpuTime();
    if (news === 'stray') for (const one of this.inHand) one.strays += 1;
  }

  private release(one: InHand): void {
    one.port.close();
    this.inHand.delete(one);
    if (this.inHand.size > 0) return;
    clearInterval(this.clock);
    this.worker.unref();
    void this.lookAtHeap();
  }

  private lose(error: Unreadable): void {
    if (this.isLost) return;
    this.isLost = true;
    clearInterval(this.clock);
    for (const one of this.inHand) {
      one.port.close();
      one.reject(error);
    }
    this.inHand.clear();
    void this.worker.terminate();
  }
}
