export interface Call {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  /** `Bearer …` */
  readonly authorization?: string;
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  /** As it came, byte for byte. */
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** `201`, or `409 insufficient_stock`. */
  readonly outcome: string;
  readonly replayed: boolean;
}

const PATIENCE = 60_000;

/** Buyers come from addresses of their own: what one may write is limited. The servers believe it of this machine. */
function anyAddress(): string {
  const part = () => Math.floor(Math.random() * 250);
  return `10.${part()}.${part()}.${part()}`;
}

/** One real request. @throws what fetch throws when the connection breaks, or nobody listens */
export async function call(url: string, { path, method = 'POST', ...rest }: Call): Promise<Answer> {
  const raw = typeof rest.body === 'string' ? rest.body : JSON.stringify(rest.body);
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      'x-forwarded-for': anyAddress(),
      ...(rest.authorization !== undefined && { authorization: rest.authorization }),
      ...(rest.key !== undefined && { 'idempotency-key': rest.key }),
      ...(rest.body !== undefined && { 'content-type': 'application/json' }),
      ...rest.headers,
    },
    ...(rest.body !== undefined && { body: raw }),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const text = await answer.text();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  const { code } = body;
  return {
    status: answer.status,
    text,
    body,
    outcome:
      answer.status < 400 || typeof code !== 'string' ? String(answer.status) : `${answer.status} ${code}`,
    replayed: answer.headers.get('idempotent-replayed') === 'true',
  };
}

/** The text of a field that must be there. */
export function textOf(body: Readonly<Record<string, unknown>>, field: string): string {
  const value = body[field];
  if (typeof value !== 'string') throw new Error(`the answer has no ${field}: ${JSON.stringify(body)}`);
  return value;
}
