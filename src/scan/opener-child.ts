import { constants } from 'node:fs';
import { extractors } from '../extract/index.ts';
import type { FromChild, ToChild } from './opener-protocol.ts';
import { serveOpener } from './serve-opener.ts';

// The permission model takes `process.binding` away, and 7-Zip's loader asks it for the constants of `node:fs`, and nothing else.
Object.defineProperty(process, 'binding', {
  value: (name: string) => {
    if (name === 'constants') return { fs: constants };
    throw new Error(`process.binding(${name}) is not for children`);
  },
});

/** Entry point of a child of the scan pool: opens what it is sent, knows nothing else, and ends with its parent. */
serveOpener(
  {
    send: (message: FromChild) => process.send?.(message),
    onMessage: (handle) => process.on('message', (message) => handle(message as ToChild)),
    onStray: (handle) => process.on('unhandledRejection', handle),
  },
  extractors,
  () => performance.now(),
);

process.on('disconnect', () => process.exit(0));
