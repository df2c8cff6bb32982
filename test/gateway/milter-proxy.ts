import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { MilterPacketReader } from '../../src/gateway/milter-packets.ts';

export interface MilterProxy {
  readonly port: number;
  /** Breaks connections at the first packet of this code; null: passes everything. */
  breakAt: string | null;
  broken: number;
  close(): Promise<void>;
}

/** Stands between an MTA and its milter. */
export async function startMilterProxy(target: number): Promise<MilterProxy> {
  const sockets = new Set<Socket>();
  const state: MilterProxy = { port: 0, breakAt: null, broken: 0, close: async () => {} };
  const server = createServer((mta) => {
    const upstream = connect(target, '127.0.0.1');
    const reader = new MilterPacketReader();
    for (const socket of [mta, upstream]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          mta.destroy();
          upstream.destroy();
        });
    }
    mta.on('data', (chunk: Buffer) => {
      if (reader.push(chunk).some(({ code }) => code === state.breakAt)) {
        state.broken += 1;
        mta.destroy();
      } else upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => mta.write(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}
