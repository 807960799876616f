import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Program, run } from '../support/process.ts';
import { until } from '../support/until.ts';

interface Session {
  accessToken: string;
}

describe('crossborder up, as a new user starts it', () => {
  let cwd: string;
  const started: Program[] = [];
  /** They do not see that whoever started them is gone. */
  const stopped: number[] = [];
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'crossborder-up-'));
  });
  afterEach(async () => {
    for (const pid of stopped.splice(0)) killIfThere(pid);
    for (const program of started.splice(0)) {
      program.kill('SIGKILL');
      await program.ended;
    }
    rmSync(cwd, { recursive: true, force: true });
  });

  const start = async (...args: string[]): Promise<{ program: Program; url: string }> => {
    const program = new Program([...args, '--port', '0'], { cwd });
    started.push(program);
    const match = await program.line(/(http:\/\/127\.0\.0\.1:\d+)/);
    return { program, url: match[1] ?? '' };
  };

  const stop = async (program: Program): Promise<void> => {
    const pid = await workerOf(program);
    stopped.push(pid);
    process.kill(pid, 'SIGSTOP');
  };

  const post = (url: string, body: unknown, token?: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });

  const signIn = async (url: string, email: string, password: string): Promise<string> => {
    const res = await post(`${url}/api/v1/auth/login`, { email, password });
    expect(res.status).toBe(200);
    return ((await res.json()) as Session).accessToken;
  };

  it('makes everything in an empty directory, serves a shop, and stops cleanly on Ctrl-C', async () => {
    const { program, url } = await start('up');
    await program.line(/is up/);
    const list = (await (await fetch(`${url}/api/v1/products?limit=100`)).json()) as { items: unknown[] };
    expect(list.items.length).toBeGreaterThanOrEqual(60);
    expect((await fetch(`${url}/healthz/ready`)).status).toBe(200);
    expect((await fetch(`${url}/healthz/worker`)).status).toBe(200);
    expect((await fetch(`${url}/api/docs/`)).status).toBe(200);
    const [, monitor = ''] = await program.line(/monitor +(http:\/\/127\.0\.0\.1:\d+)/);
    expect(await (await fetch(monitor)).text()).toContain('<title>Monitor');
    program.kill('SIGINT');
    const end = await program.ended;
    expect([end.code, end.stdout.includes('admin123')]).toEqual([0, true]);
  });

  it('continues with the data after kill -9', async () => {
    const first = await start('up', '--no-seed');
    await first.program.line(/is up/);
    const account = { email: 'ana@example.com', password: 'correct horse battery', displayName: 'Ana' };
    expect((await post(`${first.url}/api/v1/auth/register`, account)).status).toBe(201);
    first.program.kill('SIGKILL');
    await first.program.ended;
    const second = await start('up', '--no-seed');
    await second.program.line(/is up/);
    expect(second.program.stdout).not.toContain('migrations applied');
    await signIn(second.url, account.email, account.password);
  });

  it('takes an order to a written e-mail while a second one runs on the same data', async () => {
    const first = await start('up');
    await first.program.line(/is up/);
    const second = await start('up');
    await second.program.line(/is up/);
    const token = await signIn(first.url, 'anna@example.com', 'anna-sample-2026');
    const api = async (url: string, path: string, body?: unknown): Promise<Record<string, never>> => {
      const res = await (body === undefined
        ? fetch(`${url}/api/v1${path}`, { headers: { Authorization: `Bearer ${token}` } })
        : post(`${url}/api/v1${path}`, body, token));
      if (res.status >= 300) throw new Error(`${path}: ${res.status} ${await res.text()}`);
      return (await res.json()) as Record<string, never>;
    };
    const products = (await api(first.url, '/products?limit=1&inStock=true')) as unknown as {
      items: { slug: string }[];
    };
    const detail = (await api(first.url, `/products/${products.items[0]?.slug ?? ''}`)) as unknown as {
      variants: { id: string; available: number }[];
    };
    const variant = detail.variants.find((v) => v.available > 0);
    const addresses = (await api(first.url, '/addresses')) as unknown as { items: { id: string }[] };
    await api(first.url, '/cart/items', { variantId: variant?.id, quantity: 1 });
    const addressId = addresses.items[0]?.id ?? '';
    const quote = (await api(first.url, `/cart/shipping-options?addressId=${addressId}`)) as unknown as {
      options: { shippingMethodId: string }[];
    };
    const order = (await api(second.url, '/orders', {
      addressId,
      shippingMethodId: quote.options[0]?.shippingMethodId,
    })) as unknown as { number: string };
    expect(order.number).toMatch(/^CB-/);
    await until(() => mails(cwd).length === 1, 'the mail');
  });

  it('comes up twice at once in an empty directory', async () => {
    const both = await Promise.all([start('up'), start('up')]);
    await Promise.all(both.map(({ program }) => program.line(/is up/)));
    for (const { url } of both) {
      expect((await fetch(`${url}/healthz/ready`)).status).toBe(200);
      await signIn(url, 'anna@example.com', 'anna-sample-2026');
    }
  });

  it('does not bring the shipped superuser back beside another admin, and names who is there', async () => {
    const first = await start('up', '--no-seed');
    await first.program.line(/superuser {3}admin with the shipped password/);
    const password = 'a-password-of-our-own';
    const args = ['--username', 'boss', '--email', 'boss@shop.example', '--password-stdin'];
    expect((await run(['create-superuser', ...args], { cwd, input: `${password}\n` })).code).toBe(0);
    const token = await signIn(first.url, 'admin@example.com', 'admin123');
    const gone = await fetch(`${first.url}/api/v1/users/me`, {
      method: 'DELETE',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ password: 'admin123' }),
    });
    expect(gone.status).toBe(204);
    first.program.kill('SIGINT');
    await first.program.ended;
    const second = await start('up', '--no-seed');
    await second.program.line(/superuser {3}boss\n/);
    const shipped = { username: 'admin', password: 'admin123' };
    expect((await post(`${second.url}/api/v1/auth/login`, shipped)).status).toBe(401);
    expect(second.program.stdout).not.toContain('admin123');
  });

  it('lets nobody else on this machine read what it makes', async () => {
    const { program } = await start('up');
    await program.line(/is up/);
    const open = readdirSync(join(cwd, 'var'), { recursive: true, encoding: 'utf8' })
      .concat('')
      .filter((name) => (statSync(join(cwd, 'var', name)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
  });

  it('says so when the port is taken, and ends with 3', async () => {
    const { url } = await start('up', '--no-seed');
    const end = await run(['up', '--no-seed', '--port', new URL(url).port], { cwd });
    expect([end.code, end.stderr]).toEqual([3, expect.stringContaining('another program has the port')]);
  });

  it('never shows the shipped password to the network', async () => {
    const end = await run(['up', '--no-seed', '--host', '0.0.0.0', '--port', '0'], { cwd });
    expect([end.code, end.stderr]).toEqual([2, expect.stringContaining('shipped password')]);
    const production = await run(['up', '--port', '0'], {
      cwd,
      env: { NODE_ENV: 'production', SECRET_KEY: 'k'.repeat(40) },
    });
    expect([production.code, production.stderr]).toEqual([2, expect.stringContaining('SUPERUSER_PASSWORD')]);
  });

  it('names every wrong setting at once, and starts nothing', async () => {
    const env = { PORT: 'eight', LOG_LEVEL: 'loud', OUTBOX_MAX_ATTEMPTS: '-1' };
    const end = await run(['up'], { cwd, env });
    expect(end.code).toBe(2);
    for (const name of Object.keys(env)) expect(end.stderr).toContain(name);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('answers again when something has blocked its process', async () => {
    const port = String(await freePort());
    const env = { WORKER_BLOCKED_TIMEOUT: '5', MONITOR_PORT: '0' };
    const program = new Program(['up', '--no-seed', '--port', port], { cwd, env });
    started.push(program);
    await program.line(/is up/);
    // Nothing that it does itself comes through any more, as when a job never gives the thread back.
    await stop(program);
    await program.line(/has been blocked for 5 s: killed\n.*starting another/);
    await until(
      () =>
        fetch(`http://127.0.0.1:${port}/healthz/ready`).then(
          (r) => r.ok,
          () => false,
        ),
      'an answer',
      40_000,
    );
    program.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
  });

  it('ends at once, with all that it started, on a second Ctrl-C', async () => {
    const { program } = await start('up', '--no-seed');
    await program.line(/is up/);
    await stop(program);
    program.kill('SIGINT');
    await program.line(/once more to stop at once/);
    program.kill('SIGINT');
    // Its output is closed only when the process that was stopped is gone too.
    expect((await program.ended).code).toBe(1);
  });

  it('stops in order when its terminal is closed', async () => {
    const { program } = await start('up', '--no-seed');
    await program.line(/is up/);
    program.kill('SIGHUP');
    expect((await program.ended).code).toBe(0);
  });

  it('serves from several processes, and replaces one that dies', async () => {
    expect((await run(['migrate'], { cwd })).code).toBe(0);
    const program = new Program(['serve', '--workers', '2', '--port', '18432'], { cwd });
    started.push(program);
    const url = 'http://127.0.0.1:18432';
    const ready = (): Promise<boolean> =>
      fetch(`${url}/healthz/`).then(
        (r) => r.ok,
        () => false,
      );
    await until(ready, 'an answer');
    await until(() => program.stdout.split('"url"').length - 1 === 2, 'two processes');
    const victim = await workerOf(program);
    process.kill(victim, 'SIGKILL');
    await program.line(/ended \(SIGKILL\); starting another/);
    await until(() => program.stdout.split('"url"').length - 1 === 3, 'a third process');
    expect(await ready()).toBe(true);
    program.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
  });
});

const mails = (cwd: string): string[] => {
  try {
    return readdirSync(join(cwd, 'var', 'mail')).filter((name) => name.endsWith('.eml'));
  } catch {
    return [];
  }
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function workerOf(program: Program): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const pid = String(program.child.pid);
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const [child = ''] = children.trim().split(' ');
  // A signal to 0 would go to this very process.
  if (child === '') throw new Error(`process ${pid} has started no other`);
  return Number(child);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
