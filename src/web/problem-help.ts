import type { ProblemName } from './problem.ts';

/** What to do about each problem, for its page. */
export const PROBLEM_HELP: Readonly<Record<ProblemName, string>> = {
  'malformed-request':
    'The address, a header or the body is not written as HTTP and JSON have it. The detail names the place; sending the same again will fail again.',
  unauthenticated:
    'Send an API token as Authorization: Bearer TOKEN, or sign in. A token that was revoked or has run out gets this answer too; an administrator makes a new one.',
  forbidden:
    'The caller is known and does not have the role, or not the pre-release access, that this needs. The detail names the role. An administrator gives roles; access to an entry is kept in the register.',
  'not-found': 'Nothing is at this address, or it is somebody else’s: both get the same answer. Check the id.',
  'method-not-allowed': 'The header Allow names the methods that the resource has.',
  conflict:
    'The state does not allow it any more, such as a second release of a message. Read the resource again, and decide by what it is now.',
  'too-large':
    'A message or draft is 150 MB at most, attachments decoded. Send the large files another way, or split the message.',
  'unsupported-media-type':
    'The detail names the Content-Type that is expected. Bodies are sent as they are, without Content-Encoding.',
  invalid:
    'A field or parameter is missing, unknown or out of its bounds. errors lists each with a JSON pointer and what is wrong; /openapi.json has the bounds.',
  'too-many-requests': 'Wait for the seconds in Retry-After, and send fewer requests a second.',
  'internal-error':
    'Something broke in Holdfast. Nothing was let through. Try again with the same Idempotency-Key; if it stays, an administrator finds the defect in the log.',
  'not-ready':
    'There is no register entry, a rule does not load, or the database is away: what cannot be judged is not taken. /readyz says which. Try again after Retry-After with the same Idempotency-Key.',
  'request-in-progress':
    'A request with this Idempotency-Key is being worked on. Ask again after Retry-After, and get its answer.',
  'idempotency-key-reused':
    'This Idempotency-Key came with another method, address or body in the last 24 hours. A new request needs a new key; a UUID is good.',
};
