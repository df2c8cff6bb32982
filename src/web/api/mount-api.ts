import type { Express, RequestHandler } from 'express';
import { aProblem } from '../problem.ts';
import { NO_WEBHOOKS, type WebContext } from '../web-options.ts';
import type { ApiRoute } from './api-route.ts';
import { auditRoutes } from './audit-routes.ts';
import { messageRoutes } from './message-routes.ts';
import { openApiDocument } from './openapi.ts';
import { recallRoutes } from './recall-routes.ts';
import { registerRoutes } from './register-routes.ts';
import { type ApiMachinery, runRoute, sendProblem } from './run-route.ts';
import { webhookRoutes } from './webhook-routes.ts';

export const API_VERSION = '1.0.0';

export function apiRoutes(
  context: Pick<WebContext, 'service'> & Partial<Pick<WebContext, 'webhooks'>>,
): readonly ApiRoute[] {
  return [
    ...messageRoutes(context.service),
    ...registerRoutes(context.service),
    ...recallRoutes(context.service),
    ...auditRoutes(context.service),
    ...webhookRoutes(context.webhooks ?? NO_WEBHOOKS),
  ];
}

/** Puts the API, its description and the operations endpoints on an app. */
export function mountApi(app: Express, machinery: ApiMachinery): void {
  const { context } = machinery;
  const routes = apiRoutes(context);
  for (const route of routes) app[route.method](route.path, runRoute(route, machinery));
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
    app.all(path, otherMethod(allowed));
  }

  const document = JSON.stringify(openApiDocument(routes, API_VERSION));
  app.get('/openapi.json', (_request, response) => {
    response.type('application/json').send(document);
  });
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  app.get('/readyz', async (_request, response) => {
    const faults = await context.service.readiness();
    if (faults.length === 0) {
      const warnings = context.warnings?.() ?? [];
      response.type('text/plain').send(['ready', ...warnings.map((line) => `warning: ${line}`), ''].join('\n'));
    } else {
      // One for each thing that is wrong, and all of them in the sentence that people read.
      const errors = faults.map((detail) => ({ pointer: '', detail }));
      sendProblem(response, aProblem('not-ready', faults.join('; '), { errors, headers: { 'Retry-After': '5' } }));
    }
  });
  app.get('/metrics', async (_request, response, next) => {
    if (context.metrics === undefined) return next();
    const { contentType, text } = await context.metrics();
    response.set('Content-Type', contentType).send(text);
  });
  app.use('/v1', (_request, response) => {
    sendProblem(response, aProblem('not-found', 'The API has no such path; see /openapi.json.'));
  });
}

function otherMethod(allowed: readonly string[]): RequestHandler {
  const methods = allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed;
  const problem = aProblem('method-not-allowed', `Use ${allowed.join(' or ')} here.`, {
    headers: { Allow: methods.join(', ') },
  });
  return (_request, response) => sendProblem(response, problem);
}
