import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { createApp } from '../../../src/app.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { AesNumberVault } from '../../../src/infra/security/aes-number-vault.ts';
import { type Account, customer, PASSWORD, staff } from '../../support/accounts.ts';
import { createTestDatabase } from '../../support/database.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

let t: TestApp;
let clerk: Account;
beforeAll(async () => {
  t = await setupApp();
  clerk = await staff(t);
});
afterAll(() => t.close());

const CN = { country: 'CN', fullName: '王伟', number: '11010519491231002x' };
const BR = { country: 'BR', fullName: 'Ana Lima', number: '529.982.247-25' };
const KR = { country: 'KR', fullName: '김민준', number: 'p123456789012' };

interface View {
  id: string;
  status: string;
}

async function submit(account: Account, body: object = BR): Promise<View> {
  const res = await account.api.post('/identities').send(body);
  expect(res.status).toBe(201);
  return res.body as View;
}

const decide = (account: Account, id: string, status: string) =>
  account.api.put(`/staff/identities/${id}/status`).send({ status });

describe('an importer identity', () => {
  it.each([
    ['cn_resident_id', CN, '110***********002X'],
    ['br_cpf', BR, '529********'],
    ['kr_pccc', KR, 'P12*******012'],
  ])('of the kind %s is kept pending and shown masked', async (kind, body, numberMasked) => {
    const ana = await customer(t);
    const res = await ana.api.post('/identities').send(body);
    expect([res.status, res.body]).toEqual([
      201,
      {
        id: expect.any(String),
        country: body.country,
        kind,
        fullName: body.fullName,
        numberMasked,
        status: 'pending',
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
    ]);
    const { id } = res.body as View;
    expect((await ana.api.get(`/identities/${id}`)).body).toEqual(res.body);
    expect((await ana.api.get('/identities')).body).toEqual({ items: [res.body] });
  });

  it.each([
    ['a wrong check character', { ...CN, number: '110105194912310021' }, 'number'],
    ['a birth date that does not exist', { ...CN, number: '110105199002300028' }, 'number'],
    ['wrong check digits', { ...BR, number: '52998224726' }, 'number'],
    ['one repeated digit', { ...BR, number: '11111111111' }, 'number'],
    ['a code without P', { ...KR, number: '123456789012' }, 'number'],
    ['no number', { country: 'BR', fullName: 'Ana' }, 'number'],
    ['a number of another country', { ...CN, number: BR.number }, 'number'],
    ['a number that is a number', { ...BR, number: 52998224725 }, 'number'],
    ['a blank name', { ...BR, fullName: ' ' }, 'fullName'],
    ['a country that asks for none', { ...BR, country: 'DE' }, 'country'],
    ['a status', { ...BR, status: 'verified' }, 'status'],
  ])('is refused with %s, and the number is not repeated', async (_name, body, path) => {
    const ana = await customer(t);
    const res = await ana.api.post('/identities').send(body);
    expect(res.body).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ path }] });
    if ('number' in body) expect(res.text).not.toContain(String(body.number));
    expect((await ana.api.get('/identities')).body).toEqual({ items: [] });
  });

  it('of an unknown country has the code for that', async () => {
    const ana = await customer(t);
    const res = await ana.api.post('/identities').send({ ...BR, country: 'XX' });
    expect(res.body).toMatchObject({ status: 400, code: 'unknown_country', errors: [{ path: 'country' }] });
  });

  it('is submitted once per user and number, however it is written', async () => {
    const [ana, bob] = [await customer(t), await customer(t)];
    await submit(ana, BR);
    const again = await ana.api.post('/identities').send({ ...BR, number: '52998224725' });
    expect(again.body).toMatchObject({ status: 409, code: 'already_exists', errors: [{ path: 'number' }] });
    expect(again.text).not.toContain('52998224725');
    await submit(bob, BR);
  });

  it("is nobody else's", async () => {
    const [ana, bob] = [await customer(t), await customer(t)];
    const { id } = await submit(ana);
    for (const res of [
      await bob.api.get(`/identities/${id}`),
      await bob.api.delete(`/identities/${id}`),
      await ana.api.get(`/identities/${newId()}`),
      await ana.api.delete('/identities/x'),
    ]) {
      expect(res.status).toBe(404);
    }
    expect((await t.api.get('/identities')).status).toBe(401);
    await ana.api.delete(`/identities/${id}`).expect(204);
    expect((await ana.api.get(`/identities/${id}`)).status).toBe(404);
    await submit(ana);
  });

  it('is one of twenty at most', async () => {
    const ana = await customer(t);
    for (let i = 10; i < 30; i++) await submit(ana, { ...KR, number: `P1234567890${i}` });
    expect((await ana.api.post('/identities').send(BR)).body).toMatchObject({
      status: 409,
      code: 'conflict',
    });
  });
});

describe('the number', () => {
  it('is in the database only encrypted, for its row, and can be read back with the key', async () => {
    const ana = await customer(t);
    const { id } = await submit(ana, BR);
    const post = () => ana.api.post('/identities').set('Idempotency-Key', 'kr').send(KR);
    const [first, second] = [await post(), await post()];
    expect(second.body).toEqual(first.body);
    const { read } = t.app.connections;
    const rows = await read.query<{ number_encrypted: string }>(
      'SELECT * FROM importer_identities WHERE id = ?',
      [id],
    );
    const vault = new AesNumberVault(t.app.config.encryptionKey);
    expect(vault.open(rows[0]?.number_encrypted ?? '', id)).toBe('52998224725');
    const everything = await Promise.all(
      ['importer_identities', 'idempotency_keys', 'audit_log', 'outbox'].map((table) =>
        read.query(`SELECT * FROM ${table}`),
      ),
    );
    expect(JSON.stringify(everything)).not.toMatch(/52998224725|529\.982|P123456789012|p123456789012/);
  });

  it('of an Idempotency-Key that comes again with another number is noticed', async () => {
    const ana = await customer(t);
    const post = (number: string) =>
      ana.api
        .post('/identities')
        .set('Idempotency-Key', 'x')
        .send({ ...KR, number });
    await post('P123456789012').expect(201);
    expect((await post('P123456789013')).status).toBe(422);
  });
});

describe('staff of identities', () => {
  it('are staff only', async () => {
    const ana = await customer(t);
    const { id } = await submit(ana);
    expect((await ana.api.get('/staff/identities')).status).toBe(403);
    expect((await decide(ana, id, 'verified')).status).toBe(403);
    expect((await t.api.get('/staff/identities')).status).toBe(401);
  });

  it('verify or reject once', async () => {
    const ana = await customer(t);
    const [first, second] = [await submit(ana, BR), await submit(ana, KR)];
    const verified = await decide(clerk, first.id, 'verified');
    expect([verified.status, verified.body]).toEqual([
      200,
      expect.objectContaining({ id: first.id, status: 'verified', userId: ana.userId }),
    ]);
    await decide(clerk, second.id, 'rejected').expect(200);
    expect((await ana.api.get(`/identities/${first.id}`)).body).toMatchObject({ status: 'verified' });
    expect((await ana.api.get(`/identities/${second.id}`)).body).toMatchObject({ status: 'rejected' });
    expect((await decide(clerk, first.id, 'rejected')).body).toMatchObject({
      status: 409,
      code: 'transition_not_allowed',
    });
    const trail = await t.app.connections.read.query<{ action: string; actor: string }>(
      'SELECT action, actor FROM audit_log WHERE subject = ?',
      [`identity:${first.id}`],
    );
    expect(trail).toEqual([{ action: 'identity.verified', actor: `user:${clerk.userId}` }]);
  });

  it('of two decisions at once one counts', async () => {
    const { id } = await submit(await customer(t));
    const both = await Promise.all([decide(clerk, id, 'verified'), decide(clerk, id, 'rejected')]);
    expect(both.map((r) => r.status).sort()).toEqual([200, 409]);
  });

  it.each([['pending'], ['approved'], ['']])('cannot set the status %p', async (status) => {
    const { id } = await submit(await customer(t));
    expect((await decide(clerk, id, status)).status).toBe(400);
    expect((await decide(clerk, newId(), 'verified')).status).toBe(404);
  });

  it('list who waits, the longest first, page by page', async () => {
    const ana = await customer(t);
    const mine = [await submit(ana, BR), await submit(ana, KR), await submit(ana, CN)].map((i) => i.id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const res = await clerk.api.get(`/staff/identities?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      const page = res.body as { items: View[]; nextCursor?: string };
      expect(page.items.every((i) => i.status === 'pending')).toBe(true);
      seen.push(...page.items.map((i) => i.id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => mine.includes(id))).toEqual(mine);
    expect((await clerk.api.get('/staff/identities?status=lost')).status).toBe(400);
  });
});

it('no number, password or token is ever logged, not even when the database fails', async () => {
  const database = await createTestDatabase();
  const lines: unknown[] = [];
  const write = (facts: object, message: string) => void lines.push([facts, message]);
  const app = await createApp(database.config, {
    log: { debug: write, info: write, warn: write, error: write },
  });
  try {
    const http = await app.http();
    const email = `ana-${newId()}@example.com`;
    const registered = await request(http).post('/api/v1/auth/register').send({ email, password: PASSWORD });
    const { accessToken, refreshToken } = registered.body as { accessToken: string; refreshToken: string };
    const post = () =>
      request(http).post('/api/v1/identities').set('Authorization', `Bearer ${accessToken}`).send(BR);
    expect((await post()).status).toBe(201);
    expect((await post()).status).toBe(409);
    await app.connections.write((sql) => sql.run('DROP TABLE importer_identities'));
    const failed = await post();
    expect([failed.status, failed.body]).toEqual([500, expect.objectContaining({ code: 'internal' })]);
    const log = JSON.stringify(lines);
    expect(log).toContain('request failed');
    for (const secret of [BR.number, '52998224725', PASSWORD, accessToken, refreshToken, email]) {
      expect(log + failed.text).not.toContain(secret);
    }
  } finally {
    await app.close();
    await database.drop();
  }
});
