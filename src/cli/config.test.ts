import { readConfig } from '../config.ts';
import { CannotRun, type CommandIo } from './command.ts';
import { config } from './config.ts';

function aRun(env: Readonly<Record<string, string>>) {
  const out: string[] = [];
  const err: string[] = [];
  const io: CommandIo = {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    stdin: async () => new Uint8Array(),
    isTerminal: false,
    now: () => 0,
    env,
  };
  return { out, err, ended: config.run(['check'], io) };
}

describe('config check', () => {
  it('prints every setting there is, and no secret', async () => {
    const { out, ended } = aRun({
      DATABASE_URL: 'postgres://user:zq7secret@db.example/holdfast?password=zq7secret',
      REDIS_URL: 'redis://:zq7secret@redis.example:6379',
      HOLDFAST_ADMIN_PASSWORD: 'zq7secret',
      HOLDFAST_API_TOKEN: 'zq7secret',
    });
    expect(await ended).toBe(0);
    expect(out.join('')).not.toContain('zq7secret');
    expect(out.join('')).toContain('DATABASE_URL=postgres://user:***@db.example/holdfast\n');
    const known = readConfig({ HOLDFAST_NONE: '' });
    const names = known.ok ? (known.warnings[0] ?? '').replace(/^.*known are /, '').split(', ') : [];
    expect(out.map((line) => line.split('=')[0]).toSorted()).toEqual(names.toSorted());
  });

  it('says every fault in one run', async () => {
    const { ended } = aRun({ HOLDFAST_HTTP: 'x', HOLDFAST_WORKERS: 'many' });
    const fault = await ended.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(CannotRun);
    expect(fault instanceof CannotRun ? fault.lines.length : 0).toBe(2);
  });
});
