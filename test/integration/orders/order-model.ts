/** The reference: what an order and its payments must be, in a page, without locks, ledgers or events. */
export type AttemptState =
  | 'pending'
  | 'requires_action'
  | 'authorized'
  | 'captured'
  | 'declined'
  | 'refunded'
  | 'voided';
export type Token = 'tok_success' | 'tok_authorize' | 'tok_declined' | 'tok_requires_action' | 'tok_timeout';
export type Notice = 'captured' | 'authorized' | 'declined';

interface ModelAttempt {
  readonly token: Token;
  state: AttemptState;
  /** Of the capture, in parts of the total: 0, 1 or 2 halves. */
  refundedHalves: number;
}

const RESULT: Readonly<Record<Token, AttemptState>> = {
  tok_success: 'captured',
  tok_authorize: 'authorized',
  tok_declined: 'declined',
  tok_requires_action: 'requires_action',
  tok_timeout: 'pending',
};

const isOpen = ({ state }: ModelAttempt): boolean => state === 'pending' || state === 'requires_action';
const isActive = (attempt: ModelAttempt): boolean =>
  isOpen(attempt) || attempt.state === 'authorized' || attempt.state === 'captured';

export class OrderModel {
  status = 'pending_payment';
  parcel: 'none' | 'shipped' | 'delivered' = 'none';
  readonly attempts: ModelAttempt[] = [];

  /** @returns the answer that is due */
  pay(token: Token): string {
    if (['authorized', 'paid', 'completed'].includes(this.status)) return '409 already_paid';
    if (this.status !== 'pending_payment') return '409 transition_not_allowed';
    if (this.attempts.some(isActive)) return '409 payment_in_progress';
    const attempt: ModelAttempt = { token, state: 'pending', refundedHalves: 0 };
    this.attempts.push(attempt);
    this.#become(attempt, RESULT[token]);
    return attempt.state === 'declined' ? '402 payment_declined' : '201';
  }

  /** What the provider tells of an attempt, at any time. */
  notice(attempt: ModelAttempt, notice: Notice): void {
    const { state } = attempt;
    if (notice === 'declined') {
      if (isOpen(attempt)) this.#become(attempt, 'declined');
      return;
    }
    const counts = state === 'authorized' || (this.status === 'pending_payment' && isOpen(attempt));
    if (counts) {
      this.#become(attempt, notice);
      return;
    }
    // Money that nobody waits for goes back; a promise of money is given up where it was not before.
    if (notice === 'captured' && state !== 'captured' && state !== 'refunded')
      this.#become(attempt, 'refunded');
    if (notice === 'authorized' && (isOpen(attempt) || state === 'declined')) this.#become(attempt, 'voided');
  }

  capture(attempt: ModelAttempt): string {
    this.#become(attempt, 'captured');
    return '200';
  }

  refundHalf(attempt: ModelAttempt): string {
    if (attempt.state !== 'captured') return '409 refund_exceeds_capture';
    attempt.refundedHalves += 1;
    if (attempt.refundedHalves === 2) attempt.state = 'refunded';
    return '201';
  }

  cancel(): string {
    const may = ['pending_payment', 'authorized', 'paid'].includes(this.status) && this.parcel === 'none';
    if (!may) return '409 transition_not_allowed';
    this.#end('cancelled');
    return '200';
  }

  expire(): void {
    if (this.status === 'pending_payment') this.#end('expired');
  }

  ship(): string {
    if (this.status !== 'paid' || this.parcel !== 'none') return '409 transition_not_allowed';
    this.parcel = 'shipped';
    return '200';
  }

  deliver(): string {
    if (this.parcel !== 'shipped') return '409 transition_not_allowed';
    this.parcel = 'delivered';
    this.status = 'completed';
    return '200';
  }

  /** Units of the order that the stock level counts as reserved. */
  get holdsStock(): boolean {
    return ['pending_payment', 'authorized', 'paid'].includes(this.status) && this.parcel === 'none';
  }

  #become(attempt: ModelAttempt, state: AttemptState): void {
    attempt.state = state;
    if (state === 'authorized') this.status = 'authorized';
    if (state === 'captured') this.status = 'paid';
  }

  #end(status: 'cancelled' | 'expired'): void {
    this.status = status;
    for (const attempt of this.attempts) {
      if (attempt.state === 'captured') attempt.state = 'refunded';
      if (attempt.state === 'authorized' || attempt.state === 'requires_action') attempt.state = 'voided';
    }
  }
}
