import type { RequestHandler } from 'express';
import type { WebContext } from './web-options.ts';

/** One line a request: method, route and status. Never the address with its query, which holds envelopes and drafts. */
export function logRequests({ log, monotonic }: WebContext): RequestHandler {
  return (request, response, next) => {
    const started = monotonic();
    response.once('finish', () => {
      const route: unknown = request.route;
      const path = typeof route === 'object' && route !== null && 'path' in route ? route.path : null;
      const ms = Math.round(monotonic() - started);
      log.info({ method: request.method, route: path, status: response.statusCode, ms }, 'request');
    });
    next();
  };
}
