import { setTimeout as sleep } from 'node:timers/promises';

/** Calls taken together at most. */
const BATCH = 64;
/** A batch of so many tells that more are coming. */
const FEW = 3;

/**
 * Turns single calls into batches: what is called while a batch is under way goes together in the next.
 *
 * A call alone costs what it cost before; under load many calls share a round trip, and a flush. After a batch of several,
 * `lingerMs` are given to more of them. `run` answers in the order of its input. Where a batch fails each call is run by itself, so that one bad row fails nobody else.
 */
export function gather<I, O>(
  run: (batch: readonly I[]) => Promise<readonly O[]>,
  lingerMs = 0,
): (input: I) => Promise<O> {
  interface Call {
    readonly input: I;
    readonly resolve: (output: O) => void;
    readonly reject: (reason: unknown) => void;
  }
  let waiting: Call[] = [];
  let isRunning = false;
  let lastSize = 0;

  async function one(call: Call): Promise<void> {
    try {
      const [output] = await run([call.input]);
      call.resolve(output as O);
    } catch (error) {
      call.reject(error);
    }
  }

  async function round(calls: readonly Call[]): Promise<void> {
    try {
      const outputs = await run(calls.map(({ input }) => input));
      for (const [index, call] of calls.entries()) call.resolve(outputs[index] as O);
    } catch (error) {
      if (calls.length === 1) calls[0]?.reject(error);
      else for (const call of calls) await one(call);
    }
  }

  async function work(): Promise<void> {
    isRunning = true;
    // A turn of the event loop gathers what arrived together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      if (lingerMs > 0 && lastSize >= FEW && waiting.length < BATCH) await sleep(lingerMs);
      const calls = waiting.slice(0, BATCH);
      lastSize = calls.length;
      waiting = waiting.slice(BATCH);
      await round(calls);
    }
    isRunning = false;
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      if (!isRunning) void work();
    });
}
