import { stockEvents } from '../inventory/stock.events.ts';
import { orderEvents } from '../orders/order.events.ts';
import { paymentEvents } from '../payments/payment.events.ts';
import { returnEvents } from '../returns/return.events.ts';

/** Every event that the program publishes. */
export const eventCatalog = [...orderEvents, ...paymentEvents, ...returnEvents, ...stockEvents] as const;
