import { lookup as resolve } from 'node:dns/promises';
import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { SignedDelivery, WebhookSender } from '../../domain/webhooks/webhook.sender.ts';
import type { DeliveryAttempt } from '../../domain/webhooks/webhook.ts';
import { isPublicAddress } from './public-address.ts';

export interface SenderSettings {
  readonly timeoutSeconds: number;
  /** Internal addresses may be sent to, over plain HTTP too. */
  readonly allowPrivate: boolean;
  readonly allowHttp: boolean;
  readonly userAgent: string;
}

interface Address {
  readonly address: string;
  readonly family: number;
}

interface Answer {
  readonly statusCode: number;
  readonly responseBody: string;
}

type Resolve = (host: string) => Promise<readonly Address[]>;

/** Of an answer this much is read and kept, in bytes. */
const MAX_BODY = 1000;

/**
 * POSTs over a connection of its own. The name is resolved once, every address is examined, and the connection goes to
 * exactly an address that was examined: a name that means something else a moment later changes nothing. Redirects
 * are not followed.
 */
export class HttpWebhookSender implements WebhookSender {
  readonly #settings: SenderSettings;
  readonly #resolve: Resolve;

  constructor(settings: SenderSettings, resolveHost: Resolve = (host) => resolve(host, { all: true })) {
    this.#settings = settings;
    this.#resolve = resolveHost;
  }

  async send(delivery: SignedDelivery, signal: AbortSignal): Promise<Omit<DeliveryAttempt, 'at'>> {
    const started = performance.now();
    const { timeoutSeconds } = this.#settings;
    // Not AbortSignal.timeout, which may be collected unfired where AbortSignal.any alone refers to it.
    const limit = new AbortController();
    const stop = (): void => limit.abort();
    const timer = setTimeout(stop, timeoutSeconds * 1000);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const outcome = await withAbort(this.#post(delivery, limit.signal), limit.signal).then(
      (answer) => ({ ...answer, error: undefined }),
      (error: unknown) => ({
        statusCode: undefined,
        responseBody: undefined,
        error: limit.signal.aborted ? `no answer within ${timeoutSeconds} s` : reasonOf(error),
      }),
    );
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    return { ...outcome, milliseconds: Math.round(performance.now() - started) };
  }

  async #post(delivery: SignedDelivery, signal: AbortSignal): Promise<Answer> {
    const url = new URL(delivery.url);
    const secure = url.protocol === 'https:';
    if (!secure && !this.#settings.allowHttp) throw new Error('plain HTTP is not allowed');
    const address = await this.#addressOf(url);
    const headers = {
      ...delivery.headers,
      'content-length': Buffer.byteLength(delivery.body),
      'user-agent': this.#settings.userAgent,
    };
    const request = (secure ? https : http).request(url, {
      ...{ method: 'POST', headers, lookup: pinnedTo(address), agent: false, signal },
    });
    try {
      request.end(delivery.body);
      return await answerTo(request);
    } finally {
      request.destroy();
    }
  }

  /** @throws Error when the host has no address, or any of them is not public */
  async #addressOf({ hostname }: URL): Promise<Address> {
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const literal = isIP(host);
    const found = literal === 0 ? await this.#resolve(host) : [{ address: host, family: literal }];
    const forbidden = this.#settings.allowPrivate
      ? undefined
      : found.find((a) => !isPublicAddress(a.address));
    if (forbidden !== undefined)
      throw new Error('the host has an address that is not of the public internet');
    const [first] = found;
    if (first === undefined) throw new Error('the host has no address');
    return first;
  }
}

/** However the connection ends, this settles: Node tells some ends by `upgrade` or `close` alone. */
function answerTo(request: ClientRequest): Promise<Answer> {
  return new Promise((done, fail) => {
    let answered = false;
    request.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (): void => done({ statusCode: response.statusCode ?? 0, responseBody: textOf(chunks) });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= MAX_BODY) end();
      });
      response.on('end', end);
      response.on('error', fail);
      response.on('close', () => fail(new Error('the answer broke off')));
    });
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      done({ statusCode: response.statusCode ?? 0, responseBody: '' });
    });
    request.on('error', fail);
    request.on('close', () => {
      if (!answered) fail(new Error('the connection ended without an answer'));
    });
  });
}

/** Node asks for one address, or for all of them. */
const pinnedTo =
  ({ address, family }: Address): LookupFunction =>
  (_host, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };

/** What databases cannot store as text is left out. */
const textOf = (chunks: readonly Buffer[]): string =>
  Buffer.concat(chunks).subarray(0, MAX_BODY).toString('utf8').replaceAll('\0', '');

function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const text = typeof message === 'string' && message !== '' ? message : 'the connection failed';
  return typeof code === 'string' && !text.includes(code) ? `${code}: ${text}` : text;
}

/** DNS cannot be cancelled: what comes too late is dropped. */
function withAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    if (signal.aborted) fail(new Error('aborted'));
    signal.addEventListener('abort', () => fail(new Error('aborted')), { once: true });
    work.then(done, fail);
  });
}
