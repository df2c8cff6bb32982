import { tmpdir } from 'node:os';
import { asSource, readAll } from '../../src/core/byte-source.ts';
import { LOOPBACK, parseClientNetworks } from '../../src/gateway/client-networks.ts';
import {
  SMTP_LIMITS,
  type SmtpGateway,
  type SmtpGatewayDeps,
  type SmtpGatewaySettings,
  type SmtpLimits,
  startSmtpGateway,
} from '../../src/gateway/smtp-gateway.ts';
import { silentLog } from '../../src/service/log.ts';
import type { Service } from '../../src/service/service.ts';
import { createSpools } from '../../src/store/spool.ts';
import { FakeMessageStore } from '../fakes/fake-message-store.ts';
import { SmtpTalk } from './smtp-talk.ts';

export type Receive = Service['receive'];
export type Received = Parameters<Receive>[0] & { readonly content: Uint8Array };

const opened: (() => Promise<void> | void)[] = [];

/** For `afterEach`. */
export async function closeGateways(): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

export interface GatewayOptions extends Partial<Pick<SmtpGatewayDeps, 'find' | 'hasRoom' | 'users' | 'receive'>> {
  readonly limits?: Partial<SmtpLimits>;
  readonly clients?: string;
  readonly proxies?: string;
  readonly port?: number;
  readonly store?: FakeMessageStore;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly requiresTls?: boolean;
  readonly certified?: NonNullable<SmtpGatewaySettings['certified']>;
  readonly clientLimits?: NonNullable<SmtpGatewaySettings['clientLimits']>;
}

/** A gateway on a free port that keeps what it takes in `mail`, and a client connected to it. */
export async function aGateway(
  options: GatewayOptions = {},
): Promise<{ gateway: SmtpGateway; mail: Received[]; talk: SmtpTalk; greeting: string }> {
  const mail: Received[] = [];
  const { tls, limits, clients, proxies, receive, find, store, ...rest } = options;
  const gateway = await startSmtpGateway(
    {
      host: '127.0.0.1',
      port: 0,
      name: 'gateway.example',
      clients: networksOf(clients ?? LOOPBACK),
      proxies: proxies === undefined ? null : networksOf(proxies),
      limits: { ...SMTP_LIMITS, closeMs: 2000, ...limits },
      tls: tls ?? null,
      ...rest,
    },
    {
      receive:
        receive ??
        (async (input) => {
          mail.push({ ...input, content: await readAll(asSource(input.content)) });
          return { ok: true, value: { id: `id-${mail.length}` } };
        }),
      find: find ?? ((id) => (store ?? new FakeMessageStore()).find(id)),
      openSpool: createSpools(tmpdir()),
      log: silentLog,
      ...rest,
    },
  );
  const { talk, greeting } = await SmtpTalk.open(gateway.port);
  opened.push(
    () => gateway.close(),
    () => talk.close(),
  );
  return { gateway, mail, talk, greeting };
}

function networksOf(list: string): SmtpGatewaySettings['clients'] {
  const networks = parseClientNetworks(list);
  if (!networks.ok) throw new Error(networks.error);
  return networks.value;
}
