import { type MessagePort, parentPort } from 'node:worker_threads';
import type { ThreadNews } from './pdf-thread.ts';

/** The package has no types for its own parser. */
interface Parser {
  readonly WorkerMessageHandler: { initializeFromPort(port: MessagePort): void };
}

const ALIVE_EVERY = 1_000;
/** Entries of a map: fonts have 65,536 characters, and the largest character maps some tens of thousands. */
const MOST_ENTRIES = 1_000_000;
/** Bytes of one list: the pixels of the largest picture that is read, in four colours. */
const MOST_BYTES = 4 * 60_000_000;

/** Entry point of the thread that parses PDFs: gets a channel for each document, and tells that it lives. */
const tell = (news: ThreadNews) => parentPort?.postMessage(news);
process.on('unhandledRejection', () => tell('stray'));
setInterval(() => tell('alive'), ALIVE_EVERY);
limitMaps();
limitLists();
const PARSER: string = 'pdfjs-dist/legacy/build/pdf.worker.mjs';
const { WorkerMessageHandler } = (await import(PARSER)) as Parser;
parentPort?.on('message', (port: MessagePort) => WorkerMessageHandler.initializeFromPort(port));

/**
 * A damaged range of a character map fills a map until it cannot grow, and V8 then ends the process, not the thread: there is no
 * other place to stop it.
 */
function limitMaps(): void {
  const { set } = Map.prototype;
  Map.prototype.set = function limited<K, V>(this: Map<K, V>, key: K, value: V): Map<K, V> {
    if (this.size >= MOST_ENTRIES) {
      tell('stray');
      throw new RangeError(`a map of more than ${MOST_ENTRIES} entries`);
    }
    return set.call(this, key, value) as Map<K, V>;
  };
}

/** A damaged picture says that it is a hundred times as wide; its pixels would be made, and filled, before anything looks at them. */
function limitLists(): void {
  globalThis.Uint8Array = limited(Uint8Array, MOST_BYTES);
  globalThis.Uint8ClampedArray = limited(Uint8ClampedArray, MOST_BYTES);
  globalThis.Uint16Array = limited(Uint16Array, MOST_BYTES / 2);
  globalThis.Uint32Array = limited(Uint32Array, MOST_BYTES / 4);
  globalThis.Int32Array = limited(Int32Array, MOST_BYTES / 4);
  globalThis.Float32Array = limited(Float32Array, MOST_BYTES / 4);
}

function limited<T extends new (...args: never[]) => object>(list: T, most: number): T {
  const proxy: T = new Proxy(list, {
    construct(target, given: readonly unknown[], asked) {
      if (typeof given[0] === 'number' && given[0] > most) {
        tell('stray');
        throw new RangeError(`a list of more than ${most} entries`);
      }
      return Reflect.construct(target, given, asked === proxy ? target : asked) as object;
    },
  });
  return proxy;
}
