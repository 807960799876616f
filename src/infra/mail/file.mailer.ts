import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Mail, Mailer } from '../../domain/notifications/mail.ts';
import { newId } from '../../domain/shared/ids.ts';
import { envelopeOf } from './envelope.ts';

/** Writes each mail as an .eml file, which mail programs open. The same notice again is the same file. */
export class FileMailer implements Mailer {
  readonly #directory: string;
  readonly #from: string;
  readonly #composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  constructor(directory: string, from: string) {
    this.#directory = directory;
    this.#from = from;
  }

  async send(mail: Mail): Promise<void> {
    const composed = await this.#composer.sendMail(envelopeOf(mail, this.#from));
    if (!Buffer.isBuffer(composed.message)) throw new Error('the mail was not composed in memory');
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const path = join(this.#directory, `${mail.messageKey.replace(/[^A-Za-z0-9._-]/g, '_')}.eml`);
    // Whoever looks into the directory sees whole mails only.
    const unfinished = `${path}.${newId()}.tmp`;
    await writeFile(unfinished, composed.message, { mode: 0o600 });
    await rename(unfinished, path);
  }

  close(): Promise<void> {
    this.#composer.close();
    return Promise.resolve();
  }
}
