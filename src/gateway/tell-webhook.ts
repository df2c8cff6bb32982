import { type LookupAddress, lookup } from 'node:dns';
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';

import type { TellWebhook, Told } from '../service/start-webhooks.ts';
import { isPublicAddress, targetFault } from '../service/webhook-target.ts';

class NotPublic extends Error {
  readonly code = 'ENOTPUBLIC';
}

/**
 * Posts to webhooks; follows no redirect, reads no answer but its status, and connects to nothing that is not public or allowed.
 *
 * The addresses that a name leads to are judged where the connection is made, so that a name which leads elsewhere a moment later gains nothing.
 */
export function createWebhookTeller(isAllowed: (address: string) => boolean): TellWebhook {
  const mayReach = (address: string) => isPublicAddress(address) || isAllowed(address);
  const guarded: LookupFunction = (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) return done(error, '');
      const usable = found.filter(({ address }) => mayReach(address));
      const [first] = usable;
      if (first === undefined || usable.length < found.length) return done(new NotPublic('not public'), '');
      if (options.all === true) done(null, usable);
      else done(null, first.address, first.family);
    });
  };
  return (address, headers, body, signal) =>
    new Promise<Told>((resolve) => {
      // It was looked at when it was registered; what is allowed may have changed since.
      const fault = targetFault(address, isAllowed);
      if (fault !== null) return resolve({ kind: 'failed', reason: `its address ${fault}` });
      const url = new URL(address);
      const options: RequestOptions = {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        lookup: guarded,
        signal,
        agent: false,
      };
      const call = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
        resolve({ kind: 'answered', status: response.statusCode ?? 0 });
        response.destroy();
      });
      call.on('error', (error) => resolve({ kind: 'failed', reason: describe(error) }));
      call.end(body);
    });
}

/** A code is told, never a text: texts quote addresses and certificates. */
function describe(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  switch (code) {
    case 'ENOTPUBLIC':
      return 'its name leads to an address that is not public';
    case 'ABORT_ERR':
    case 'AbortError':
      return 'no answer in time';
    default:
      return `no connection (${code})`;
  }
}
