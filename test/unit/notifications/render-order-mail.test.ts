import { describe, expect, it } from '@jest/globals';
import { ORDER_MAILS, type OrderForMail } from '../../../src/domain/notifications/order-mail.ts';
import { renderOrderMail } from '../../../src/domain/notifications/render-order-mail.ts';
import { LOCALES } from '../../../src/domain/shared/locale.ts';
import { money } from '../../../src/domain/shared/money.ts';

const of = (amount: bigint) => money(amount, 'KWD');
const order: OrderForMail = {
  number: 'CB-7KQX-M2WD',
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
      const { subject, text, html } = renderOrderMail(kind, { ...order, locale });
      expect(subject).toContain(order.number);
      for (const part of [subject, text, html]) expect(part).not.toMatch(/[{}]number|[{}]date|undefined/);
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
    const { text, html } = renderOrderMail('shipped', order, tracking);
    expect(text).toContain('Shipping: KWD 0.500');
    expect(text).not.toContain('Import duty');
    expect(html).toContain('href="https://dhl.example/T1"');
    const script = renderOrderMail('shipped', order, { ...tracking, trackingUrl: 'javascript:alert(1)' });
    expect(script.html).not.toContain('javascript:');
  });
});
