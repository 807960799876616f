import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { type App, createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { toMessage } from '../src/domain/eventstream/cloud-event.ts';
import type { NewEvent } from '../src/domain/shared/event.ts';
import { newId } from '../src/domain/shared/ids.ts';
import { startRelay } from '../src/jobs/relay.ts';
import type { BareKafka } from './bare-kafka.ts';
import { ROOT } from './processes.ts';
import { round } from './report.ts';

const EVENTS = 200;
/** The first ones come while the group reads what the rounds before have left. */
const WARM_UP = 20;
/** Up to so long between two events, by chance, in milliseconds: so that each meets the relay's poll at another moment. */
const PAUSE = 100;

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export interface EventLatency {
  /** From the commit to the consumer, one event at a time. */
  readonly idle: Latency;
  /** From `sendBatch` of one message to a bare consumer, by turns with these. */
  readonly bare: Latency;
  readonly ratio: Latency;
  /** From a commit to the consumer, with the relay in another process than the commit: told by Redis, or by its poll. */
  readonly otherProcess: { readonly redis: Latency | undefined; readonly polling: Latency };
}

type MakeEvent = (aggregateId: string, sequence: number) => NewEvent;

interface Bench {
  readonly app: App;
  readonly bare: BareKafka;
  /** The settings of `app`, for other processes. */
  readonly env: NodeJS.ProcessEnv;
  /** Where nothing else is written. */
  readonly bareTopic: string;
  readonly event: MakeEvent;
}

export async function measureLatency(bench: Bench): Promise<EventLatency> {
  const { idle, bare } = await beside(bench);
  const { REDIS_URL } = process.env;
  const polling = await fromOtherProcess(bench.env, bench.event);
  const redis =
    REDIS_URL === undefined ? undefined : await fromOtherProcess({ ...bench.env, REDIS_URL }, bench.event);
  const ratio = { p50: round(idle.p50 / bare.p50, 2), p99: round(idle.p99 / bare.p99, 2) };
  return { idle, bare, ratio, otherProcess: { redis, polling } };
}

/** Ours and the bare one by turns, so that other work on the machine disturbs both. */
async function beside({ app, bare, bareTopic, event }: Bench): Promise<{ idle: Latency; bare: Latency }> {
  const arrivals = new Arrivals();
  const { eventLog } = await app.work();
  const subscription = await eventLog.subscribe({
    group: 'bench',
    topics: ['order-events'],
    handle: ({ key }) => arrivals.tell(key),
  });
  const leave = await bare.consume(bareTopic, (key) => void arrivals.tell(key));
  const relay = await startRelay(app);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let i = 0; i < EVENTS + WARM_UP; i++) {
    ours.push(await fromCommit(app, arrivals, event));
    theirs.push(await fromSend(bare, bareTopic, arrivals, event));
  }
  await relay.stop();
  await leave();
  await subscription.stop();
  return { idle: latencyOf(ours), bare: latencyOf(theirs) };
}

/** Commits here, while `outbox-dispatch` runs as a process of its own. */
async function fromOtherProcess(env: NodeJS.ProcessEnv, event: MakeEvent): Promise<Latency> {
  const app = await createApp(loadConfig({ env: { ...env, LOG_LEVEL: 'error' } }));
  const child = spawn(process.execPath, ['bin/run.js', 'outbox-dispatch'], {
    cwd: ROOT,
    env: { ...env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let stopping = false;
  const died = ended.then(() => {
    if (!stopping) throw new Error('the relay ended before the events had arrived');
    return 0;
  });
  died.catch(() => undefined);
  try {
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('relaying')) break;
    child.stdout.resume();
    const arrivals = new Arrivals();
    const { eventLog } = await app.work();
    const subscription = await eventLog.subscribe({
      group: 'bench',
      topics: ['order-events'],
      handle: ({ key }) => arrivals.tell(key),
    });
    const times: number[] = [];
    for (let i = 0; i < EVENTS + WARM_UP; i++) {
      await delay(Math.random() * PAUSE);
      times.push(await Promise.race([fromCommit(app, arrivals, event), died]));
    }
    await subscription.stop();
    return latencyOf(times);
  } finally {
    stopping = true;
    child.kill('SIGTERM');
    await ended;
    await app.close();
  }
}

async function fromCommit(app: App, arrivals: Arrivals, event: MakeEvent): Promise<number> {
  const key = newId();
  const arrived = arrivals.next(key);
  const started = performance.now();
  await app.db.transaction((tx) => tx.outbox.append([event(key, 1)]));
  const committed = performance.now();
  const at = await arrived;
  // The consumer may be quicker than the answer to the commit.
  return at - (at < committed ? started : committed);
}

async function fromSend(
  bare: BareKafka,
  topic: string,
  arrivals: Arrivals,
  event: MakeEvent,
): Promise<number> {
  const key = newId();
  const message = toMessage({
    ...event(key, 1),
    id: newId(),
    correlationId: undefined,
    traceparent: undefined,
    attempts: 0,
  });
  const arrived = arrivals.next(key);
  const started = performance.now();
  const [at] = await Promise.all([arrived, bare.send([message], topic, 1)]);
  return at - started;
}

/** Who waits for which message. */
class Arrivals {
  readonly #waiting = new Map<string, (at: number) => void>();

  /** @returns when it arrives */
  next(key: string): Promise<number> {
    return new Promise((resolve) => this.#waiting.set(key, resolve));
  }

  tell(key: string | undefined): Promise<void> {
    this.#waiting.get(key ?? '')?.(performance.now());
    this.#waiting.delete(key ?? '');
    return Promise.resolve();
  }
}

function latencyOf(times: readonly number[]): Latency {
  const sorted = times.slice(WARM_UP).sort((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.floor(sorted.length * share)] ?? 0, 1);
  return { p50: at(0.5), p99: at(0.99) };
}

export function printLatency({
  idle,
  bare,
  ratio,
  otherProcess: { redis, polling },
}: EventLatency): string[] {
  const line = (name: string, { p50, p99 }: Latency): string => `${name}: p50 ${p50} ms, p99 ${p99} ms`;
  return [
    line('commit to consumer, idle', idle),
    line('bare send to consumer', bare),
    `ratio: p50 ${ratio.p50}, p99 ${ratio.p99}`,
    redis === undefined
      ? 'relay in another process, with Redis: not measured (REDIS_URL)'
      : line('relay in another process, with Redis', redis),
    line('relay in another process, by polling', polling),
  ];
}
