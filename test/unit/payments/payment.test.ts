import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Attempt, paymentStatus } from '../../../src/domain/payments/order-payment-status.ts';
import {
  type GatewayOutcome,
  isActive,
  NOTHING_MOVED,
  PAYMENT_STATUSES,
  PAYMENT_TRANSITIONS,
  type Payment,
  type PaymentStatus,
  settle,
} from '../../../src/domain/payments/payment.ts';
import { money } from '../../../src/domain/shared/money.ts';

const at = new Date('2026-01-01T00:00:00Z');
const payment = (status: PaymentStatus): Payment => ({
  id: 'p',
  orderId: 'o',
  provider: 'mock',
  providerReference: undefined,
  status,
  amount: money(100n, 'EUR'),
  failureCode: undefined,
  nextActionUrl: undefined,
  createdAt: at,
  updatedAt: at,
  version: 1,
  ledger: NOTHING_MOVED,
});
const captured: GatewayOutcome = { type: 'captured', reference: 'r' };
const authorized: GatewayOutcome = { type: 'authorized', reference: 'r' };
const declined: GatewayOutcome = { type: 'declined', reference: 'r', failureCode: 'card_declined' };
const action: GatewayOutcome = { type: 'requires_action', reference: 'r', url: 'https://example.com' };
const voided: GatewayOutcome = { type: 'voided', reference: 'r' };
const outcomes = fc.constantFrom(captured, authorized, declined, action, voided);

describe('settling a payment', () => {
  it.each([
    [captured, 'captured', 'captured'],
    [authorized, 'authorized', 'authorized'],
    [declined, 'declined', 'failed'],
    [action, 'requires_action', 'noted'],
    [voided, 'voided', 'voided'],
  ] as const)('of a waiting order takes %j as it comes', (outcome, status, effect) => {
    const settled = settle(payment('pending'), outcome, true, at);
    expect([settled.payment.status, settled.effect]).toEqual([status, effect]);
  });

  it('of an order that does not wait sends the money back', () => {
    expect(settle(payment('pending'), captured, false, at)).toMatchObject({
      payment: { status: 'refund_pending' },
      effect: 'late',
    });
    expect(settle(payment('requires_action'), authorized, false, at).payment.status).toBe('void_pending');
  });

  it('of an attempt that was given up sends the money back, though the order waits for another', () => {
    for (const status of ['declined', 'failed'] as const) {
      expect(settle(payment(status), captured, true, at)).toMatchObject({
        payment: { status: 'refund_pending' },
        effect: 'late',
      });
    }
  });

  it('captures what was authorized before, though the order no longer waits', () => {
    expect(settle(payment('authorized'), captured, false, at).effect).toBe('captured');
  });

  it('of what was captured once takes nothing more: what happens to it, refunds tell', () => {
    for (const status of ['captured', 'refund_pending', 'refunded'] as const)
      for (const outcome of [captured, authorized, declined, action, voided])
        for (const waits of [true, false])
          expect(settle(payment(status), outcome, waits, at).effect).toBe('none');
  });

  it('takes each outcome once', () => {
    const statuses = fc.constantFrom(...PAYMENT_STATUSES);
    fc.assert(
      fc.property(statuses, outcomes, fc.boolean(), (status, outcome, waits) => {
        const once = settle(payment(status), outcome, waits, at);
        const stillWaits = waits && once.effect !== 'captured' && once.effect !== 'authorized';
        expect(settle(once.payment, outcome, stillWaits, at).effect).toBe('none');
      }),
    );
  });

  it('never leaves the machine, and captures at most once, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(outcomes, fc.boolean())), (events) => {
        let current = payment('pending');
        let waits = true;
        let captures = 0;
        for (const [outcome, cancelled] of events) {
          if (cancelled) waits = false;
          const { payment: next, effect } = settle(current, outcome, waits, at);
          if (next.status !== current.status)
            expect(PAYMENT_TRANSITIONS[current.status]).toContain(next.status);
          if (effect === 'captured') captures += 1;
          if (effect === 'captured' || effect === 'authorized') waits = false;
          current = next;
        }
        expect(captures).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the payment status of an order', () => {
  const attempt = (status: PaymentStatus, captured = 0n, refunded = 0n): Attempt => ({
    status,
    ledger: { captured, refunded },
  });

  const statusOf = (attempts: readonly Attempt[], amount = 10n) => paymentStatus(attempts, { amount });

  it('of nothing is paid', () => {
    expect(statusOf([], 0n)).toBe('paid');
  });

  it('is read off the ledger of its attempts', () => {
    expect(statusOf([])).toBe('unpaid');
    expect(statusOf([attempt('declined'), attempt('pending'), attempt('voided')])).toBe('unpaid');
    expect(statusOf([attempt('declined'), attempt('authorized')])).toBe('authorized');
    expect(statusOf([attempt('capture_pending')])).toBe('authorized');
    expect(statusOf([attempt('declined'), attempt('captured', 10n)])).toBe('paid');
    expect(statusOf([attempt('captured', 10n, 3n)])).toBe('partially_refunded');
    expect(statusOf([attempt('refunded', 10n, 10n)])).toBe('refunded');
  });

  it('is partial where only a part was captured', () => {
    expect(statusOf([attempt('captured', 7n)])).toBe('partially_paid');
    expect(statusOf([attempt('captured', 7n, 1n)])).toBe('partially_refunded');
    expect(statusOf([attempt('refunded', 7n, 7n)])).toBe('refunded');
  });

  it('does not call an order refunded because a second payment of it went back', () => {
    expect(statusOf([attempt('refunded', 10n, 10n), attempt('captured', 10n)])).toBe('paid');
    expect(statusOf([attempt('captured', 10n), attempt('refund_pending', 10n)])).toBe('paid');
  });

  it('keeps an order blocked for other attempts exactly while one may still take money', () => {
    expect(PAYMENT_STATUSES.filter(isActive)).toEqual([
      'pending',
      'requires_action',
      'authorized',
      'capture_pending',
      'captured',
    ]);
  });
});
