import { randomUUID } from 'node:crypto';
import type { Result } from '../core/result.ts';
import type { Saved } from './register-keeping.ts';
import type { Outcome } from './service.ts';

export interface MadeSketchView {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly passages: number;
  readonly columns: readonly { readonly name: string; readonly use: string; readonly why: string }[];
}

/** Makes the keyed sketch of a file in a process of its own; an error says in words what is wrong with the file. */
export type SketchMaker = (
  file: { readonly name: string; readonly content: Uint8Array },
  onRow: (done: number, total: number) => void,
) => Promise<Result<MadeSketchView, string>>;

export type SketchJobView =
  | { readonly state: 'running'; readonly done: number; readonly total: number }
  | { readonly state: 'made'; readonly sketch: Omit<MadeSketchView, 'bytes'>; readonly saved: Saved }
  | { readonly state: 'refused'; readonly message: string };

const KEPT = 50;

export interface SketchJobs {
  start(
    owner: string,
    make: (onRow: (done: number, total: number) => void) => ReturnType<SketchMaker>,
    save: (bytes: Uint8Array) => Promise<Outcome<Saved>>,
  ): string;
  /** Null for somebody else's, and for one that is forgotten. */
  find(id: string, owner: string): SketchJobView | null;
}

/** Sketches under way, in this process; the oldest are forgotten. */
export function createSketchJobs(): SketchJobs {
  const jobs = new Map<string, { readonly owner: string; view: SketchJobView }>();
  return {
    start(owner, make, save) {
      const id = randomUUID();
      const job: { readonly owner: string; view: SketchJobView } = {
        owner,
        view: { state: 'running', done: 0, total: 0 },
      };
      jobs.set(id, job);
      for (const key of jobs.keys()) if (jobs.size > KEPT) jobs.delete(key);
      const run = async (): Promise<SketchJobView> => {
        const made = await make((done, total) => {
          job.view = { state: 'running', done, total };
        });
        if (!made.ok) return { state: 'refused', message: made.error };
        const { bytes, ...sketch } = made.value;
        const saved = await save(bytes);
        return saved.ok
          ? { state: 'made', sketch, saved: saved.value }
          : { state: 'refused', message: saved.refusal.message };
      };
      void run()
        .catch((): SketchJobView => ({ state: 'refused', message: 'the sketch could not be made, try again' }))
        .then((view) => {
          job.view = view;
        });
      return id;
    },
    find(id, owner) {
      const job = jobs.get(id);
      return job === undefined || job.owner !== owner ? null : job.view;
    },
  };
}
