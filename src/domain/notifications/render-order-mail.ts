import { formatMoney, type Money } from '../shared/money.ts';
import type { Mail } from './mail.ts';
import { type Label, ORDER_MAIL_TEXTS } from './order-mail.texts.ts';
import type { OrderForMail, OrderMailKind, Tracking } from './order-mail.ts';

type Content = Pick<Mail, 'subject' | 'text' | 'html'>;
type Row = readonly [label: string, value: string];

/** The mail in the language of the order, as text and as HTML that says the same. */
export function renderOrderMail(kind: OrderMailKind, order: OrderForMail, tracking?: Tracking): Content {
  const { notices, labels } = ORDER_MAIL_TEXTS[order.locale];
  const fill = (text: string): string =>
    text.replaceAll('{number}', order.number).replaceAll('{date}', formatInstant(order));
  const subject = fill(notices[kind].subject);
  const body = fill(notices[kind].body);
  const lines = order.lines.map(
    (line): Row => [`${line.quantity} × ${line.name} (${line.sku})`, formatMoney(line.total)],
  );
  const rows = [...lines, ...totals(order, labels), ...trackingRows(tracking, labels)];
  return {
    subject,
    text: `${body}\n\n${rows.map(([label, value]) => `${label}: ${value}`).join('\n')}\n`,
    html: page(order.locale, subject, body, rows, tracking?.trackingUrl ?? undefined),
  };
}

function totals(order: OrderForMail, labels: Readonly<Record<Label, string>>): Row[] {
  const parts: readonly (readonly [Label, Money])[] = [
    ['items', order.items],
    ['shipping', order.shipping],
    ['discount', order.discount],
    ['tax', order.tax],
    ['duty', order.duty],
  ];
  const charged = parts.filter(([, money]) => money.amount !== 0n);
  // With nothing but items, their sum is the total.
  const shown = charged.length > 1 ? charged : [];
  return [...shown, ['total', order.total] as const].map(([label, money]) => [
    labels[label],
    formatMoney(money),
  ]);
}

const trackingRows = (tracking: Tracking | undefined, labels: Readonly<Record<Label, string>>): Row[] =>
  tracking === undefined
    ? []
    : [
        [labels.carrier, tracking.carrier],
        [labels.tracking, tracking.trackingNumber],
      ];

function formatInstant({ locale, expiresAt }: OrderForMail): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(expiresAt)} UTC`;
}

function page(language: string, title: string, body: string, rows: readonly Row[], link?: string): string {
  const cells = rows
    .map(
      ([label, value]) => `<tr><td>${escapeHtml(label)}</td><td align="right">${escapeHtml(value)}</td></tr>`,
    )
    .join('\n');
  const url = link?.startsWith('https://')
    ? `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>\n`
    : '';
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body style="font-family: sans-serif">
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(body)}</p>
<table cellpadding="4">
${cells}
</table>
${url}</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
