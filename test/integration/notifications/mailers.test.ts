import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import type { Mail } from '../../../src/domain/notifications/mail.ts';
import { DomainError } from '../../../src/domain/shared/errors.ts';
import { FileMailer } from '../../../src/infra/mail/file.mailer.ts';
import { SmtpMailer } from '../../../src/infra/mail/smtp.mailer.ts';

const FROM = 'Crossborder Trade <no-reply@shop.example>';
const mail: Mail = {
  to: 'ana@example.com',
  subject: '您的订单 CB-1',
  text: '谢谢',
  html: '<p>谢谢</p>',
  messageKey: 'order-created.e1',
};

describe('mails as files', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'crossborder-mail-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('are whole .eml files with a Message-ID of their own, one for each notice', async () => {
    const mailer = new FileMailer(join(directory, 'mail'), FROM);
    await Promise.all([mailer.send(mail), mailer.send(mail)]);
    await mailer.send({ ...mail, messageKey: '../../order paid/e2' });
    expect(readdirSync(directory)).toEqual(['mail']);
    expect(readdirSync(join(directory, 'mail')).sort()).toEqual([
      '.._.._order_paid_e2.eml',
      'order-created.e1.eml',
    ]);
    const content = readFileSync(join(directory, 'mail', 'order-created.e1.eml'), 'utf8');
    expect(content).toContain('Message-ID: <order-created.e1@shop.example>\r\n');
    expect(content).toContain('To: ana@example.com\r\n');
    expect(content).toContain('multipart/alternative');
  });
});

describe('mails over SMTP', () => {
  let server: SMTPServer;
  let received: string[];
  let refuse: Error | undefined;
  const url = (): string => `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  beforeEach(async () => {
    received = [];
    refuse = undefined;
    server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: (_address, _session, done) => done(refuse),
      onData: (stream, _session, done) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => {
          text += chunk.toString('utf8');
        });
        stream.on('end', () => {
          received.push(text);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterEach(
    () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  );

  it('arrive with the same Message-ID each time', async () => {
    const mailer = new SmtpMailer(url(), FROM);
    await mailer.send(mail);
    await mailer.send(mail);
    await mailer.close();
    const ids = received.map((text) => /^Message-ID: (.+)\r$/m.exec(text)?.[1]);
    expect(ids).toEqual(['<order-created.e1@shop.example>', '<order-created.e1@shop.example>']);
  });

  it('are tried again later when the server refuses or is away, with no address in the error', async () => {
    refuse = Object.assign(new Error('no mailbox of ana@example.com'), { responseCode: 450 });
    const mailer = new SmtpMailer(url(), FROM);
    const refused = await mailer.send(mail).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DomainError);
    expect(refused).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('450') });
    expect(String(refused)).not.toContain('ana@');
    const nowhere = new SmtpMailer('smtp://127.0.0.1:1', FROM);
    await expect(nowhere.send(mail)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
