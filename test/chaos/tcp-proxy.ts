import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What the network between Holdfast and its next hop does. */
export type Weather = 'well' | 'slow' | 'refuses' | 'drops within a message' | 'swallows';

export interface TcpProxy {
  readonly port: number;
  weather: Weather;
  /** Breaks every connection there is. */
  breakAll(): void;
  close(): Promise<void>;
}

/** A network that slows, refuses, breaks or swallows what passes it. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const proxy: TcpProxy = { port: 0, weather: 'well', breakAll: () => {}, close: async () => {} };
  const server = createServer({ noDelay: true }, (client) => {
    if (proxy.weather === 'refuses') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    client.on('data', (chunk: Buffer) => {
      if (proxy.weather === 'swallows') return;
      if (proxy.weather === 'drops within a message' && chunk.includes('X-Holdfast-Id')) {
        upstream.write(chunk.subarray(0, chunk.length >> 1));
        client.resetAndDestroy();
        return;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (proxy.weather === 'slow') setTimeout(() => client.write(chunk), 300);
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, {
    port: (server.address() as AddressInfo).port,
    breakAll() {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}
