import { newId } from '../src/domain/shared/ids.ts';
import { call } from './http-client.ts';
import { type Proof, Tally, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const COPIES = 50;

/** The same checkout, with the same key, 50 times at once over two server processes. */
export async function proveIdempotency(world: World, rounds: number): Promise<Proof> {
  const verdict = new Verdict();
  const outcomes = new Tally();
  const buyers = await world.buyers(rounds);
  const [variantId = ''] = await world.variants(1);
  const urls = (await world.start('serve', 'serve')).map((server) => server.url);
  await world.stock(variantId, 2 * rounds);
  await world.fillCarts(buyers, variantId);
  for (const [round, buyer] of buyers.entries()) {
    const { authorization, userId } = buyer;
    const placement = await world.placement(buyer);
    const request = { path: '/orders', authorization, key: newId(), body: { ...placement, note: 'once' } };
    const answers = await Promise.all(
      Array.from({ length: COPIES }, (_, i) => call(urls[i % urls.length] ?? '', request)),
    );
    for (const { outcome } of answers) outcomes.add(outcome);
    const when = `round ${round + 1}`;
    verdict.equal(`${when}: statuses`, [...new Set(answers.map((a) => a.outcome))], ['201']);
    verdict.equal(`${when}: different answers`, new Set(answers.map((a) => a.text)).size, 1);
    verdict.equal(`${when}: replays`, answers.filter((a) => a.replayed).length, COPIES - 1);
    const orders = await world.count('SELECT COUNT(*) AS n FROM orders WHERE user_id = ?', [userId]);
    verdict.equal(`${when}: orders`, orders, 1);
    const later = await call(urls[0] ?? '', { ...request, body: { ...placement, note: 'another' } });
    verdict.equal(`${when}: the key with another body`, later.outcome, '422 idempotency_key_reused');
  }
  await world.stop('SIGTERM');
  const promises = await world.askDoctor(verdict);
  world.checkLogs(verdict);
  const figures = { rounds, processes: urls.length, copies: COPIES, answers: outcomes.all, promises };
  return { figures, failures: verdict.failures };
}
