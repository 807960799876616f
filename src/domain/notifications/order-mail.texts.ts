import type { Locale } from '../shared/locale.ts';
import type { OrderMailKind } from './order-mail.ts';

/** `{number}` is the order number, `{date}` when its reservation ends, `{amount}` what was given back. */
interface Notice {
  readonly subject: string;
  readonly body: string;
}

interface Texts {
  readonly notices: Readonly<Record<OrderMailKind, Notice>>;
  readonly labels: Readonly<Record<Label, string>>;
  /** At the foot of each. */
  readonly note: string;
}

export type Label =
  | 'items'
  | 'shipping'
  | 'discount'
  | 'tax'
  | 'duty'
  | 'total'
  | 'carrier'
  | 'tracking'
  | 'track'
  | 'refunded';

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
      expiring: {
        subject: 'Order {number} is reserved until {date} only',
        body: 'Your order {number} has not been paid yet. Its items are reserved for you until {date}; after that the order expires and nothing is charged.',
      },
      refunded: {
        subject: 'Refund for order {number}',
        body: 'We have returned {amount} of your order {number}. Depending on your bank it may take some days to arrive.',
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
      track: 'Track the shipment',
      refunded: 'Refunded',
    },
    note: 'This message was sent automatically about your order {number}.',
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
      expiring: {
        subject: '订单 {number} 的保留将于 {date} 结束',
        body: '您的订单 {number} 尚未付款。商品为您保留至 {date}，之后订单将过期，不会产生任何费用。',
      },
      refunded: {
        subject: '订单 {number} 的退款',
        body: '我们已将您订单 {number} 的 {amount} 退还给您。视银行情况，到账可能需要几天。',
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
      track: '查询包裹',
      refunded: '已退款',
    },
    note: '此邮件由系统自动发送，内容与您的订单 {number} 有关。',
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
      expiring: {
        subject: 'El pedido {number} solo está reservado hasta {date}',
        body: 'Su pedido {number} aún no se ha pagado. Los artículos están reservados para usted hasta {date}; después el pedido caduca y no se le cobra nada.',
      },
      refunded: {
        subject: 'Reembolso del pedido {number}',
        body: 'Hemos devuelto {amount} de su pedido {number}. Según su banco, puede tardar unos días en llegar.',
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
      track: 'Seguir el envío',
      refunded: 'Reembolsado',
    },
    note: 'Este mensaje se envió automáticamente sobre su pedido {number}.',
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
      expiring: {
        subject: 'Bestellung {number} ist nur bis {date} reserviert',
        body: 'Ihre Bestellung {number} ist noch nicht bezahlt. Die Artikel sind bis {date} für Sie reserviert; danach verfällt die Bestellung, und es wird nichts berechnet.',
      },
      refunded: {
        subject: 'Erstattung zu Bestellung {number}',
        body: 'Wir haben {amount} zu Ihrer Bestellung {number} zurückgezahlt. Je nach Bank dauert es einige Tage, bis das Geld ankommt.',
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
      track: 'Sendung verfolgen',
      refunded: 'Erstattet',
    },
    note: 'Diese Nachricht zu Ihrer Bestellung {number} wurde automatisch versandt.',
  },
};
