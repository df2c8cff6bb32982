import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWeb, MAX_HEADER_BYTES } from '../../src/web/create-web.ts';
import type { WebLog, WebOptions } from '../../src/web/web-options.ts';
import { FakeAccounts } from './fake-accounts.ts';
import { fakeKeeping } from './fake-keeping.ts';
import { FakePeople } from './fake-people.ts';
import { FakeService } from './fake-service.ts';

export interface RunningWeb {
  readonly origin: string;
  readonly service: FakeService;
  readonly accounts: FakeAccounts;
  readonly people: FakePeople;
  /** What checking a release while it is written finds. */
  readonly keepingFaults: string[];
  /** Every log line as JSON. */
  readonly log: string[];
  close(): Promise<void>;
}

/** The web on a free port, over fakes. */
export async function startWeb(options: Partial<WebOptions> = {}): Promise<RunningWeb> {
  const service = new FakeService();
  const accounts = new FakeAccounts();
  const people = new FakePeople();
  const keepingFaults: string[] = [];
  const keeping = fakeKeeping(options.service ?? service, keepingFaults);
  const lines: string[] = [];
  const write: WebLog['info'] = (fields, message) => void lines.push(JSON.stringify({ ...fields, message }));
  const web = createWeb({
    service,
    accounts,
    people,
    keeping,
    log: { info: write, warn: write, error: write },
    ...options,
  });
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, web);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    service,
    accounts,
    people,
    keepingFaults,
    log: lines,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A browser without script: keeps cookies, follows nothing. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly origin: string;

  constructor(origin: string) {
    this.origin = origin;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.send(path, { headers });
  }

  async post(
    path: string,
    fields: Readonly<Record<string, string>> | URLSearchParams,
    headers: Readonly<Record<string, string>> = {},
  ) {
    return this.send(path, {
      method: 'POST',
      body: new URLSearchParams(fields as Record<string, string>),
      headers: { origin: this.origin, ...headers },
    });
  }

  async postForm(path: string, form: FormData) {
    return this.send(path, { method: 'POST', body: form, headers: { origin: this.origin } });
  }

  /** Signs in through the form, as a person would. */
  async signIn(name: string): Promise<Response> {
    const token = tokenIn(await (await this.get('/sign-in')).text());
    return this.post('/sign-in', { name, password: 'correct horse', token });
  }

  /** The form token of a page. */
  async tokenOf(path: string): Promise<string> {
    return tokenIn(await (await this.get(path)).text());
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === '' ? {} : { cookie }) };
    const response = await fetch(`${this.origin}${path}`, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0/i.test(line)) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }
}

export function tokenIn(html: string): string {
  // The form of the page itself comes after the sign-out form in the header; both carry the session's token.
  return /name="token" value="([^"]+)"/.exec(html)?.[1] ?? '';
}
