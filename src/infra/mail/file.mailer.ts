import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type SentMessageInfo, type Transporter } from 'nodemailer';
import type { Mail, Mailer } from '../../domain/notifications/mail.ts';
import { newId } from '../../domain/shared/ids.ts';
import { envelopeOf } from './envelope.ts';

/** Writes each mail as an .eml file, which mail programs open. The same notice again is the same file. */
export class FileMailer implements Mailer {
  readonly #directory: string;
  readonly #from: string;
  readonly #composer: Transporter;

  constructor(directory: string, from: string) {
    this.#directory = directory;
    this.#from = from;
    this.#composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  }

  async send(mail: Mail): Promise<void> {
    const { message } = (await this.#composer.sendMail(envelopeOf(mail, this.#from))) as SentMessageInfo & {
      message: Buffer;
    };
    await mkdir(this.#directory, { recursive: true });
    const path = join(this.#directory, `${mail.messageKey.replace(/[^A-Za-z0-9._-]/g, '_')}.eml`);
    // Whoever looks into the directory sees whole mails only.
    const unfinished = `${path}.${newId()}.tmp`;
    await writeFile(unfinished, message);
    await rename(unfinished, path);
  }

  close(): Promise<void> {
    this.#composer.close();
    return Promise.resolve();
  }
}
