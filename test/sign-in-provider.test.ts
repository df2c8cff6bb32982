import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import type { Role } from '../src/service/ports.ts';
import { createIdentityProvider, readPerson } from '../src/web/identity-provider.ts';
import { type RunningWeb, startWeb, Visitor } from './fakes/start-web.ts';

/** People of the provider: what it says of each. */
const PEOPLE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  pat: { name: 'Pat Example', email: 'pat@department.example', email_verified: true, groups: ['comms', 'stats'] },
  sam: { name: 'Sam Example', email: 'sam@department.example', email_verified: false, groups: ['comms'] },
  kim: { name: 'Kim Example', groups: ['canteen'] },
};
const ROLES = new Map<string, readonly Role[]>([
  ['comms', ['submitter']],
  ['stats', ['reviewer', 'registrar']],
]);

let provider: Server;
let issuer: string;
let web: RunningWeb;
/** Who signs in at the provider. */
let who = 'pat';

beforeAll(async () => {
  provider = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  web = await startWeb({
    provider: createIdentityProvider({
      issuer,
      clientId: 'holdfast',
      clientSecret: 'a-secret-of-the-test',
      groupsClaim: 'groups',
      scope: 'openid profile email groups',
      roles: ROLES,
      trustsAddress: false,
    }),
  });
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'holdfast',
        client_secret: 'a-secret-of-the-test',
        redirect_uris: [`${web.origin}/sign-in/provider/callback`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...PEOPLE[id] }) }),
    ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 600, AccessToken: 600, AuthorizationCode: 60 },
    cookies: { keys: ['cookies of the test'] },
    jwks: { keys: [await signingKey()] },
  });
  const callback = oidc.callback();
  handle = async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response);
    // Whoever it is signs in and agrees at once.
    const details = await oidc.interactionDetails(request, response);
    const grant = new oidc.Grant({ accountId: who, clientId: 'holdfast' });
    grant.addOIDCScope(String(details.params['scope']));
    const result = { login: { accountId: who }, consent: { grantId: await grant.save() } };
    await oidc.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
});
afterAll(async () => {
  await web.close();
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
});

let handle: (...args: Parameters<ReturnType<Provider['callback']>>) => unknown = () => {};

async function signingKey() {
  const pair = await crypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    true,
    ['sign', 'verify'],
  );
  return { ...(await crypto.subtle.exportKey('jwk', pair.privateKey)), use: 'sig', alg: 'RS256', kid: 'test' };
}

/** Goes through the provider as a browser would; answers with the address it sends the browser back to. */
async function throughProvider(start: string): Promise<string> {
  const browser = new Visitor(issuer);
  let at = start;
  for (let hop = 0; hop < 10 && at.startsWith(issuer); hop += 1) {
    const answer = await browser.get(at.slice(issuer.length));
    await answer.arrayBuffer();
    at = new URL(answer.headers.get('location') ?? 'urn:nowhere', issuer).href;
  }
  return at;
}

async function begin(visitor: Visitor, query = ''): Promise<string> {
  const asked = await visitor.get(`/sign-in/provider${query}`);
  return asked.headers.get('location') ?? '';
}

const pathOf = (address: string) => address.slice(web.origin.length);

describe('signing in with an organisation', () => {
  it('offers it, asks with PKCE, state and nonce, and gives the roles of the groups', async () => {
    who = 'pat';
    const visitor = new Visitor(web.origin);
    expect(await (await visitor.get('/sign-in')).text()).toContain('Sign in with your organisation');
    const url = new URL(await begin(visitor, '?next=%2Freview'));
    expect(url.origin).toBe(issuer);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['code_challenge', 'state', 'nonce']) expect(url.searchParams.get(name)).toMatch(/^.{40,}$/);
    const back = await visitor.get(pathOf(await throughProvider(url.href)));
    expect([back.status, back.headers.get('location')]).toEqual([303, '/review']);
    const [caller] = [...web.accounts.sessions.values()].slice(-1);
    expect(caller).toMatchObject({
      id: `${issuer} pat`,
      name: 'Pat Example',
      address: 'pat@department.example',
      roles: ['submitter', 'reviewer', 'registrar'],
    });
    expect((await visitor.get('/review')).status).toBe(200);
  });

  it('takes no address that the provider has not proven: pre-release access hangs on it', async () => {
    who = 'sam';
    const visitor = new Visitor(web.origin);
    const back = await visitor.get(pathOf(await throughProvider(await begin(visitor))));
    expect(back.status).toBe(303);
    expect([...web.accounts.sessions.values()].at(-1)).toMatchObject({ name: 'Sam Example', address: null });
  });

  it('lets nobody in whose groups have no role', async () => {
    who = 'kim';
    const visitor = new Visitor(web.origin);
    const back = await visitor.get(pathOf(await throughProvider(await begin(visitor))));
    expect([back.status, await back.text()]).toEqual([403, expect.stringContaining('none of your groups has a role')]);
    expect((await visitor.get('/check')).status).toBe(303);
  });

  it('takes an answer once, in the browser that asked, and unchanged', async () => {
    who = 'pat';
    const [one, two] = [new Visitor(web.origin), new Visitor(web.origin)];
    const answer = pathOf(await throughProvider(await begin(one)));
    // A code that was planted in another browser, with or without a sign-in of its own under way.
    expect((await two.get(answer)).status).toBe(403);
    await begin(two);
    expect((await two.get(answer)).status).toBe(403);
    expect((await one.get(answer)).status).toBe(303);
    expect((await one.get(answer)).status).toBe(403);
    const again = pathOf(await throughProvider(await begin(one)));
    const forged = again.replace(/state=[^&]+/, 'state=forged');
    expect((await one.get(forged)).status).toBe(403);
    await begin(two);
    expect((await two.get('/sign-in/provider/callback?error=access_denied')).status).toBe(403);
  });

  it('leads nowhere else afterwards', async () => {
    who = 'pat';
    const visitor = new Visitor(web.origin);
    const url = await begin(visitor, '?next=https%3A%2F%2Fevil.example');
    const back = await visitor.get(pathOf(await throughProvider(url)));
    expect(back.headers.get('location')).toBe('/check');
  });
});

it('says that the provider does not answer, and starts all the same', async () => {
  const away = await startWeb({
    provider: createIdentityProvider({
      issuer: 'http://127.0.0.1:9',
      clientId: 'holdfast',
      clientSecret: null,
      groupsClaim: 'groups',
      scope: 'openid',
      roles: ROLES,
      trustsAddress: false,
    }),
  });
  const answer = await new Visitor(away.origin).get('/sign-in/provider');
  expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('does not answer')]);
  await away.close();
});

it('has no such page where there is no provider', async () => {
  const plain = await startWeb();
  const visitor = new Visitor(plain.origin);
  for (const path of ['/sign-in/provider', '/sign-in/provider/callback'])
    expect((await visitor.get(path)).status).toBe(404);
  expect(await (await visitor.get('/sign-in')).text()).not.toContain('organisation');
  await plain.close();
});

it.each([
  [
    { sub: 's', groups: 'stats' },
    { kind: 'person', person: { roles: ['reviewer', 'registrar'], name: 's' } },
  ],
  [{ sub: 's', groups: ['stats', 7, null] }, { kind: 'person' }],
  [{ sub: 's', groups: { stats: true } }, { kind: 'none' }],
  [{ sub: 's' }, { kind: 'none' }],
  [{ groups: ['stats'] }, { kind: 'refused' }],
  [
    { sub: 's', groups: ['stats'], email: 'a@b.example' },
    { kind: 'person', person: { address: null } },
  ],
  [{ sub: 's', groups: ['stats'], email: 'a@b.example', email_verified: 'true' }, { person: { address: null } }],
])('reads the claims %j', (claims, expected) => {
  const settings = { groupsClaim: 'groups', roles: ROLES, trustsAddress: false };
  expect(readPerson(claims, 'https://login.example', settings)).toMatchObject(expected);
});
