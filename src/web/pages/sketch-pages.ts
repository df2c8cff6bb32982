import type { RegisterKeeping } from '../../service/register-keeping.ts';
import type { Service } from '../../service/service.ts';
import type { SketchJobView } from '../../service/sketch-jobs.ts';
import { problemOf } from '../problem.ts';
import { type PageRoute, page, pageOf } from './page-route.ts';

/** Fingerprints of datasets: the file is uploaded, a sketch of its rows is kept, and the file is not. */
export function sketchPages(service: Service, keeping: RegisterKeeping): readonly PageRoute[] {
  const roles = ['registrar'] as const;
  const path = '/registers/datasets/:id/sketch';
  return [
    {
      method: 'get',
      path,
      roles,
      handle: async ({ id, caller, query }) =>
        pageOf(await service.sensitivity(id, caller), (dataset) => {
          const jobId = query.get('job');
          const job = jobId === null ? null : keeping.sketchJob(jobId, caller);
          if (job !== null && !job.ok) return { kind: 'problem', problem: problemOf(job.refusal) };
          return page('sketch.njk', { dataset, jobId, job: job === null ? null : showJob(job.value), faults: [] });
        }),
    },
    {
      method: 'post',
      path,
      roles,
      handle: async ({ id, caller, files }) =>
        pageOf(await service.sensitivity(id, caller), async (dataset) => {
          const file = files[0];
          if (file === undefined || file.content.length === 0) {
            const faults = [{ field: 'file', text: 'Choose the file of the dataset' }];
            return page('sketch.njk', { dataset, jobId: null, job: null, faults }, 422);
          }
          const started = await keeping.startSketch(id, file, caller);
          if (!started.ok) return { kind: 'problem', problem: problemOf(started.refusal) };
          return { kind: 'redirect', to: `/registers/datasets/${encodeURIComponent(id)}/sketch?job=${started.value}` };
        }),
    },
    {
      method: 'get',
      path: `${path}/progress`,
      roles,
      fragment: true,
      handle: async ({ id, caller, query }) =>
        pageOf(keeping.sketchJob(query.get('job') ?? '', caller), (job) =>
          page('sketch-progress.njk', { dataset: { id }, job: showJob(job) }),
        ),
    },
  ];
}

function showJob(job: SketchJobView) {
  if (job.state === 'running') {
    const share = job.total === 0 ? 0 : Math.min(100, Math.floor((job.done / job.total) * 100));
    return { ...job, share };
  }
  if (job.state === 'refused') return job;
  const kept = job.sketch.columns.filter(({ use }) => use === 'combined').map(({ name }) => name);
  return { ...job, kept };
}
