import { type MessagePort, parentPort } from 'node:worker_threads';
import type { ThreadNews } from './pdf-thread.ts';

/** The package has no types for its own parser. */
interface Parser {
  readonly WorkerMessageHandler: { initializeFromPort(port: MessagePort): void };
}

const ALIVE_EVERY = 1_000;
/** Entries of a map: fonts have 65,536 characters, and the largest character maps some tens of thousands. */
const MOST_ENTRIES = 1_000_000;

/** Entry point of the thread that parses PDFs: gets a channel for each document, and tells that it lives. */
const tell = (news: ThreadNews) => parentPort?.postMessage(news);
process.on('unhandledRejection', () => tell('stray'));
setInterval(() => tell('alive'), ALIVE_EVERY);
limitMaps();
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
