import { randomBytes, randomUUID } from 'node:crypto';
import { refuse } from './authorise.ts';
import { CALL_WINDOW_MS, readSignature } from './chat-signature.ts';
import type { CheckPoint, CheckPointRecord, CheckPoints, NewCheckPoint } from './check-points.ts';
import type { Caller } from './ports.ts';
import { refusal } from './refusal.ts';

export interface CheckPointDeps {
  readonly record: CheckPointRecord;
  /** The real time in ms since the epoch, also where judgements use a fixed one. */
  readonly wallClock: () => number;
}

const DAY_MS = 86_400_000;
export const MOST_DAYS = 366;

/** Lets drafts be checked from places outside our own pages, each by its own narrow credential. */
export function createCheckPointDesk({ record, wallClock }: CheckPointDeps): CheckPoints {
  return {
    async list(caller) {
      return refuse(caller, 'manage-check-points') ?? { ok: true, value: await record.list() };
    },
    async create(wanted, caller) {
      const refused = refuse(caller, 'manage-check-points');
      if (refused !== null) return refused;
      const fault = faultOf(wanted);
      if (fault !== null) return { ok: false, refusal: { kind: 'invalid', message: fault } };
      const { secret, days, origins, ...rest } = wanted;
      const token = wanted.kind === 'embed' ? `holdfast_check_${randomBytes(24).toString('base64url')}` : null;
      const id = `point-${randomUUID()}`;
      const point = { ...rest, id, origins: origins.map(toOrigin), expiresAt: wallClock() + days * DAY_MS };
      await record.create(point, token ?? secret ?? '', caller.id);
      return { ok: true, value: { point: { ...point, createdAt: wallClock(), isRevoked: false }, token } };
    },
    async revoke(id, caller) {
      const refused = refuse(caller, 'manage-check-points');
      if (refused !== null) return refused;
      if (await record.revoke(id, caller.id)) return { ok: true, value: null };
      return refusal('not-found', `there is no check point ${id.slice(0, 64)} that could be ended`);
    },
    hasOrigin: (origin) => record.hasOrigin(origin),
    async openEmbed(token, origin) {
      const point = await record.byToken(token);
      return point?.origins.includes(origin) === true ? { point, caller: callerOf(point) } : null;
    },
    async openChat(id, call) {
      const found = await record.bySecret(id);
      // The same words for a place that is not there: nobody learns which ids there are.
      if (found === null || found.point.kind === 'embed') {
        return {
          ok: false,
          kind: 'unauthenticated',
          message: 'the signature is not right: check the address and the secret',
        };
      }
      const { point, secret } = found;
      const reading = readSignature(found.point.kind, secret, call, wallClock());
      if (!reading.ok) return { ok: false, kind: 'unauthenticated', message: reading.message };
      // Twice the window: a call that is early stays valid for longer than one that is on time.
      if (!(await record.isFirst(id, reading.signature, 2 * CALL_WINDOW_MS))) {
        return { ok: false, kind: 'conflict', message: 'this call came before: each is answered once' };
      }
      return { ok: true, point, caller: callerOf(point) };
    },
  };
}

/** May check drafts and nothing else: what it is handed to decides by its roles, and it sees no one's messages. */
function callerOf(point: CheckPoint): Caller {
  return { id: point.id, name: point.name, address: point.author, roles: ['submitter'] };
}

function faultOf({ kind, name, author, origins, days, secret }: NewCheckPoint): string | null {
  if (name.trim() === '' || name.length > 100) return 'name: give it a name of 1 to 100 characters';
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(author)) return 'author: is not an address like press@department.example';
  if (!(Number.isInteger(days) && days >= 1 && days <= MOST_DAYS))
    return `days: is not a number from 1 to ${MOST_DAYS}`;
  if (kind !== 'embed') {
    if (secret === null || secret.length < 16)
      return 'secret: has fewer than 16 characters; take the one the chat shows';
    return kind === 'teams' && !/^[A-Za-z0-9+/]{20,}={0,2}$/.test(secret)
      ? 'secret: is not base64, as Teams shows it'
      : null;
  }
  if (origins.length === 0) return 'origins: name at least one site, like https://cms.department.example';
  const wrong = origins.find((origin) => !isSite(origin));
  return wrong === undefined ? null : `origins: ${wrong.slice(0, 80)} is no site like https://cms.department.example`;
}

/** HTTPS, or this machine itself for trials: on plain HTTP anybody on the way could read the drafts. */
function isSite(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, pathname, search, hash, username } = new URL(origin);
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  const isBare = pathname === '/' && search === '' && hash === '' && username === '';
  return isBare && (protocol === 'https:' || (protocol === 'http:' && isLocal));
}

function toOrigin(site: string): string {
  return new URL(site).origin;
}
