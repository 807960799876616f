import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: string;
  readonly messageId: string;
}

/**
 * A mail server that takes every mail, and says of the first copy of each that it did not: as when the connection
 * breaks after the last byte. The sender must come again.
 */
export class MailBox {
  readonly received: ReceivedMail[] = [];
  readonly #server: SMTPServer;
  readonly #doubted = new Set<string>();

  private constructor() {
    this.#server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const messageId = /^Message-ID: *(?:\r\n )?(\S+)/im.exec(text)?.[1] ?? '';
          const to = session.envelope.rcptTo[0]?.address ?? '';
          this.received.push({ to, messageId });
          const again = this.#doubted.has(messageId);
          this.#doubted.add(messageId);
          done(again ? undefined : Object.assign(new Error('try again'), { responseCode: 451 }));
        });
      },
    });
    this.#server.on('error', () => undefined);
  }

  static open(): Promise<MailBox> {
    const box = new MailBox();
    return new Promise((resolve) => {
      box.#server.listen(0, '127.0.0.1', () => resolve(box));
    });
  }

  get url(): string {
    const address = this.#server.server.address();
    if (address === null || typeof address === 'string') throw new Error('the mail server does not listen');
    return `smtp://127.0.0.1:${address.port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}
