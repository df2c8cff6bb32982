import type { EmbargoEntry, SensitivityEntry } from '../core/entry.ts';
import { formatLocalTime } from '../registers/local-time.ts';
import { loadFolder, type RegistersAction } from './registers-task.ts';

/** Checks a register folder and says in a few lines what it holds. */
export const checkRegisters: RegistersAction = async (task, io) => {
  const { registers } = await loadFolder(task, 'read', io);
  const { embargoes, sensitivity, warnings } = registers;
  io.out(`${task.folder}: ${count(embargoes.length, 'release')}, ${count(sensitivity.length, 'dataset')}, no fault`);
  io.out(warnings.length === 0 ? '\n' : `, ${count(warnings.length, 'warning')}\n`);
  for (const entry of embargoes) io.out(describeEmbargo(entry));
  for (const entry of sensitivity) io.out(describeDataset(entry));
  return 0;
};

export function count(number: number, noun: string, many = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : many}`;
}

function describeEmbargo(entry: EmbargoEntry): string {
  const time = (at: number) => formatLocalTime(at, entry.zone).replace('T', ' ');
  const access = entry.preRelease?.access.length ?? 0;
  const details = [
    `${time(entry.from)} to ${time(entry.until)} ${entry.zone}`,
    entry.status,
    ...(entry.preRelease === null
      ? []
      : [`${count(access, 'person').replace('persons', 'people')} with access from ${time(entry.preRelease.opens)}`]),
    ...(entry.figures.length === 0 ? [] : [count(entry.figures.length, 'figure')]),
  ];
  return `  ${entry.id}: ${entry.title}\n      ${details.join(' · ')}\n`;
}

function describeDataset(entry: SensitivityEntry): string {
  const known = [
    ...(entry.dataset === null ? [] : [`the schema ${entry.dataset}`]),
    ...(entry.columns.length === 0 ? [] : [count(entry.columns.length, 'column')]),
    ...(entry.sketch === null ? [] : ['a sketch']),
  ];
  const details = [
    `known by ${known.length === 0 ? 'nothing' : known.join(', ')}`,
    `may go to ${entry.allowedRecipients.length === 0 ? 'nobody' : entry.allowedRecipients.join(', ')}`,
  ];
  return `  ${entry.id}: ${entry.title}\n      ${details.join(' · ')}\n`;
}
