import { describe, expect, it } from '@jest/globals';
import { ORDER_MAILS, type OrderForMail } from '../../../src/domain/notifications/order-mail.ts';
import { renderOrderMail } from '../../../src/domain/notifications/render-order-mail.ts';
import { LOCALES } from '../../../src/domain/shared/locale.ts';
import { money } from '../../../src/domain/shared/money.ts';

const of = (amount: bigint) => money(amount, 'KWD');
const order: OrderForMail = {
  number: 'CB-7KQX-M2WD',
  unpaid: true,
  email: 'ana@example.com',
  locale: 'en',
  lines: [{ name: 'Tea <green> & "white"', sku: 'TEA-1', quantity: 2, total: of(3998n) }],
  items: of(3998n),
  shipping: of(500n),
  discount: of(0n),
  tax: of(0n),
  duty: of(0n),
  total: of(4498n),
  expiresAt: new Date('2026-01-02T03:04:00Z'),
};

describe('a mail about an order', () => {
  it.each(LOCALES)('says everything in %s', (locale) => {
    for (const kind of ORDER_MAILS) {
      const { subject, text, html } = renderOrderMail(kind, { ...order, locale }, { refund: of(1234n) });
      expect(subject).toContain(order.number);
      for (const part of [subject, text, html])
        expect(part).not.toMatch(/\{(?:number|date|amount)\}|undefined/);
      expect(html).toContain(`<html lang="${locale}">`);
      expect(text).toContain('KWD 4.498');
    }
  });

  it('has a text of its own in each language and for each notice', () => {
    const subjects = LOCALES.flatMap((locale) =>
      ORDER_MAILS.map((kind) => renderOrderMail(kind, { ...order, locale }).subject),
    );
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  it('shows nothing of the order as markup', () => {
    const { html } = renderOrderMail('created', order);
    expect(html).toContain('Tea &lt;green&gt; &amp; &quot;white&quot;');
    expect(html).not.toContain('<green>');
  });

  it('lists what is charged besides the items, and the tracking with a safe link only', () => {
    const tracking = { carrier: 'DHL', trackingNumber: 'T1', trackingUrl: 'https://dhl.example/T1' };
    const { text, html } = renderOrderMail('shipped', order, { tracking });
    expect(text).toContain('Shipping: KWD 0.500');
    expect(text).not.toContain('Import duty');
    expect(html).toContain('href="https://dhl.example/T1"');
    const script = renderOrderMail('shipped', order, {
      tracking: { ...tracking, trackingUrl: 'javascript:alert(1)' },
    });
    expect(script.html + script.text).not.toContain('javascript:');
  });

  it('takes a discount off', () => {
    const { text } = renderOrderMail('created', { ...order, discount: of(250n) });
    expect(text).toContain('Discount: KWD -0.250');
  });

  it('tells how much was given back', () => {
    const { text, html } = renderOrderMail('refunded', order, { refund: of(1234n) });
    for (const part of [text, html]) expect(part).toContain('KWD 1.234');
  });

  it('fetches nothing and runs nothing', () => {
    for (const kind of ORDER_MAILS) {
      const { html } = renderOrderMail(kind, order, { refund: of(1n) });
      expect(html).not.toMatch(/<(?:img|script|link|iframe|form)\b|url\(|@import|\son\w+=|http:/i);
    }
  });
});
