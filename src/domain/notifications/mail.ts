/** One message to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The left part of the Message-ID. The same for every copy of one notice, so that mail programs show it once. */
  readonly messageKey: string;
}

export interface Mailer {
  /** @throws DomainError unavailable when the mail could not be handed over: try again */
  send(mail: Mail): Promise<void>;
  close(): Promise<void>;
}
