import { stockEvents } from '../inventory/stock.events.ts';
import { orderEvents } from '../orders/order.events.ts';
import { paymentEvents } from '../payments/payment.events.ts';

/** Every event that the program publishes. */
export const eventCatalog = [...orderEvents, ...paymentEvents, ...stockEvents] as const;
