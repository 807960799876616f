import type { Clock } from '../../../domain/shared/clock.ts';
import type { MockChargeStatus, MockCharges } from '../../payments/mock.gateway.ts';
import type { Connections } from '../sql.ts';

/** The mock gateway's own memory: written in transactions of its own, as a provider's is. */
export class SqlMockCharges implements MockCharges {
  readonly #connections: Pick<Connections, 'read' | 'write'>;
  readonly #clock: Clock;

  constructor(connections: Pick<Connections, 'read' | 'write'>, clock: Clock) {
    this.#connections = connections;
    this.#clock = clock;
  }

  async find(paymentId: string): Promise<MockChargeStatus | undefined> {
    const [row] = await this.#connections.read.query<{ status: MockChargeStatus }>(
      'SELECT status FROM mock_charges WHERE payment_id = ?',
      [paymentId],
    );
    return row?.status;
  }

  move(
    paymentId: string,
    to: MockChargeStatus,
    unless: readonly MockChargeStatus[],
  ): Promise<MockChargeStatus> {
    return this.#connections.write(async (sql) => {
      const now = this.#clock.now();
      const ignore = sql.kind === 'sqlite' ? 'OR IGNORE' : 'IGNORE';
      await sql.run(`INSERT ${ignore} INTO mock_charges (payment_id, status, updated_at) VALUES (?, ?, ?)`, [
        paymentId,
        to,
        now,
      ]);
      const kept = unless.length === 0 ? '' : ` AND status NOT IN (${unless.map(() => '?').join(', ')})`;
      await sql.run(`UPDATE mock_charges SET status = ?, updated_at = ? WHERE payment_id = ?${kept}`, [
        to,
        now,
        paymentId,
        ...unless,
      ]);
      const [row] = await sql.query<{ status: MockChargeStatus }>(
        'SELECT status FROM mock_charges WHERE payment_id = ?',
        [paymentId],
      );
      return row?.status ?? to;
    });
  }
}
