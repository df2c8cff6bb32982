import type { RequestHandler } from 'express';
import type { WebContext } from './web-options.ts';

/** Whatever else clients invent would make a series of its own. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE']);

/** One line a request: method, route and status. Never the address with its query, which holds envelopes and drafts. */
export function logRequests({ log, monotonic, onRequest }: WebContext): RequestHandler {
  return (request, response, next) => {
    const started = monotonic();
    response.once('finish', () => {
      const route: unknown = request.route;
      const path = typeof route === 'object' && route !== null && 'path' in route ? route.path : null;
      const took = monotonic() - started;
      const { method } = request;
      const status = response.statusCode;
      log.info({ method, route: path, status, ms: Math.round(took) }, 'request');
      onRequest({
        method: METHODS.has(method) ? method : 'other',
        route: typeof path === 'string' ? path : null,
        status,
        seconds: took / 1000,
      });
    });
    next();
  };
}
