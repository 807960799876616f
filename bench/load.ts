import { json } from 'node:stream/consumers';
import autocannon from 'autocannon';

/** What one load worker does: `amount` requests, each of the list once; or the list over and over for `seconds`. */
export interface LoadPlan {
  readonly url: string;
  readonly connections: number;
  readonly seconds?: number;
  readonly requests: readonly LoadRequest[];
}

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Broken connections, timeouts, and answers other than 2xx. */
  readonly errors: number;
}

async function run(plan: LoadPlan): Promise<LoadResult> {
  const started = process.hrtime.bigint();
  const common = { url: plan.url, connections: plan.connections, timeout: 30 };
  const result = await autocannon(
    plan.seconds === undefined
      ? { ...common, amount: plan.requests.length, requests: [eachOnce(plan.requests)] }
      : {
          ...common,
          duration: plan.seconds,
          requests: plan.requests.map((r) => ({ ...r, headers: { ...r.headers } })),
        },
  );
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  return {
    requests: result['2xx'],
    seconds: plan.seconds === undefined ? wall : result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.errors + result.timeouts + result.non2xx,
  };
}

/** The connections share one queue, so that no request is sent twice. */
function eachOnce(requests: readonly LoadRequest[]): autocannon.Request {
  let sent = 0;
  return {
    setupRequest: (request) => {
      const next = requests[sent++ % requests.length];
      return next === undefined ? request : { ...request, ...next, headers: { ...next.headers } };
    },
  };
}

process.stdout.write(JSON.stringify(await run((await json(process.stdin)) as LoadPlan)));
