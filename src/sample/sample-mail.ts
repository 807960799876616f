import type { Mail } from '../domain/notifications/mail.ts';
import { ORDER_MAILS, type OrderForMail } from '../domain/notifications/order-mail.ts';
import { renderClaimMail } from '../domain/notifications/render-claim-mail.ts';
import { type OrderNews, renderOrderMail } from '../domain/notifications/render-order-mail.ts';
import type { Locale } from '../domain/shared/locale.ts';
import { money } from '../domain/shared/money.ts';

/** Every mail that the program sends. */
export const MAIL_KINDS = [...ORDER_MAILS, 'claim'] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

const eur = (amount: bigint) => money(amount, 'EUR');

const ORDER: Omit<OrderForMail, 'locale'> = {
  number: 'CB-7KQX-M2WD',
  unpaid: true,
  email: 'ana@example.com',
  lines: [
    { name: 'Jasmine tea, 250 g', sku: 'TEA-JAS-250', quantity: 2, total: eur(2980n) },
    { name: 'Porcelain cup "Blue & White"', sku: 'CUP-BW-1', quantity: 1, total: eur(1899n) },
  ],
  items: eur(4879n),
  shipping: eur(690n),
  discount: eur(488n),
  tax: eur(966n),
  duty: eur(0n),
  total: eur(6047n),
  expiresAt: new Date('2026-11-03T16:30:00Z'),
};

const NEWS: Partial<Record<MailKind, OrderNews>> = {
  shipped: {
    tracking: {
      carrier: 'DHL',
      trackingNumber: 'JD014600003828481234',
      trackingUrl: 'https://www.dhl.example/track/JD014600003828481234',
    },
  },
  refunded: { refund: eur(1899n) },
};

/** A mail about an order that does not exist, to look at. */
export function sampleMail(kind: MailKind, locale: Locale): Pick<Mail, 'subject' | 'text' | 'html'> {
  if (kind !== 'claim') return renderOrderMail(kind, { ...ORDER, locale }, NEWS[kind]);
  return renderClaimMail({ ...ORDER, locale }, 'sample-code-of-43-characters-that-opens-nothing');
}
