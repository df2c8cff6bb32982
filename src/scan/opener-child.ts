import { extractors } from '../extract/index.ts';
import type { FromChild, ToChild } from './opener-protocol.ts';
import { serveOpener } from './serve-opener.ts';

/** Entry point of a child of the scan pool: opens what it is sent, knows nothing else, and ends with its parent. */
serveOpener(
  {
    send: (message: FromChild) => process.send?.(message),
    onMessage: (handle) => process.on('message', (message) => handle(message as ToChild)),
  },
  extractors,
  () => performance.now(),
);

process.on('disconnect', () => process.exit(0));
