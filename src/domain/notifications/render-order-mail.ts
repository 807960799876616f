import { formatMoney, type Money, times } from '../shared/money.ts';
import type { Mail } from './mail.ts';
import { composeMail, type MailRow } from './mail-layout.ts';
import { type Label, ORDER_MAIL_TEXTS } from './order-mail.texts.ts';
import type { OrderForMail, OrderMailKind, Tracking } from './order-mail.ts';

type Content = Pick<Mail, 'subject' | 'text' | 'html'>;
type Labels = Readonly<Record<Label, string>>;

/** What one notice knows besides the order. */
export interface OrderNews {
  /** Of the shipment that left. */
  readonly tracking?: Tracking | undefined;
  /** What went back to the buyer. */
  readonly refund?: Money | undefined;
}

/** The mail in the language of the order, as text and as HTML that says the same. */
export function renderOrderMail(kind: OrderMailKind, order: OrderForMail, news: OrderNews = {}): Content {
  const { notices, labels, note } = ORDER_MAIL_TEXTS[order.locale];
  const { tracking, refund } = news;
  const fill = (text: string): string =>
    text
      .replaceAll('{number}', order.number)
      .replaceAll('{date}', formatInstant(order))
      .replaceAll('{amount}', refund === undefined ? '' : formatMoney(refund));
  return composeMail({
    locale: order.locale,
    subject: fill(notices[kind].subject),
    body: fill(notices[kind].body),
    items: order.lines.map(({ name, sku, quantity, total }) => ({
      label: `${quantity} × ${name}`,
      detail: sku,
      value: formatMoney(total),
    })),
    totals: totals(order, labels),
    facts: [...refundRows(refund, labels), ...trackingRows(tracking, labels)],
    link: tracking?.trackingUrl ? { label: labels.track, url: tracking.trackingUrl } : undefined,
    note: fill(note),
  });
}

function totals(order: OrderForMail, labels: Labels): MailRow[] {
  const parts: readonly (readonly [Label, Money])[] = [
    ['items', order.items],
    ['shipping', order.shipping],
    ['discount', times(order.discount, -1)],
    ['tax', order.tax],
    ['duty', order.duty],
  ];
  const charged = parts.filter(([, money]) => money.amount !== 0n);
  // With nothing but items, their sum is the total.
  const shown = charged.length > 1 ? charged : [];
  return [...shown, ['total', order.total] as const].map(([label, money]) => ({
    label: labels[label],
    value: formatMoney(money),
  }));
}

const refundRows = (refund: Money | undefined, labels: Labels): MailRow[] =>
  refund === undefined ? [] : [{ label: labels.refunded, value: formatMoney(refund) }];

const trackingRows = (tracking: Tracking | undefined, labels: Labels): MailRow[] =>
  tracking === undefined
    ? []
    : [
        { label: labels.carrier, value: tracking.carrier },
        { label: labels.tracking, value: tracking.trackingNumber },
      ];

function formatInstant({ locale, expiresAt }: OrderForMail): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(expiresAt)} UTC`;
}
