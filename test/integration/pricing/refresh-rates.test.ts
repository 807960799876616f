import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runSchedule } from '../../support/declared-schedule.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

/** The columns that the European Central Bank's data API writes with `format=csvdata&detail=dataonly`. */
const table = (...rows: string[]): string =>
  ['KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE', ...rows, ''].join('\r\n');
const row = (currency: string, day: string, rate: string): string =>
  `EXR.D.${currency}.EUR.SP00.A,D,${currency},EUR,SP00,A,${day},${rate}`;

describe('reference rates', () => {
  let server: Server;
  let t: TestApp;
  let answer: { status: number; body: string };
  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(answer.status, { 'content-type': 'text/csv' });
      response.end(answer.body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const env = { EXCHANGE_RATES_URL: `http://127.0.0.1:${port}/service/data/EXR?format=csvdata` };
    t = await setupApp({ now: '2026-11-03T17:00:00Z', env });
  });
  beforeEach(() => t.app.connections.write((sql) => sql.run('DELETE FROM exchange_rates')));
  afterAll(async () => {
    await t.close();
    server.close();
  });

  const refresh = () => runSchedule(t, 'refresh-exchange-rates');
  const stored = async () =>
    (
      await t.app.connections.read.query<{ quote: string; rate: string; source: string }>(
        'SELECT quote, rate, source FROM exchange_rates ORDER BY quote',
      )
    ).map(({ quote, rate, source }) => `${quote} ${rate} ${source}`);

  it('are stored once, from their own day on, in the currencies that there are', async () => {
    answer = {
      status: 200,
      body: table(
        row('USD', '2026-11-03', '1.0842'),
        row('JPY', '2026-11-03', '165.20'),
        row('XXQ', '2026-11-03', '7'),
        row('RUB', '2022-03-01', 'NaN'),
      ),
    };
    expect(await refresh()).toEqual({ stored: 2 });
    expect(await refresh()).toEqual({ stored: 0 });
    expect(await stored()).toEqual(['JPY 165.2 European Central Bank', 'USD 1.0842 European Central Bank']);
    const [valid] = await t.app.connections.read.query<{ n: unknown }>(
      'SELECT COUNT(*) AS n FROM exchange_rates WHERE valid_from = ?',
      [new Date('2026-11-03T15:00:00Z')],
    );
    expect(Number(valid?.n)).toBe(2);
    answer = { status: 200, body: table(row('USD', '2026-11-04', '1.09')) };
    expect(await refresh()).toEqual({ stored: 1 });
  });

  it.each([
    ['an error', { status: 500, body: '' }, 'exchange rates could not be fetched'],
    ['another table', { status: 200, body: 'a,b\r\n1,2\r\n' }, 'does not answer with the columns'],
    ['a page', { status: 200, body: '<!doctype html>' }, 'does not answer with the columns'],
    ['too much', { status: 200, body: 'x'.repeat(1_100_000) }, 'exchange rates could not be fetched'],
    [
      'a rate that is none',
      { status: 200, body: table(row('USD', '2026-11-03', '-1')) },
      'has a rate of EUR/USD',
    ],
  ])('that are %s change nothing, and the job says why', async (_what, wrong, message) => {
    answer = wrong;
    await expect(refresh()).rejects.toThrow(message);
    expect(await stored()).toEqual([]);
  });

  it('are left to staff where no source is named', async () => {
    const without = await setupApp();
    try {
      expect(await runSchedule(without, 'refresh-exchange-rates')).toEqual({ stored: 0 });
    } finally {
      await without.close();
    }
  });
});
