import { createTransport, type Transporter } from 'nodemailer';
import type { Mail, Mailer } from '../../domain/notifications/mail.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { envelopeOf } from './envelope.ts';

/** Milliseconds; nodemailer's own are minutes. */
const TIMEOUT = 10_000;

/** Hands mails to the server of SMTP_URL. */
export class SmtpMailer implements Mailer {
  readonly #from: string;
  readonly #transport: Transporter;

  constructor(url: string, from: string) {
    this.#from = from;
    this.#transport = createTransport({
      url,
      connectionTimeout: TIMEOUT,
      greetingTimeout: TIMEOUT,
      socketTimeout: 3 * TIMEOUT,
    });
  }

  async send(mail: Mail): Promise<void> {
    try {
      await this.#transport.sendMail(envelopeOf(mail, this.#from));
    } catch (error) {
      // The server's words hold the recipient's address.
      const { code, responseCode } = error as { code?: string; responseCode?: number };
      const why = [code, responseCode].filter((part) => part !== undefined).join(' ');
      throw new DomainError(
        'unavailable',
        `the mail server did not take the mail (${why || 'unknown error'})`,
      );
    }
  }

  close(): Promise<void> {
    this.#transport.close();
    return Promise.resolve();
  }
}
