import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

export interface StubIntent extends Json {
  id: string;
  created: number;
  status: string;
  amount: number;
  amount_received: number;
  currency: string;
  metadata: Record<string, string>;
}

export interface StubRefund extends Json {
  id: string;
  status: string;
  amount: number;
  payment_intent: string;
  metadata: Record<string, string>;
}

interface Reply {
  readonly status: number;
  readonly body: Json;
}

interface Answered {
  readonly reply: Reply;
  /** It is the reply to an earlier request with the same key. */
  readonly replayed: boolean;
}

const fresh = (reply: Reply): Answered => ({ reply, replayed: false });

interface Call {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
}

/**
 * A server that speaks the part of Stripe's wire format that the gateway uses: form-encoded requests, JSON replies,
 * idempotency keys bound to their parameters, its errors, and its webhook signatures. What Stripe would not understand,
 * it does not either: another encoding, a parameter that does not exist, no API key.
 */
export class StripeStub {
  readonly intents = new Map<string, StubIntent>();
  readonly refunds: StubRefund[] = [];
  readonly calls: Call[] = [];
  /** Requests like this (`POST /v1/refunds`) do their work, and the answer is lost; the library asks twice. */
  loseAnswersTo: RegExp | undefined;
  /** Every request is refused with this status. */
  brokenWith: number | undefined;
  /** When intents are made: the clock of the test. */
  now: () => Date = () => new Date();
  /** What becomes of refunds. */
  refundStatus: 'succeeded' | 'pending' | 'refused' = 'succeeded';
  readonly #replies = new Map<string, { readonly fingerprint: string; readonly reply: Reply }>();
  readonly #server: Server;
  #number = 0;

  private constructor() {
    this.#server = createServer((req, res) => void this.#serve(req, res));
  }

  static async start(): Promise<StripeStub> {
    const stub = new StripeStub();
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** As Stripe does after a day. */
  forgetKeys(): void {
    this.#replies.clear();
  }

  /** The intent of one payment of ours; throws unless there is exactly one. */
  intentOf(paymentId: string): StubIntent {
    const [intent, ...more] = [...this.intents.values()].filter((i) => i.metadata.payment_id === paymentId);
    if (intent === undefined || more.length > 0) throw new Error(`${more.length} more intents than one`);
    return intent;
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const path = (req.url ?? '').replace(/\?.*/, '');
    const header = req.headers['idempotency-key'];
    const key = typeof header === 'string' ? header : undefined;
    const method = req.method ?? '';
    this.calls.push({ method, path, key });
    const query = new URL(req.url ?? '', this.url).searchParams;
    const { reply, replayed } =
      misspelt(req, method === 'GET' ? query : form, path) ??
      this.#once(key, `${method} ${path} ${form.toString()}`, () => this.#handle(method, path, form, query));
    if (this.loseAnswersTo?.test(`${method} ${path}`)) {
      res.destroy();
      return;
    }
    res.writeHead(reply.status, {
      'content-type': 'application/json',
      'request-id': `req_${++this.#number}`,
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    });
    res.end(JSON.stringify(reply.body));
  }

  #once(key: string | undefined, fingerprint: string, work: () => Reply): Answered {
    if (this.brokenWith !== undefined) return fresh(failure(this.brokenWith, 'api_error', undefined));
    const before = key === undefined ? undefined : this.#replies.get(key);
    if (before !== undefined) {
      return before.fingerprint === fingerprint
        ? { reply: before.reply, replayed: true }
        : fresh(failure(400, 'idempotency_error', undefined, { message: 'Keys for idempotent requests' }));
    }
    // A snapshot, as Stripe keeps one: a replay does not show what happened since.
    const reply = structuredClone(work());
    if (key !== undefined) this.#replies.set(key, { fingerprint, reply });
    return fresh(reply);
  }

  #handle(method: string, path: string, form: URLSearchParams, query: URLSearchParams): Reply {
    if (method === 'POST' && path === '/v1/payment_intents') return this.#create(form);
    if (method === 'POST' && path === '/v1/refunds') return this.#refund(form);
    if (method === 'GET' && path === '/v1/refunds') {
      const data = this.refunds.filter((r) => r.payment_intent === query.get('payment_intent'));
      return { status: 200, body: { object: 'list', data, has_more: false, url: path } };
    }
    if (method === 'GET' && path === '/v1/payment_intents') return this.#list(path, query);
    const [, id, action] = /^\/v1\/payment_intents\/(pi_\w+)(?:\/(\w+))?$/.exec(path) ?? [];
    const intent = id === undefined ? undefined : this.intents.get(id);
    if (intent === undefined) return failure(404, 'invalid_request_error', 'resource_missing');
    if (method === 'GET' && action === undefined) return { status: 200, body: intent };
    if (action === 'confirm') return confirm(intent, form);
    if (action === 'capture') return change(intent, ['requires_capture'], 'succeeded');
    if (action === 'cancel') return change(intent, CANCELABLE, 'canceled');
    return failure(404, 'invalid_request_error', undefined);
  }

  #create(form: URLSearchParams): Reply {
    // Since its version 2026-09-30.endive.
    if (form.has('payment_method_types[0]'))
      return failure(400, 'invalid_request_error', 'payment_method_types_no_longer_supported');
    if (form.has('allowed_payment_method_types[0]') && form.has('automatic_payment_methods[enabled]'))
      return failure(400, 'invalid_request_error', 'parameters_exclusive');
    const invalid = invalidAmount(Number(form.get('amount')), form.get('currency') ?? '');
    if (invalid !== undefined) return invalid;
    const intent: StubIntent = {
      id: `pi_${++this.#number}`,
      object: 'payment_intent',
      created: Math.floor(this.now().getTime() / 1000),
      status: 'requires_payment_method',
      amount: Number(form.get('amount')),
      amount_received: 0,
      currency: form.get('currency') ?? '',
      metadata: metadataOf(form),
      last_payment_error: null,
      next_action: null,
      capture_method: 'automatic',
      payment_method_types: form.getAll('allowed_payment_method_types[0]'),
    };
    this.intents.set(intent.id, intent);
    return { status: 200, body: intent };
  }

  /** Newest first, in pages. */
  #list(path: string, query: URLSearchParams): Reply {
    const from = Number(query.get('created[gte]') ?? 0);
    const to = Number(query.get('created[lte]') ?? Number.POSITIVE_INFINITY);
    const all = [...this.intents.values()].reverse().filter((i) => i.created >= from && i.created <= to);
    const start = all.findIndex((i) => i.id === query.get('starting_after')) + 1;
    const data = all.slice(start, start + Number(query.get('limit') ?? 10));
    const more = start + data.length < all.length;
    return { status: 200, body: { object: 'list', data, has_more: more, url: path } };
  }

  #refund(form: URLSearchParams): Reply {
    const intent = this.intents.get(form.get('payment_intent') ?? '');
    const amount = Number(form.get('amount'));
    const given = this.refunds
      .filter((r) => r.payment_intent === intent?.id && r.status !== 'failed' && r.status !== 'canceled')
      .reduce((sum, r) => sum + r.amount, 0);
    if (intent === undefined || this.refundStatus === 'refused' || given + amount > intent.amount_received)
      return failure(400, 'invalid_request_error', 'charge_already_refunded');
    const invalid = invalidAmount(amount, intent.currency);
    if (invalid !== undefined) return invalid;
    const refund: StubRefund = {
      id: `re_${++this.#number}`,
      object: 'refund',
      status: this.refundStatus,
      amount,
      currency: intent.currency,
      payment_intent: intent.id,
      metadata: metadataOf(form),
    };
    this.refunds.push(refund);
    return { status: 200, body: refund };
  }
}

/** The parameters that each endpoint has, of those that the gateway could want. */
const PARAMETERS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^POST \/v1\/payment_intents$/,
    /^(amount|currency|metadata\[\w+\]|(allowed_)?payment_method_types\[\d\]|automatic_payment_methods\[enabled\])$/,
  ],
  [/\/confirm$/, /^(payment_method|capture_method|return_url)$/],
  [/\/(capture|cancel)$/, /^$/],
  [/^POST \/v1\/refunds$/, /^(payment_intent|amount|reason|metadata\[\w+\])$/],
  [/^GET \/v1\/refunds$/, /^(payment_intent|limit|starting_after)$/],
  [/^GET \/v1\/payment_intents$/, /^(created\[[gl]te\]|limit|starting_after)$/],
  [/^GET /, /^$/],
];

/** What fails before anything is done: Stripe keeps no reply of it under the key. */
function misspelt(req: IncomingMessage, sent: URLSearchParams, path: string): Answered | undefined {
  const refused = (status: number, code?: string, more: Json = {}) =>
    fresh(failure(status, 'invalid_request_error', code, more));
  if (!/^Bearer sk_test_\w+$/.test(req.headers.authorization ?? '')) return refused(401);
  if (req.headers['stripe-version'] === undefined) return refused(400);
  const form = 'application/x-www-form-urlencoded';
  if (req.method === 'POST' && req.headers['content-type'] !== form) return refused(400);
  const [, known] = PARAMETERS.find(([endpoint]) => endpoint.test(`${req.method} ${path}`)) ?? [];
  const param = [...sent.keys()].find((name) => known?.test(name) !== true);
  if (param !== undefined) return refused(400, 'parameter_unknown', { param });
  const amount = sent.get('amount');
  if (amount !== null && !/^[1-9]\d{0,11}$/.test(amount))
    return refused(400, 'parameter_invalid_integer', { param: 'amount' });
  return undefined;
}

/** https://docs.stripe.com/currencies#three-decimal */
const THREE_DECIMALS = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);
const invalidAmount = (amount: number, currency: string): Reply | undefined =>
  THREE_DECIMALS.has(currency) && amount % 10 !== 0
    ? failure(400, 'invalid_request_error', 'amount_invalid', { param: 'amount' })
    : undefined;

const CANCELABLE = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'requires_capture',
];

/** What each test payment method of Stripe leads to. */
function confirm(intent: StubIntent, form: URLSearchParams): Reply {
  if (!['requires_payment_method', 'requires_confirmation'].includes(intent.status))
    return unexpected(intent);
  switch (form.get('payment_method') ?? '') {
    case 'pm_card_chargeDeclined': {
      const error = { type: 'card_error', code: 'card_declined', decline_code: 'generic_decline' };
      intent.last_payment_error = error;
      return failure(402, 'card_error', 'card_declined', {
        decline_code: 'generic_decline',
        payment_intent: { ...intent },
      });
    }
    case 'pm_card_authenticationRequired':
      intent.status = 'requires_action';
      intent.next_action = {
        type: 'redirect_to_url',
        redirect_to_url: {
          url: `https://hooks.stripe.test/${intent.id}`,
          return_url: form.get('return_url'),
        },
      };
      return { status: 200, body: intent };
    case 'pm_card_withoutRedirect':
      intent.status = 'requires_action';
      intent.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: {} };
      return { status: 200, body: intent };
    case 'pm_card_visa':
      return succeed(intent, form.get('capture_method') ?? 'automatic');
    default:
      return failure(400, 'invalid_request_error', 'resource_missing');
  }
}

function succeed(intent: StubIntent, captureMethod: string): Reply {
  const manual = captureMethod === 'manual';
  intent.status = manual ? 'requires_capture' : 'succeeded';
  intent.amount_received = manual ? 0 : intent.amount;
  return { status: 200, body: intent };
}

function change(intent: StubIntent, from: readonly string[], to: string): Reply {
  if (!from.includes(intent.status)) return unexpected(intent);
  intent.status = to;
  if (to === 'succeeded') intent.amount_received = intent.amount;
  return { status: 200, body: intent };
}

const unexpected = (intent: StubIntent): Reply =>
  failure(400, 'invalid_request_error', 'payment_intent_unexpected_state', { payment_intent: { ...intent } });

const failure = (status: number, type: string, code: string | undefined, more: Json = {}): Reply => ({
  status,
  body: { error: { type, message: 'refused by the stub', ...(code === undefined ? {} : { code }), ...more } },
});

const metadataOf = (form: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...form].flatMap(([name, value]) => {
      const [, field] = /^metadata\[(\w+)\]$/.exec(name) ?? [];
      return field === undefined ? [] : [[field, value]];
    }),
  );

/** The body of an event, as Stripe sends it. */
export const stripeEvent = (type: string, object: Json, id = `evt_${fingerprint(type, object)}`): string =>
  JSON.stringify({
    id,
    object: 'event',
    api_version: '2026-01-01',
    created: 1_767_225_600,
    type,
    data: { object },
  });

const fingerprint = (type: string, object: Json): string =>
  createHash('sha256')
    .update(`${type}${JSON.stringify(object)}`)
    .digest('hex')
    .slice(0, 24);

/** Written from Stripe's documentation of its scheme, not with its library: what is tested is not its own judge. */
export function stripeSignature(secret: string, at: Date, body: string): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
