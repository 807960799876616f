/** An answer that was no success, as a problem (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    const fields = (body.errors ?? []).map(({ path, message }) => `${path}: ${message}`).join('; ');
    super(fields === '' ? (body.detail ?? `error ${status}`) : `${body.detail}: ${fields}`);
    this.status = status;
    this.code = body.code;
  }
}

async function send(method, path, body) {
  const response = await fetch(`/api${path}`, {
    method,
    headers: {
      'X-Requested-With': 'crossborder-monitor',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 204) return undefined;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}

let signedOut = () => {};
export const onSignedOut = (listener) => {
  signedOut = listener;
};

/** Goes on with the session where the access token has expired. */
export async function call(method, path, body) {
  try {
    return await send(method, path, body);
  } catch (problem) {
    if (problem.status !== 401 || path.startsWith('/session/') || method === 'POST /session') throw problem;
    if (!(await refresh())) {
      signedOut();
      throw problem;
    }
    return send(method, path, body);
  }
}

export async function refresh() {
  try {
    await send('POST', '/session/refresh');
    return true;
  } catch {
    return false;
  }
}

export const signIn = (login, password) => send('POST', '/session', { login, password });
export const signOut = () => send('DELETE', '/session');

export const get = (path, params = {}) => {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value));
  return call('GET', query.size === 0 ? path : `${path}?${query}`);
};
export const post = (path, body) => call('POST', path, body);
export const patch = (path, body) => call('PATCH', path, body);

/** The overview as it comes; after a break it goes on by itself, with a new access token where it needs one. */
export function watch({ onOverview, onState }) {
  let source;
  let stopped = false;
  let wait = 500;
  const open = () => {
    source = new EventSource('/api/stream');
    source.addEventListener('overview', (event) => {
      wait = 500;
      onState(true);
      onOverview(JSON.parse(event.data));
    });
    source.addEventListener('blind', () => onState(false));
    source.onerror = async () => {
      source.close();
      onState(false);
      if (stopped) return;
      const alive = await get('/session').then(
        () => true,
        (problem) => problem.status !== 401,
      );
      if (!alive || stopped) return;
      setTimeout(open, wait);
      wait = Math.min(wait * 2, 10_000);
    };
  };
  open();
  return () => {
    stopped = true;
    source.close();
  };
}
