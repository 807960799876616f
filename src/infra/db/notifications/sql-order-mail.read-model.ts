import type { OrderForMail, OrderMailReadModel } from '../../../domain/notifications/order-mail.ts';
import { DEFAULT_LOCALE, isLocale } from '../../../domain/shared/locale.ts';
import { money } from '../../../domain/shared/money.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, type RawInteger, toBigint, toDate } from '../values.ts';

interface OrderRow {
  number: string;
  status: string;
  email: string | null;
  locale: string;
  currency: string;
  items_total: RawInteger;
  shipping_total: RawInteger;
  discount_total: RawInteger;
  tax_total: RawInteger;
  duty_total: RawInteger;
  total: RawInteger;
  expires_at: RawDate;
}

interface LineRow {
  name: string;
  sku: string;
  quantity: number;
  total: RawInteger;
}

export class SqlOrderMailReadModel implements OrderMailReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  async find(orderId: string): Promise<OrderForMail | undefined> {
    const [order] = await this.#sql.query<OrderRow>(
      `SELECT number, status, email, locale, currency, items_total, shipping_total, discount_total, tax_total, duty_total, total, expires_at
       FROM orders WHERE id = ?`,
      [orderId],
    );
    if (order === undefined) return undefined;
    const lines = await this.#sql.query<LineRow>(
      'SELECT name, sku, quantity, total FROM order_lines WHERE order_id = ? ORDER BY position',
      [orderId],
    );
    const of = (amount: RawInteger) => money(toBigint(amount), order.currency);
    return {
      number: order.number,
      unpaid: order.status === 'pending_payment',
      email: order.email ?? undefined,
      locale: isLocale(order.locale) ? order.locale : DEFAULT_LOCALE,
      lines: lines.map(({ name, sku, quantity, total }) => ({ name, sku, quantity, total: of(total) })),
      items: of(order.items_total),
      shipping: of(order.shipping_total),
      discount: of(order.discount_total),
      tax: of(order.tax_total),
      duty: of(order.duty_total),
      total: of(order.total),
      expiresAt: toDate(order.expires_at),
    };
  }
}
