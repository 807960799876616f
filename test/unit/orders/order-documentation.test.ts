import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ORDER_TRANSITIONS } from '../../../src/domain/orders/order-machine.ts';
import { PAYMENT_STATUSES, PAYMENT_TRANSITIONS } from '../../../src/domain/payments/payment.ts';
import { RETURN_TRANSITIONS } from '../../../src/domain/returns/return-machine.ts';
import { FULFILMENT_STATUSES } from '../../../src/domain/shipments/shipment.ts';
import { TEST_TOKENS } from '../../../src/infra/payments/mock.gateway.ts';
import { stateDiagram } from '../../support/state-diagram.ts';

const page = readFileSync(new URL('../../../docs/orders-and-payments.md', import.meta.url), 'utf8');

describe('docs/orders-and-payments.md', () => {
  it("draws the order's machine as its table says", () => {
    const edges = ORDER_TRANSITIONS.map(({ from, to, by }) => ({ from, to, label: by.join(', ') }));
    expect(page).toContain(stateDiagram('pending_payment', edges));
  });

  it("draws the return's machine as its table says", () => {
    const edges = RETURN_TRANSITIONS.map(({ from, to, by }) => ({ from, to, label: by.join(', ') }));
    expect(page).toContain(stateDiagram('requested', edges));
  });

  it('names every fulfilment status', () => {
    for (const status of FULFILMENT_STATUSES) expect(page).toContain(`\`${status}\``);
  });

  it("draws the payment's machine as its table says", () => {
    const edges = PAYMENT_STATUSES.flatMap((from) => PAYMENT_TRANSITIONS[from].map((to) => ({ from, to })));
    expect(page).toContain(stateDiagram('pending', edges));
  });

  it('names every test token, and what it does', () => {
    for (const [token, effect] of Object.entries(TEST_TOKENS))
      expect(page).toContain(`| \`${token}\` | ${effect} |`);
  });
});
