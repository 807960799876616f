import { randomInt, randomUUID } from 'node:crypto';
import type { App } from '../src/app.ts';
import { sampleId } from '../src/sample/sample-id.ts';
import { listen } from '../src/server/listen.ts';
import { type Buyers, makeBuyers, refillCarts } from './buyers.ts';
import { type BenchDatabase, withApp } from './database.ts';
import type { LoadRequest } from './load.ts';
import type { Options } from './options.ts';
import { planCheckout, type RawPlan } from './raw-plan.ts';
import { record } from './recorder.ts';
import { type Comparison, compare } from './report.ts';
import { type Contest, type Loaded, load, startContest } from './rounds.ts';

const GOAL = 0.4;
/** What a server may manage in a second, at most: decides how many buyers `--seconds` needs. */
const CHECKOUTS_A_SECOND = 600;

type BuyerList = Buyers['all'];

/** Each buyer checks out once a round and server; only these requests are measured, not the filling of carts. */
export async function benchCheckout(
  options: Options,
  database: BenchDatabase,
  folder: string,
): Promise<Comparison> {
  const { connections, rounds, seconds, db } = options;
  const count = Math.max(connections * 4, Math.round((seconds * CHECKOUTS_A_SECOND) / rounds));
  const ours: Loaded[] = [];
  const raw: Loaded[] = [];
  await withApp(database.config, async (app) => {
    const buyers = await makeBuyers(app, database.config, count);
    const contest = await startContest(database, await recordCheckouts(app, buyers), folder);
    const oneRound = (part: BuyerList, oursFirst: boolean) =>
      runRound({ app, contest, buyers, part, connections, oursFirst });
    try {
      await oneRound(buyers.all.slice(0, Math.ceil(count / 4)), true); // warms both servers up
      for (let i = 0; i < rounds; i++) {
        const result = await oneRound(buyers.all, i % 2 === 0);
        ours.push(result.ours);
        raw.push(result.raw);
      }
    } finally {
      await contest.stop();
    }
  });
  return compare({ scenario: 'checkout', db, connections, goal: GOAL }, ours, raw);
}

interface Round {
  readonly app: App;
  readonly contest: Contest;
  readonly buyers: Buyers;
  readonly part: BuyerList;
  readonly connections: number;
  readonly oursFirst: boolean;
}

async function runRound({ app, contest, buyers, part, connections, oursFirst }: Round) {
  const one = async (server: Contest['ours']): Promise<Loaded> => {
    await refillCarts(app, buyers);
    // A buyer has looked at the cart before ordering, so the session is known to our server.
    if (server === contest.ours) await load(server, { connections, requests: part.map(look) });
    return load(server, { connections, requests: part.map(order) });
  };
  const first = await one(oursFirst ? contest.ours : contest.raw);
  const second = await one(oursFirst ? contest.raw : contest.ours);
  return oursFirst ? { ours: first, raw: second } : { ours: second, raw: first };
}

const look = ({ authorization }: BuyerList[number]): LoadRequest => ({
  method: 'GET',
  path: '/api/v1/cart',
  headers: { authorization },
});

/** Of the sample shop, to where the buyers live. */
const SHIPPING_METHOD = sampleId('shipping-method:DE-STANDARD');

const order = ({ authorization, addressId }: BuyerList[number]): LoadRequest => ({
  method: 'POST',
  path: '/api/v1/orders',
  headers: {
    authorization,
    'content-type': 'application/json',
    'idempotency-key': randomUUID(),
    // Buyers have addresses of their own: what one may write is limited.
    'x-forwarded-for': `10.${randomInt(250)}.${randomInt(250)}.${randomInt(250)}`,
  },
  body: JSON.stringify({ addressId, shippingMethodId: SHIPPING_METHOD }),
});

/** One checkout of every kind of basket, in this process, with its statements. */
async function recordCheckouts(app: App, buyers: Buyers): Promise<RawPlan> {
  await refillCarts(app, buyers);
  const server = await listen(await app.http(), '127.0.0.1', 0);
  const checkouts: RawPlan['checkouts'][number][] = [];
  try {
    for (const buyer of buyers.all.slice(0, buyers.baskets)) {
      await send(server.url, look(buyer)); // as in the measurement
      checkouts.push(await recordOne(app, server.url, buyer));
    }
  } finally {
    await server.close(1000);
  }
  return { reads: {}, checkouts, buyers: Object.fromEntries(buyers.all.map((b) => [b.authorization, b])) };
}

async function recordOne(
  app: App,
  url: string,
  buyer: BuyerList[number],
): Promise<RawPlan['checkouts'][number]> {
  const since = Date.now();
  const request = order(buyer);
  let reply: unknown;
  const statements = await record(app, async () => {
    reply = await send(url, request);
  });
  const key = request.headers?.['idempotency-key'] ?? '';
  return { statements: planCheckout(statements, { buyer, key, since }), reply };
}

async function send(url: string, { method, path, headers, body }: LoadRequest): Promise<unknown> {
  const answer = await fetch(url + path, {
    method,
    headers: { ...headers },
    ...(body !== undefined && { body }),
  });
  const reply: unknown = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(reply)}`);
  return reply;
}
