import pino from 'pino';

import type { LogLevel } from '../config.ts';

/** JSON lines on standard error. Errors are told by type, code and place: their texts may quote what a message holds (promise 5). */
export function makeLog(level: LogLevel, name: string): pino.Logger {
  return pino(
    { level, name, serializers: { err: describeError }, base: { pid: process.pid } },
    pino.destination({ fd: 2, sync: true }),
  );
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  // PostgreSQL's messages quote values; its code says the same without them.
  const told = 'severity' in error ? {} : { message: error.message.split('\n')[0]?.slice(0, 300) };
  const stack = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8);
  return { type: error.name, ...code, ...told, stack, ...cause };
}
