import { createServer, type Server } from 'node:net';

import type { Endpoint } from '../config.ts';
import { errorCode } from '../store/error-code.ts';
import { CannotRun } from './command.ts';

/** Ends the command where one of the settings' addresses cannot be listened on, or two are the same, before anything slow is started. */
export async function checkFree(endpoints: Readonly<Record<string, Endpoint | null>>): Promise<void> {
  const probes: Server[] = [];
  try {
    for (const [setting, endpoint] of Object.entries(endpoints)) {
      if (endpoint === null) continue;
      const probe = createServer();
      await listen(setting, endpoint, probe);
      probes.push(probe);
    }
  } finally {
    await Promise.all(probes.map((probe) => new Promise<void>((resolve) => probe.close(() => resolve()))));
  }
}

/** Listens; answers the port, which with port 0 the system chose. @throws CannotRun in one line. */
export async function listen(setting: string, endpoint: Endpoint, server: Server): Promise<number> {
  const { host, port } = endpoint;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    throw listenFault(setting, endpoint, error);
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

export function listenFault(setting: string, endpoint: Endpoint, error: unknown): CannotRun {
  const code = errorCode(error);
  const advice: Readonly<Record<string, string>> = {
    EADDRINUSE: `the port is taken, by another program or another setting: stop it, or set ${setting} to another port`,
    EACCES: `this user may not listen there: use a port above 1023, or set ${setting} to another`,
    EADDRNOTAVAIL: `this machine has no such address: set ${setting} to one it has`,
    ENOTFOUND: `no such host: set ${setting} to an address of this machine`,
  };
  return new CannotRun(`${setting} ${showEndpoint(endpoint)}: ${advice[code] ?? `cannot be listened on (${code})`}`);
}

export function showEndpoint({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
