import { newId } from '../src/domain/shared/ids.ts';
import { call } from './http-client.ts';
import { type Proof, Tally, Verdict } from './verdict.ts';
import type { Buyer, World } from './world.ts';

const BUYERS = 200;
const UNITS = 10;

/** 200 buyers check out the last 10 units at once, over two server processes. */
export async function proveOversell(world: World, rounds: number): Promise<Proof> {
  const verdict = new Verdict();
  const outcomes = new Tally();
  const buyers = await world.buyers(BUYERS);
  const variants = await world.variants(rounds);
  const urls = (await world.start('serve', 'serve')).map((server) => server.url);
  const milliseconds: number[] = [];
  for (const [round, variantId] of variants.entries()) {
    await world.stock(variantId, UNITS);
    await world.fillCarts(buyers, variantId);
    const started = Date.now();
    const answers = await race(world, urls, buyers);
    milliseconds.push(Date.now() - started);
    const tally = new Tally();
    for (const outcome of answers) {
      tally.add(outcome);
      outcomes.add(outcome);
    }
    const when = `round ${round + 1}`;
    verdict.equal(`${when}: answers`, tally.all, { 201: UNITS, '409 insufficient_stock': BUYERS - UNITS });
    await examine(world, verdict, { when, variantId });
  }
  await world.stop('SIGTERM');
  const promises = await world.askDoctor(verdict);
  world.checkLogs(verdict);
  const figures = {
    rounds,
    processes: urls.length,
    buyers: BUYERS,
    units: UNITS,
    answers: outcomes.all,
    slowestRoundMs: Math.max(...milliseconds),
    promises,
  };
  return { figures, failures: verdict.failures };
}

const race = (world: World, urls: readonly string[], buyers: readonly Buyer[]): Promise<string[]> =>
  Promise.all(
    buyers.map(async (buyer, i) => {
      const { authorization } = buyer;
      const request = { path: '/orders', authorization, key: newId(), body: await world.placement(buyer) };
      return call(urls[i % urls.length] ?? '', request).then(
        (answer) => answer.outcome,
        (error: unknown) => `broken connection: ${String(error)}`,
      );
    }),
  );

async function examine(
  world: World,
  verdict: Verdict,
  { when, variantId }: { when: string; variantId: string },
): Promise<void> {
  const of = [variantId];
  const available = 'SELECT SUM(on_hand - reserved) AS n FROM stock_levels WHERE variant_id = ?';
  const orders = 'SELECT COUNT(DISTINCT order_id) AS n FROM order_lines WHERE variant_id = ?';
  const reserved = `SELECT SUM(r.quantity) AS n FROM reservations r JOIN stock_levels l ON l.id = r.stock_level_id
    WHERE r.status = 'open' AND l.variant_id = ?`;
  const carts = 'SELECT COUNT(*) AS n FROM cart_items WHERE variant_id = ?';
  verdict.equal(`${when}: available`, await world.count(available, of), 0);
  verdict.equal(`${when}: orders`, await world.count(orders, of), UNITS);
  verdict.equal(`${when}: reserved`, await world.count(reserved, of), UNITS);
  verdict.equal(`${when}: carts that were kept`, await world.count(carts, of), BUYERS - UNITS);
  await world.holdInvariants(verdict, when);
}
