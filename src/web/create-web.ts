import express, { type ErrorRequestHandler, type Express } from 'express';
import { mountApi } from './api/mount-api.ts';
import { sendProblem } from './api/run-route.ts';
import { mountCheckPoints } from './check-points/mount-check-points.ts';
import { loadAssets } from './pages/assets.ts';
import { mountPages } from './pages/mount-pages.ts';
import { sendProblemPage } from './pages/run-page.ts';
import { createRenderer } from './pages/templates-environment.ts';
import { aProblem, type Problem } from './problem.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { createBodyBudget } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { logRequests } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';
import { fillDefaults, type WebOptions } from './web-options.ts';

/** Longest header block taken: an envelope of thousands of recipients travels in the query. Hand it to `http.createServer`. */
export const MAX_HEADER_BYTES = 512 * 1024;

/** The HTTP API and the pages as one handler for `http.createServer`. */
export function createWeb(options: WebOptions): Express {
  const context = fillDefaults(options);
  const limiter = createRateLimiter(context.limits.requestsPerSecond, context.monotonic);
  const bodies = createBodyBudget(context.limits.bodyBytesInFlight);
  const machinery = { context, limiter, bodies, assets: loadAssets(), render: createRenderer() };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', readQuery);
  app.enable('case sensitive routing');
  // Only a proxy on this machine may say who the client is and that it came by HTTPS.
  app.set('trust proxy', 'loopback');
  app.use(securityHeaders);
  app.use(logRequests(context));
  mountApi(app, machinery);
  mountCheckPoints(app, machinery);
  mountPages(app, machinery);

  const onError: ErrorRequestHandler = (error: unknown, request, response, next) => {
    const problem = problemOfError(error);
    if (problem.status === 500) context.log.error({ err: error, method: request.method }, 'request failed');
    if (response.headersSent) return next(error);
    if (wantsJson(request.path)) sendProblem(response, problem);
    else sendProblemPage(machinery, request, response, null, problem);
  };
  app.use(onError);
  return app;
}

function wantsJson(path: string): boolean {
  return (
    path === '/v1' ||
    ['/v1/', '/embed/', '/hooks/'].some((start) => path.startsWith(start)) ||
    ['/readyz', '/healthz', '/metrics', '/openapi.json'].includes(path)
  );
}

/** Express throws for a path that is not URL-encoded; a client that left in the middle of its body needs no answer. */
function problemOfError(error: unknown): Problem {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
  if (status === 400 || error instanceof URIError) {
    return aProblem('malformed-request', 'The address is not written correctly; check its % signs.');
  }
  return aProblem(
    'internal-error',
    'Something broke in Holdfast, and nothing was let through. Try again; if it stays, tell an administrator.',
  );
}
