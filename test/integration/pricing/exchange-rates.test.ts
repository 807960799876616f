import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SqlExchangeRateStore } from '../../../src/infra/db/pricing/sql-exchange-rate.store.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

describe('exchange rates', () => {
  let t: TestApp;
  let clerk: Account;
  beforeAll(async () => {
    t = await setupApp({ now: '2026-11-01T12:00:00Z' });
    clerk = await staff(t);
  });
  afterAll(() => t.close());

  const set = (pair: string, body: object) => clerk.api.put(`/exchange-rates/${pair}`).send(body);
  const inForce = async () =>
    ((await clerk.api.get('/exchange-rates').expect(200)).body as { items: Record<string, unknown>[] }).items;

  it('are in force from their moment on, until the next of the pair; the same moment has one', async () => {
    const stored = await set('EUR/USD', { rate: '1.08420', source: 'ECB' }).expect(200);
    expect(stored.body).toEqual({
      base: 'EUR',
      quote: 'USD',
      rate: '1.0842',
      validFrom: '2026-11-01T12:00:00.000Z',
      source: 'ECB',
      stale: false,
    });
    await set('EUR/USD', { rate: '1.2', source: 'corrected' }).expect(200);
    await set('EUR/USD', { rate: '1.3', source: 'later', validFrom: '2026-12-01T00:00:00Z' }).expect(200);
    await set('EUR/JPY', { rate: '165', source: 'old', validFrom: '2026-09-01T00:00:00Z' }).expect(200);
    expect(await inForce()).toMatchObject([
      { quote: 'JPY', rate: '165', stale: true },
      { quote: 'USD', rate: '1.2', source: 'corrected', stale: false },
    ]);
    const store = new SqlExchangeRateStore(t.app.connections.read);
    const later = await store.inForce(new Date('2026-12-01T00:00:00Z'), ['EUR', 'USD']);
    expect(later).toMatchObject([{ quote: 'USD', rate: '1.3' }]);
  });

  it('leave a line in the audit log', async () => {
    await set('EUR/CHF', { rate: '0.95', source: 'SNB' }).expect(200);
    const [row] = await t.app.connections.read.query<{ subject: string }>(
      "SELECT subject FROM audit_log WHERE action = 'exchange-rate.set' ORDER BY at DESC, id DESC LIMIT 1",
    );
    expect(row?.subject).toBe('exchange-rate:EUR/CHF');
  });

  it.each([
    ['EUR/USD', { rate: '0', source: 'x' }, 400],
    ['EUR/USD', { rate: '0.000', source: 'x' }, 400],
    ['EUR/USD', { rate: '-1', source: 'x' }, 400],
    ['EUR/USD', { rate: '1e3', source: 'x' }, 400],
    ['EUR/USD', { rate: 1.1, source: 'x' }, 400],
    ['EUR/USD', { rate: '1.1' }, 400],
    ['EUR/USD', { rate: '1.1', source: 'x', validFrom: 'yesterday' }, 400],
    ['EUR/EUR', { rate: '1', source: 'x' }, 400],
    ['EUR/XXQ', { rate: '1', source: 'x' }, 404],
  ])('%s refuses %j', async (pair, body, status) => {
    expect((await set(pair, body)).status).toBe(status);
  });
});
