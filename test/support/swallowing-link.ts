import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

const PRODUCE = 0;

/**
 * A TCP link to a Kafka broker that can swallow the answers to produce requests: the broker stores the messages, and
 * the client never hears of it. What the broker says its address is becomes the link's, so that clients stay on it.
 */
export class SwallowingLink {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  readonly #clients = new Set<Socket>();
  #server: Server | undefined;
  /** Answers that are still to be swallowed. */
  left = 0;
  swallowed = 0;
  /** Bytes that the broker has sent. */
  received = 0;
  #port = 0;
  #frozen = false;
  #lastOpened = 0;

  constructor(target: { host: string; port: number }) {
    this.#target = target;
  }

  async open(): Promise<number> {
    const server = createServer((client) => this.#carry(client));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    return this.#port;
  }

  /** Accepts connections, and carries nothing. */
  freeze(): void {
    this.#frozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  thaw(): void {
    this.#frozen = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** From clients. */
  get connections(): number {
    return this.#clients.size;
  }

  /** @returns true when no client is connected, nor has come for so many milliseconds */
  quietFor(milliseconds: number): boolean {
    return this.#clients.size === 0 && Date.now() - this.#lastOpened > milliseconds;
  }

  #carry(client: Socket): void {
    const upstream = connect(this.#target);
    let swallowing = false;
    this.#lastOpened = Date.now();
    this.#clients.add(client);
    client.on('close', () => this.#clients.delete(client));
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    }
    if (this.#frozen) for (const socket of [client, upstream]) socket.pause();
    client.on('data', (data: Buffer) => {
      if (this.left > 0 && data.length > 6 && data.readInt16BE(4) === PRODUCE) {
        this.left--;
        swallowing = true;
      }
      upstream.write(data);
    });
    upstream.on('data', (data: Buffer) => {
      this.received += data.length;
      if (!swallowing) client.write(this.#addressed(data, client.localPort ?? 0));
      else {
        this.swallowed++;
        client.destroy();
      }
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  }

  #addressed(data: Buffer, port: number): Buffer {
    const address = (at: number): Buffer => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(at);
      return Buffer.concat([Buffer.from(this.#target.host), bytes]);
    };
    const copy = Buffer.from(data);
    const theirs = address(this.#target.port);
    for (let at = copy.indexOf(theirs); at !== -1; at = copy.indexOf(theirs, at + 1))
      address(port).copy(copy, at);
    return copy;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()));
  }
}
