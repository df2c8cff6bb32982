import type { Express } from 'express';
import { API_VERSION, apiRoutes } from '../api/mount-api.ts';
import { openApiDocument } from '../api/openapi.ts';
import { aProblem } from '../problem.ts';
import { NO_CHECK_POINTS, NO_NOTICES, type WebContext } from '../web-options.ts';
import { accessListPages } from './access-list-pages.ts';
import { accountPages } from './account-pages.ts';
import { apiDocsData, problemHelp } from './api-docs.ts';
import { auditPages } from './audit-pages.ts';
import { calendarPages } from './calendar-pages.ts';
import { changePages } from './change-pages.ts';
import { checkRoutes } from './check-page.ts';
import { checkPointPages } from './check-point-pages.ts';
import { datasetPages } from './dataset-pages.ts';
import { incidentPages } from './incident-pages.ts';
import { noticePages } from './notice-pages.ts';
import { oversightPages } from './oversight-page.ts';
import type { PageRoute } from './page-route.ts';
import { peoplePages } from './people-pages.ts';
import { recallPages } from './recall-pages.ts';
import { registerPages } from './register-pages.ts';
import { releasePages } from './release-pages.ts';
import { releaseStatusPages } from './release-status-pages.ts';
import { reviewRoutes } from './review-pages.ts';
import { type PageMachinery, personOf, runPage, sendPage, sendProblemPage } from './run-page.ts';
import { mountSignIn } from './sign-in.ts';
import { sketchPages } from './sketch-pages.ts';
import { createRenderer } from './templates-environment.ts';
import { trialPages } from './trial-pages.ts';
import { userPages } from './user-pages.ts';

export function pageRoutes({
  service,
  people,
  keeping,
  checkPoints = NO_CHECK_POINTS,
  notices = NO_NOTICES,
}: Pick<WebContext, 'service' | 'people' | 'keeping'> &
  Partial<Pick<WebContext, 'checkPoints' | 'notices'>>): readonly PageRoute[] {
  return [
    ...checkRoutes(service),
    ...checkPointPages(checkPoints),
    ...noticePages(notices),
    ...reviewRoutes(service),
    ...releasePages(service, keeping),
    ...datasetPages(service, keeping),
    ...sketchPages(service, keeping),
    ...releaseStatusPages(service, keeping),
    ...accessListPages(service, keeping),
    ...calendarPages(service, keeping),
    ...changePages(keeping),
    ...peoplePages(service, keeping),
    ...registerPages(service),
    ...auditPages(service),
    ...oversightPages(service),
    ...trialPages(service),
    ...recallPages(service),
    ...incidentPages(service, createRenderer()),
    ...accountPages(people),
    ...userPages(people),
  ];
}

/** Puts the pages on an app, after the API. */
export function mountPages(app: Express, machinery: PageMachinery): void {
  machinery.assets.mount(app);
  mountSignIn(app, machinery);
  for (const route of pageRoutes(machinery.context)) app[route.method](route.path, runPage(route, machinery));
  const routes = apiRoutes(machinery.context);
  const docs = apiDocsData(openApiDocument(routes, API_VERSION), routes);
  app.get('/docs', async (request, response) => {
    const origin = machinery.context.publicOrigin ?? `${request.protocol}://${request.get('host') ?? ''}`;
    const person = await personOf(request, machinery.context);
    sendPage(machinery, request, response, person, {
      kind: 'page',
      template: 'api-docs.njk',
      data: { ...docs, origin },
    });
  });
  app.get('/docs/problems/:name', async (request, response, next) => {
    const data = problemHelp(request.params.name);
    if (data === null) return next();
    const person = await personOf(request, machinery.context);
    sendPage(machinery, request, response, person, { kind: 'page', template: 'problem-help.njk', data });
  });
  app.use(async (request, response) => {
    const detail = 'There is nothing at this address. Check it, or start from the first page.';
    const person = await personOf(request, machinery.context);
    sendProblemPage(machinery, request, response, person, aProblem('not-found', detail));
  });
}
