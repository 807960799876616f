import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

interface Manners {
  /** Sent again and again, after what is said. */
  readonly drip?: string;
  /** Closes after what is said. */
  readonly hangUp?: boolean;
}

/** A server on loopback that answers every request with the same bytes, whatever they mean. */
export class RawServer {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(said: string, { drip, hangUp = false }: Manners = {}): Promise<RawServer> {
    const server = createServer();
    const raw = new RawServer(server);
    server.on('connection', (socket) => {
      raw.#open.add(socket);
      let dripping: NodeJS.Timeout | undefined;
      socket.once('data', () => {
        if (said !== '') socket.write(said);
        if (hangUp) socket.end();
        if (drip !== undefined) dripping = setInterval(() => socket.write(drip), 20);
      });
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        clearInterval(dripping);
        raw.#open.delete(socket);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return raw;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks`;
  }

  get connections(): number {
    return this.#open.size;
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
