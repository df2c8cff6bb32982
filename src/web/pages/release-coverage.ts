import type { EmbargoEntry, Instant, Registers } from '../../core/entry.ts';

export interface Coverage {
  readonly id: string;
  readonly title: string;
  readonly lift: Instant;
  /** What stands and what does not, each with what to do; nothing of it tells whether figures are known, or which. */
  readonly points: readonly { readonly isDone: boolean; readonly text: string }[];
}

/** What is prepared for the release that lifts next; null where none is ahead. */
export function nextCoverage({ embargoes, sensitivity }: Registers, now: Instant): Coverage | null {
  const [next] = embargoes
    .filter(({ status, until }) => status === 'scheduled' && until > now)
    .toSorted((a, b) => a.until - b.until);
  if (next === undefined) return null;
  const feeds = sensitivity.filter(({ embargo }) => embargo === next.id);
  return {
    id: next.id,
    title: next.title,
    lift: next.until,
    points: [...accessPoints(next), ...dataPoints(next, feeds)],
  };
}

function accessPoints({ preRelease, custodians, from, until }: EmbargoEntry): Coverage['points'] {
  const people = preRelease?.access ?? [];
  const undeclared = people.filter(({ declared }) => declared === null).length;
  return [
    people.length === 0
      ? { isDone: true, text: 'Nobody has pre-release access' }
      : undeclared === 0
        ? { isDone: true, text: `All ${people.length} with pre-release access have declared` }
        : { isDone: false, text: `${undeclared} of ${people.length} with pre-release access have not declared` },
    preRelease !== null && until - preRelease.opens > 24 * 60 * 60_000
      ? { isDone: false, text: 'Access opens more than 24 hours before the lift' }
      : { isDone: true, text: 'Access opens 24 hours before the lift or later' },
    custodians.length > 0
      ? { isDone: true, text: 'The producer’s own staff are named' }
      : { isDone: false, text: 'No custodians: the producer’s own staff are held too' },
    until > from
      ? { isDone: true, text: 'The window has a beginning and an end' }
      : { isDone: false, text: 'The window is empty' },
  ];
}

function dataPoints({ subjects }: EmbargoEntry, feeds: Registers['sensitivity']): Coverage['points'] {
  const unsketched = feeds.filter(
    ({ sketch, columns, dataset }) => sketch === null && dataset === null && columns.length === 0,
  );
  return [
    {
      isDone: subjects.length > 0,
      text: subjects.length === 1 ? 'One subject is watched' : `${subjects.length} subjects are watched`,
    },
    feeds.length === 0
      ? { isDone: false, text: 'No dataset that feeds it is registered' }
      : unsketched.length === 0
        ? { isDone: true, text: `Each of ${feeds.length} datasets that feed it can be recognised` }
        : {
            isDone: false,
            text: `${unsketched.length} of ${feeds.length} datasets that feed it have neither schema, columns nor fingerprint`,
          },
  ];
}
