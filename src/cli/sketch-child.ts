import { buffer } from 'node:stream/consumers';
import { memorySource } from '../core/byte-source.ts';
import { makeSketch } from './make-sketch.ts';
import { fileSource } from './read-paths.ts';
import type { SketchAnswer, SketchJob } from './sketch-process.ts';

const EVERY_MS = 100;

/** Makes one sketch in a process of its own, whose memory is capped by its parent. */
process.once('message', async (job: SketchJob) => {
  const answer = await answerTo(job);
  // Only once the message is out: a sketch is larger than a pipe.
  process.send?.(answer, () => process.disconnect());
});

async function answerTo(job: SketchJob): Promise<SketchAnswer> {
  let told = 0;
  const onRow = (done: number, total: number) => {
    if (performance.now() - told < EVERY_MS) return;
    told = performance.now();
    process.send?.({ kind: 'progress', done, total } satisfies SketchAnswer);
  };
  try {
    const key = { id: job.key, sketches: Buffer.from(job.secret, 'base64') };
    const without = job.without === null ? null : { name: job.without, source: await fileSource(job.without, 0) };
    const source = job.isPiped ? memorySource(await buffer(process.stdin)) : await fileSource(job.path, 0);
    const made = await makeSketch(job.path, source, key, onRow, without);
    if (!made.ok) return { kind: 'refused', message: made.error };
    return { kind: 'made', made: { ...made.value, bytes: Buffer.from(made.value.bytes).toString('base64') } };
  } catch (error) {
    return { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
  }
}
