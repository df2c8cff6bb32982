import { jest } from '@jest/globals';
import type { Caller, Role } from '../src/service/ports.ts';
import { ROLES } from '../src/service/roles.ts';
import { createWeb } from '../src/web/create-web.ts';
import { FakeAccounts } from './fakes/fake-accounts.ts';
import { fakeKeeping } from './fakes/fake-keeping.ts';
import { FakePeople } from './fakes/fake-people.ts';
import { FakeService } from './fakes/fake-service.ts';
import { type RunningWeb, startWeb, Visitor } from './fakes/start-web.ts';
import { ROUTE_TABLE } from './route-table.ts';
import { aDatabase, type TestDatabase } from './services/a-database.ts';
import { aCaller, aService, type TestService } from './services/a-service.ts';

/** Routes that everybody may call, signed in or not. */
const OPEN = [
  'GET /docs/problems/:name',
  'GET /embed/holdfast-check.js',
  'GET /',
  'GET /assets/:version/:name',
  'GET /docs',
  'GET /healthz',
  'GET /metrics',
  'GET /openapi.json',
  'GET /readyz',
  'GET /sign-in',
  'GET /sign-in/code',
  'GET /sign-in/new-password',
  'GET /sign-in/provider',
  'GET /sign-in/provider/callback',
  'POST /sign-in',
  'POST /sign-in/code',
  'POST /sign-in/new-password',
  'POST /sign-out',
];
/** Routes of other surfaces with a proof of identity of their own, each with its own test. */
const PROVEN_OTHERWISE = ['OPTIONS /embed/check', 'POST /embed/check', 'POST /hooks/:id'];

/** Addresses by what they may know while the embargo runs and access is open. */
const ACCESS = {
  'on the list': 'analyst@department.example',
  'producer’s own': 'someone@statistics.example',
  'not on the list': 'outsider@department.example',
  'without an address': null,
} as const;
const MAY_KNOW: readonly string[] = ['on the list', 'producer’s own'];
/** What only those may read who know the entry: subject, body, and what a finding knows of the figure. */
const SECRETS = ['Quarterly numbers for Friday', 'Marmalade is the word', 'Equals the figure.'];
const MAIL = `From: press@department.example\r\nSubject: ${SECRETS[0]}\r\n\r\nrecord employment 74.0. ${SECRETS[1]}.\r\n`;

jest.setTimeout(120_000);

describe('the express routers', () => {
  it('have no route without a row in the table, and the table no row without a route', () => {
    const app = createWeb({
      service: new FakeService(),
      accounts: new FakeAccounts(),
      people: new FakePeople(),
      keeping: fakeKeeping(new FakeService()),
      log: { info: () => {}, warn: () => {}, error: () => {} },
      metrics: async () => ({ contentType: 'text/plain', text: '' }),
    });
    const found = routesOf(app.router);
    expect(found.filter((name) => !OPEN.includes(name) && !PROVEN_OTHERWISE.includes(name))).toEqual(
      Object.keys(ROUTE_TABLE).toSorted(),
    );
    expect(OPEN.filter((name) => !found.includes(name))).toEqual([]);
  });

  it('answer every other method of an API path with which there are', async () => {
    const web = await startWeb();
    const paths = new Set(Object.keys(ROUTE_TABLE).flatMap((name) => /^\w+ (\/v1\/.*)$/.exec(name)?.[1] ?? []));
    const answers = await Promise.all(
      [...paths].map(async (path) => {
        const { status, headers } = await fetch(web.origin + path.replace(':id', 'x'), { method: 'PATCH' });
        return [path, status, headers.get('allow') !== null];
      }),
    );
    await web.close();
    expect(answers).toEqual([...paths].map((path) => [path, 405, true]));
  });
});

/** `app.all` stands for more methods than anybody lists. */
const EVERY_METHOD = 20;

interface Layer {
  readonly route?: { readonly path: string; readonly stack: readonly { readonly method?: string }[] };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

/** Every route of an express router and of the routers in it; what answers all methods alike only says which are allowed. */
function routesOf(router: unknown): readonly string[] {
  const layers = (router as { readonly stack: readonly Layer[] }).stack;
  const names = layers.flatMap(({ route, handle }) =>
    route === undefined
      ? handle?.stack === undefined
        ? []
        : routesOf(handle)
      : route.stack.length >= EVERY_METHOD
        ? []
        : route.stack.flatMap(({ method }) => (method === undefined ? [] : [`${method.toUpperCase()} ${route.path}`])),
  );
  return [...new Set(names)].toSorted();
}

describe('what a route says', () => {
  let database: TestDatabase;
  let trial: TestService;
  let web: RunningWeb;
  let held: string;
  let draft: string;

  beforeAll(async () => {
    database = await aDatabase();
    trial = aService(database);
    const author = aCaller(['submitter'], null, 'user:author');
    const envelope = { from: 'press@department.example', to: ['news@paper.example'] };
    const mail = await trial.service.submitMessage(Buffer.from(MAIL), envelope, author);
    const text = `record employment 74.0. ${SECRETS[1]}.`;
    const kept = await trial.service.submitDraft(
      { text, channel: 'x', publishAt: null, author: 'press@department.example', recipients: [], attachments: [] },
      author,
    );
    if (!mail.ok || !kept.ok) throw new Error('the mail was not taken');
    held = mail.value.id;
    draft = kept.value.id;
    web = await startWeb({ service: trial.service, limits: { requestsPerSecond: 1e6 } });
  });
  afterAll(async () => {
    await web.close();
    await database.close();
  });

  const idsFor = (path: string): readonly string[] => {
    if (!path.includes(':')) return [''];
    if (/messages|review|drafts/.test(path)) return [held, draft];
    return [/dataset|sensitivity|recalls/.test(path) ? 'core-lettings-2016-17' : 'labour-market-2016-01'];
  };

  /** All roles at once see every page there is; who may read, but in no role that does, sees none of it either. */
  const people = Object.entries(ACCESS).flatMap(([access, address]) => {
    const tried: readonly (readonly Role[])[] = MAY_KNOW.includes(access)
      ? [['submitter'], ['registrar'], ['submitter', 'registrar']]
      : [ROLES, ['reviewer']];
    return tried.map((roles) => ({ access, address, roles }));
  });

  it.each(people)(
    'to $roles, $access, holds no embargoed word that they may not read',
    async ({ access, address, roles }) => {
      const caller: Caller = { id: `user:${access} ${roles.join()}`, name: 'Somebody', address, roles };
      web.accounts.people.set('somebody', caller);
      const visitor = new Visitor(web.origin);
      await visitor.signIn('somebody');
      const token = await visitor.tokenOf('/account');
      const mayRead =
        MAY_KNOW.includes(access) && roles.some((role) => ['reviewer', 'auditor', 'admin'].includes(role));
      const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ');
      const ask = (method: string, target: string): Promise<Response> => {
        if (method === 'GET') return visitor.get(target);
        if (!target.startsWith('/v1/')) return visitor.post(target, { token });
        const headers = { cookie, 'content-type': 'application/json' };
        return fetch(`${web.origin}${target}`, { method, headers, body: '{}' });
      };
      // What changes a message's state comes last, so that all else is asked while it is held.
      const names = Object.keys(ROUTE_TABLE).toSorted((one, other) => Number(isAct(one)) - Number(isAct(other)));
      for (const name of names.filter((one) => !one.endsWith('/decision'))) {
        const [method = '', path = ''] = name.split(' ');
        await Promise.all(
          idsFor(path).map(async (id) => {
            const target = path.replace(/:\w+/g, encodeURIComponent(id));
            const answer = await ask(method, target);
            const body = await answer.text();
            expect({ name, id, isDefect: answer.status >= 500 }).toEqual({ name, id, isDefect: false });
            const said = SECRETS.filter((secret) => body.includes(secret));
            if (!mayRead) expect({ name, id, said }).toEqual({ name, id, said: [] });
          }),
        );
      }
    },
  );

  it('to whoever may read it, holds it: the words of the check above do occur', async () => {
    web.accounts.people.set('somebody', {
      id: 'user:r',
      name: 'R',
      address: ACCESS['on the list'],
      roles: ['reviewer'],
    });
    const visitor = new Visitor(web.origin);
    await visitor.signIn('somebody');
    const token = await visitor.tokenOf('/account');
    const page = await (await visitor.get(`/review/${held}`)).text();
    expect(page).toContain(SECRETS[0]);
    expect(page).toContain(SECRETS[2]);
    expect(await (await visitor.post(`/review/${held}/reveal`, { token })).text()).toContain(SECRETS[1]);
  });

  it('to another submitter is that there is no such message', async () => {
    web.accounts.people.set('other', { id: 'user:other', name: 'O', address: null, roles: ['submitter'] });
    const visitor = new Visitor(web.origin);
    await visitor.signIn('other');
    const paths = [`/drafts/${draft}`, `/v1/messages/${draft}`, `/v1/messages/${held}`];
    for (const path of paths) {
      const missing = path.replace(draft, 'nothing').replace(held, 'nothing');
      const [there, not] = [await visitor.get(path), await visitor.get(missing)];
      expect([there.status, not.status]).toEqual([404, 404]);
      const plain = (text: string, id: string) => text.replaceAll(id, 'ID');
      expect(plain(await there.text(), path.split('/').at(-1) ?? '')).toBe(plain(await not.text(), 'nothing'));
    }
    const list = await (await visitor.get('/v1/messages')).json();
    expect(list).toEqual({ items: [], next: null });
  });
});

function isAct(name: string): boolean {
  return !name.startsWith('GET ');
}
