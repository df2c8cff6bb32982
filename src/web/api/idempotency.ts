import type { Request } from 'express';
import type { IdempotencyRecord, KeptAnswer } from '../../service/idempotency-record.ts';
import type { Caller } from '../../service/ports.ts';
import { aProblem, type Problem, problemBody } from '../problem.ts';
import type { ApiReply } from './api-route.ts';

export const IDEMPOTENCY_HEADER = 'Idempotency-Key';
const REPLAYED = { 'Idempotency-Replayed': 'true' };
/** A structured string or a bare one, as clients write both (draft-ietf-httpapi-idempotency-key-header). */
const KEY = /^(?:"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/;

/**
 * Runs a request once for each key of its caller: the same request again is given the same answer for a day.
 *
 * What may go better next time is not kept: a defect, and whatever could not be judged or was too much.
 */
export async function runOnce(
  request: Request,
  caller: Caller,
  content: Uint8Array,
  record: IdempotencyRecord | null,
  run: () => Promise<ApiReply>,
): Promise<ApiReply> {
  const header = request.get(IDEMPOTENCY_HEADER);
  if (header === undefined || record === null) return run();
  const [, quoted, bare] = KEY.exec(header.trim()) ?? [];
  const key = quoted ?? bare;
  if (key === undefined) {
    return no('malformed-request', `${IDEMPOTENCY_HEADER} is not 1 to 255 visible ASCII characters; send a UUID.`);
  }
  const begun = await record.begin(caller, key, [request.method, request.originalUrl, content]);
  switch (begun.kind) {
    case 'answered':
      return replay(begun.answer);
    case 'running': {
      const detail = 'The first request with this key is still at work; ask again in a moment.';
      return { ok: false, problem: aProblem('request-in-progress', detail, { headers: { 'Retry-After': '1' } }) };
    }
    case 'other':
      return no(
        'idempotency-key-reused',
        'This key came with another request before; send a new key with a new request.',
      );
    case 'new':
      break;
  }
  let reply: ApiReply | null = null;
  try {
    reply = await run();
    return reply;
  } finally {
    if (reply === null || (!reply.ok && (reply.problem.status >= 500 || reply.problem.status === 429))) {
      await record.forget(begun.ticket);
    } else await record.finish(begun.ticket, keep(reply));
  }
}

function keep(reply: ApiReply): KeptAnswer {
  return reply.ok
    ? { status: 200, body: reply.body }
    : { status: reply.problem.status, body: problemBody(reply.problem) };
}

function replay({ status, body }: KeptAnswer): ApiReply {
  if (status === 200) return { ok: true, body, headers: REPLAYED };
  // It was written by `keep`.
  return { ok: false, problem: { ...(body as Problem), headers: REPLAYED } };
}

function no(name: Parameters<typeof aProblem>[0], detail: string): ApiReply {
  return { ok: false, problem: aProblem(name, detail) };
}
