import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChatCall, CheckPointKind } from './check-points.ts';

/** How far a call's own time may be from ours; Slack recommends five minutes. */
export const CALL_WINDOW_MS = 5 * 60_000;

export type SignatureReading =
  | { readonly ok: true; readonly signature: Uint8Array }
  | { readonly ok: false; readonly message: string };

/**
 * Whether a chat signed a call with its secret, and when.
 *
 * Slack: `v0=` and hex over `v0:TIME:BODY` in `X-Slack-Signature`. Teams: base64 over the body in `Authorization: HMAC`, the
 * secret itself in base64, the time inside the body. Any other: `v1=` and hex over `TIME.BODY` in `X-Holdfast-Signature`.
 * HMAC-SHA256 each time; seconds since the epoch, or ISO 8601 in Teams.
 */
export function readSignature(
  kind: Exclude<CheckPointKind, 'embed'>,
  secret: string,
  { headers, body }: ChatCall,
  now: number,
): SignatureReading {
  const { given, at, expected } = PARTS[kind](secret, headers, body);
  if (given === null) return { ok: false, message: `the call is not signed: ${WANTED[kind]}` };
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return { ok: false, message: 'the signature is not right: check that both sides have the same secret' };
  }
  if (at === null) return { ok: false, message: 'the call says no time, so it could be an old one sent again' };
  if (Math.abs(now - at) > CALL_WINDOW_MS) {
    return {
      ok: false,
      message: 'the call is more than five minutes old or early: check the clocks, and send it anew',
    };
  }
  return { ok: true, signature: given };
}

interface Parts {
  readonly given: Uint8Array | null;
  readonly at: number | null;
  readonly expected: Uint8Array;
}

type ReadParts = (secret: string, headers: ChatCall['headers'], body: Uint8Array) => Parts;

const WANTED: Readonly<Record<Exclude<CheckPointKind, 'embed'>, string>> = {
  slack: 'send X-Slack-Signature and X-Slack-Request-Timestamp',
  teams: 'send Authorization: HMAC and the signature',
  signed: 'send X-Holdfast-Signature and X-Holdfast-Timestamp',
};

const PARTS: Readonly<Record<Exclude<CheckPointKind, 'embed'>, ReadParts>> = {
  slack: (secret, headers, body) =>
    stamped(secret, headers['x-slack-signature'], 'v0', headers['x-slack-request-timestamp'], 'v0:', ':', body),
  signed: (secret, headers, body) =>
    stamped(secret, headers['x-holdfast-signature'], 'v1', headers['x-holdfast-timestamp'], '', '.', body),
  teams(secret, headers, body) {
    const given = /^HMAC\s+([A-Za-z0-9+/]{43}=)$/.exec(headers['authorization'] ?? '')?.[1];
    return {
      given: given === undefined ? null : Buffer.from(given, 'base64'),
      at: timeInBody(body),
      expected: createHmac('sha256', Buffer.from(secret, 'base64')).update(body).digest(),
    };
  },
};

function stamped(
  secret: string,
  header: string | undefined,
  version: string,
  time: string | undefined,
  before: string,
  between: string,
  body: Uint8Array,
): Parts {
  const hex = new RegExp(`^${version}=([0-9a-f]{64})$`).exec(header ?? '')?.[1];
  const seconds = /^\d{1,12}$/.test(time ?? '') ? Number(time) : null;
  return {
    given: hex === undefined ? null : Buffer.from(hex, 'hex'),
    at: seconds === null ? null : seconds * 1000,
    expected: createHmac('sha256', secret)
      .update(`${before}${time ?? ''}${between}`)
      .update(body)
      .digest(),
  };
}

/** The time is signed with the rest of the body, so it is the call's own. */
function timeInBody(body: Uint8Array): number | null {
  try {
    const { timestamp } = JSON.parse(Buffer.from(body).toString('utf8')) as { readonly timestamp?: unknown };
    const at = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
    return Number.isNaN(at) ? null : at;
  } catch {
    return null;
  }
}
