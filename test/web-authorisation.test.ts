import type { Role } from '../src/service/ports.ts';
import { ROLES } from '../src/service/service.ts';
import { apiRoutes } from '../src/web/api/mount-api.ts';
import { pageRoutes } from '../src/web/pages/mount-pages.ts';
import { aCaller } from './fakes/fake-accounts.ts';
import { fakeKeeping } from './fakes/fake-keeping.ts';
import { FakePeople } from './fakes/fake-people.ts';
import { FakeService } from './fakes/fake-service.ts';
import { type RunningWeb, startWeb, Visitor } from './fakes/start-web.ts';
import { ROUTE_TABLE } from './route-table.ts';

const service = new FakeService();
const nameOf = ({ method, path }: { readonly method: string; readonly path: string }) =>
  `${method.toUpperCase()} ${path}`;
const api = apiRoutes({ service });
const pages = pageRoutes({ service, people: new FakePeople(), keeping: fakeKeeping(service) });

let web: RunningWeb;
beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());

/** The status of a call that is right in every way but who makes it. */
async function callApi(name: string, token: string | null): Promise<number> {
  const [method = '', path = ''] = name.split(' ');
  const route = api.find((one) => nameOf(one) === name);
  const query = path === '/v1/messages' && method === 'POST' ? '?from=a@b.example&to=c@d.example' : '';
  const body = path.endsWith('/decision')
    ? '{"action":"reject","reason":"x"}'
    : path.startsWith('/v1/drafts')
      ? '{"text":"a","channel":"x","author":"a@b.example"}'
      : path.endsWith('/confirmations')
        ? '{"message":"m","recipient":"a@b.example"}'
        : path === '/v1/webhooks'
          ? '{"url":"https://example.org/hook","events":["message.held"]}'
          : '{"title":"T"}';
  const response = await fetch(`${web.origin}${path.replace(':id', 'labour-market-2016-01')}${query}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      'content-type': route?.body?.type ?? 'text/plain',
    },
    ...(method === 'GET' ? {} : { body }),
  });
  await response.arrayBuffer();
  return response.status;
}

async function callPage(name: string, visitor: Visitor): Promise<number> {
  const [method = '', path = ''] = name.split(' ');
  const target = path.replace(':id', 'msg-1');
  if (method === 'GET') return (await visitor.get(target)).status;
  const token = await visitor.tokenOf('/nowhere-but-the-form-token');
  return (
    await visitor.post(target, {
      token,
      text: 'a',
      channel: 'x',
      action: 'reject',
      reason: 'x',
      message: 'm',
      recipient: 'r',
    })
  ).status;
}

const visitors = new Map<string, Visitor>();
async function visitorOf(role: Role): Promise<Visitor> {
  const known = visitors.get(role);
  if (known !== undefined) return known;
  web.accounts.people.set(role, aCaller([role]));
  const visitor = new Visitor(web.origin);
  await visitor.signIn(role);
  visitors.set(role, visitor);
  return visitor;
}

describe('the authorisation table', () => {
  it('has a row for every route, and a route for every row', () => {
    expect(Object.keys(ROUTE_TABLE).toSorted()).toEqual([...api, ...pages].map(nameOf).toSorted());
  });

  it.each(Object.entries(ROUTE_TABLE).filter(([name]) => name.includes(' /v1/')))(
    '%s is for %s by token',
    async (name, letters) => {
      expect(await callApi(name, null)).toBe(401);
      expect(await callApi(name, 'token-none')).toBe(403);
      for (const [index, role] of ROLES.entries()) {
        const status = await callApi(name, `token-${role}`);
        if (letters[index] === '-') expect([role, status]).toEqual([role, 403]);
        else expect([role, [200, 404].includes(status)]).toEqual([role, true]);
      }
    },
  );

  it.each(Object.entries(ROUTE_TABLE).filter(([name]) => !name.includes(' /v1/')))(
    '%s is for %s by session',
    async (name, letters) => {
      const stranger = new Visitor(web.origin);
      expect(await callPage(name, stranger)).toBe(
        pages.find((one) => nameOf(one) === name)?.fragment === true ? 401 : 303,
      );
      for (const [index, role] of ROLES.entries()) {
        const status = await callPage(name, await visitorOf(role));
        if (letters[index] === '-') expect([role, status]).toEqual([role, 403]);
        else expect([role, [200, 303, 404, 409, 422].includes(status)]).toEqual([role, true]);
      }
    },
  );

  it('lets nobody reach the service from a route that refuses them', async () => {
    web.service.calls.length = 0;
    for (const name of Object.keys(ROUTE_TABLE).filter((one) => one.includes(' /v1/')))
      await callApi(name, 'token-none');
    expect(web.service.calls).toEqual([]);
  });
});
