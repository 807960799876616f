import type { SendMailOptions } from 'nodemailer';
import type { Mail } from '../../domain/notifications/mail.ts';

/** @param from `Name <address>` or an address; its domain makes the Message-ID ours */
export function envelopeOf(mail: Mail, from: string): SendMailOptions {
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    from,
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: `<${mail.messageKey}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    // Nothing in a mail is a path or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
