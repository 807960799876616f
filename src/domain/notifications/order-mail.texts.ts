import type { Locale } from '../shared/locale.ts';
import type { OrderMailKind } from './order-mail.ts';

/** `{number}` is the order number, `{date}` an instant. */
interface Notice {
  readonly subject: string;
  readonly body: string;
}

interface Texts {
  readonly notices: Readonly<Record<OrderMailKind, Notice>>;
  readonly labels: Readonly<Record<Label, string>>;
}

export type Label = 'items' | 'shipping' | 'discount' | 'tax' | 'duty' | 'total' | 'carrier' | 'tracking';

export const ORDER_MAIL_TEXTS: Readonly<Record<Locale, Texts>> = {
  en: {
    notices: {
      created: {
        subject: 'Your order {number}',
        body: 'Thank you for your order {number}. It is reserved for you until {date}; please pay before then.',
      },
      paid: {
        subject: 'Payment received for order {number}',
        body: 'We have received your payment for order {number}.',
      },
      shipped: {
        subject: 'Order {number} is on its way',
        body: 'A shipment of your order {number} has left.',
      },
      delivered: {
        subject: 'Order {number} was delivered',
        body: 'A shipment of your order {number} has arrived.',
      },
      cancelled: { subject: 'Order {number} was cancelled', body: 'Your order {number} was cancelled.' },
      expired: {
        subject: 'Order {number} has expired',
        body: 'Your order {number} was not paid in time, so it has expired and nothing is charged.',
      },
    },
    labels: {
      items: 'Items',
      shipping: 'Shipping',
      discount: 'Discount',
      tax: 'Tax',
      duty: 'Import duty',
      total: 'Total',
      carrier: 'Carrier',
      tracking: 'Tracking',
    },
  },
  zh: {
    notices: {
      created: {
        subject: '您的订单 {number}',
        body: '感谢您的订单 {number}。商品为您保留至 {date}，请在此之前付款。',
      },
      paid: { subject: '订单 {number} 已收到付款', body: '我们已收到您订单 {number} 的付款。' },
      shipped: { subject: '订单 {number} 已发货', body: '您的订单 {number} 的包裹已经发出。' },
      delivered: { subject: '订单 {number} 已送达', body: '您的订单 {number} 的包裹已经送达。' },
      cancelled: { subject: '订单 {number} 已取消', body: '您的订单 {number} 已取消。' },
      expired: {
        subject: '订单 {number} 已过期',
        body: '您的订单 {number} 未按时付款，已过期，不会产生任何费用。',
      },
    },
    labels: {
      items: '商品',
      shipping: '运费',
      discount: '优惠',
      tax: '税费',
      duty: '关税',
      total: '合计',
      carrier: '承运商',
      tracking: '运单号',
    },
  },
  es: {
    notices: {
      created: {
        subject: 'Su pedido {number}',
        body: 'Gracias por su pedido {number}. Está reservado para usted hasta {date}; páguelo antes de esa fecha.',
      },
      paid: {
        subject: 'Pago recibido del pedido {number}',
        body: 'Hemos recibido el pago de su pedido {number}.',
      },
      shipped: {
        subject: 'El pedido {number} está en camino',
        body: 'Ha salido un envío de su pedido {number}.',
      },
      delivered: {
        subject: 'El pedido {number} fue entregado',
        body: 'Ha llegado un envío de su pedido {number}.',
      },
      cancelled: { subject: 'El pedido {number} fue cancelado', body: 'Su pedido {number} fue cancelado.' },
      expired: {
        subject: 'El pedido {number} ha caducado',
        body: 'Su pedido {number} no se pagó a tiempo: ha caducado y no se le cobra nada.',
      },
    },
    labels: {
      items: 'Artículos',
      shipping: 'Envío',
      discount: 'Descuento',
      tax: 'Impuestos',
      duty: 'Aranceles',
      total: 'Total',
      carrier: 'Transportista',
      tracking: 'Seguimiento',
    },
  },
  de: {
    notices: {
      created: {
        subject: 'Ihre Bestellung {number}',
        body: 'Vielen Dank für Ihre Bestellung {number}. Sie ist bis {date} für Sie reserviert; bitte zahlen Sie bis dahin.',
      },
      paid: {
        subject: 'Zahlung für Bestellung {number} erhalten',
        body: 'Wir haben Ihre Zahlung für die Bestellung {number} erhalten.',
      },
      shipped: {
        subject: 'Bestellung {number} ist unterwegs',
        body: 'Eine Sendung Ihrer Bestellung {number} ist unterwegs.',
      },
      delivered: {
        subject: 'Bestellung {number} wurde zugestellt',
        body: 'Eine Sendung Ihrer Bestellung {number} ist angekommen.',
      },
      cancelled: {
        subject: 'Bestellung {number} wurde storniert',
        body: 'Ihre Bestellung {number} wurde storniert.',
      },
      expired: {
        subject: 'Bestellung {number} ist verfallen',
        body: 'Ihre Bestellung {number} wurde nicht rechtzeitig bezahlt: Sie ist verfallen, und es wird nichts berechnet.',
      },
    },
    labels: {
      items: 'Artikel',
      shipping: 'Versand',
      discount: 'Rabatt',
      tax: 'Steuern',
      duty: 'Einfuhrabgaben',
      total: 'Gesamt',
      carrier: 'Versanddienst',
      tracking: 'Sendungsnummer',
    },
  },
};
