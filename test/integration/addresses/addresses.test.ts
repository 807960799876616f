import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/domain/shared/ids.ts';
import { type Account, customer } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

let t: TestApp;
beforeAll(async () => {
  t = await setupApp();
});
afterAll(() => t.close());

const berlin = {
  recipient: 'Ana Lima',
  line1: 'Torstraße 1',
  city: 'Berlin',
  postalCode: '10119',
  country: 'DE',
  phone: '+49 30 123456',
};

interface View {
  id: string;
  label: string | null;
  isDefault: boolean;
}

async function add(account: Account, fields: object = {}): Promise<View> {
  const res = await account.api.post('/addresses').send({ ...berlin, ...fields });
  expect(res.status).toBe(201);
  return res.body as View;
}

async function list(account: Account): Promise<View[]> {
  const res = await account.api.get('/addresses');
  expect(res.status).toBe(200);
  return (res.body as { items: View[] }).items;
}

const defaults = async (account: Account): Promise<string[]> =>
  (await list(account)).filter((a) => a.isDefault).map((a) => a.id);

describe('an address', () => {
  it('is kept as its country writes it', async () => {
    const ana = await customer(t);
    const res = await ana.api.post('/addresses').send({ ...berlin, line2: ' ', label: 'Home' });
    expect(res.status).toBe(201);
    const { id } = res.body as View;
    expect(res.headers.location).toBe(`/api/v1/addresses/${id}`);
    expect(res.body).toEqual({
      ...berlin,
      id,
      label: 'Home',
      organization: null,
      line2: null,
      line3: null,
      district: null,
      region: null,
      phone: '+4930123456',
      isDefault: true,
      lines: ['Ana Lima', 'Torstraße 1', '10119 Berlin'],
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect((await ana.api.get(`/addresses/${id}`)).body).toEqual(res.body);
  });

  it('may be Chinese, Brazilian, Japanese', async () => {
    const ana = await customer(t);
    const china = await ana.api.post('/addresses').send({
      recipient: '王伟',
      line1: '中关村大街1号',
      district: '海淀区',
      city: '北京市',
      region: '北京市',
      postalCode: '１０００８０',
      country: 'CN',
      phone: '138 0013 8000',
    });
    expect(china.body).toMatchObject({
      postalCode: '100080',
      phone: '+8613800138000',
      lines: ['100080', '北京市海淀区', '中关村大街1号', '王伟'],
    });
  });

  it('is made once under one Idempotency-Key', async () => {
    const ana = await customer(t);
    const post = () => ana.api.post('/addresses').set('Idempotency-Key', 'one').send(berlin);
    const [first, second] = [await post(), await post()];
    expect([second.status, second.headers['idempotent-replayed']]).toEqual([201, 'true']);
    expect(second.body).toEqual(first.body);
    expect(await list(ana)).toHaveLength(1);
  });

  it.each([
    ['an unknown country', { country: 'XX' }, 'unknown_country', 'country'],
    ['a country name', { country: 'Germany' }, 'unknown_country', 'country'],
    ['no city', { city: null }, 'validation_failed', 'city'],
    ['a wrong postal code', { postalCode: '1011' }, 'validation_failed', 'postalCode'],
    [
      'no region where there must be one',
      { country: 'US', postalCode: '94043' },
      'validation_failed',
      'region',
    ],
    ['a wrong phone', { phone: '12345' }, 'validation_failed', 'phone'],
    ['a long line', { line1: 'x'.repeat(121) }, 'validation_failed', 'line1'],
    ['a blank recipient', { recipient: ' ' }, 'validation_failed', 'recipient'],
    ['a line end', { line1: 'a\nb' }, 'validation_failed', 'line1'],
    ['a number', { line1: 5 }, 'validation_failed', 'line1'],
    ['an owner', { userId: newId() }, 'validation_failed', 'userId'],
    ['a default that is no boolean', { isDefault: 'yes' }, 'validation_failed', 'isDefault'],
  ])('is refused with %s', async (_name, fields, code, path) => {
    const ana = await customer(t);
    const res = await ana.api.post('/addresses').send({ ...berlin, ...fields });
    expect(res.body).toMatchObject({ status: 400, code, errors: [{ path }] });
    expect(await list(ana)).toHaveLength(0);
  });

  it('needs a signed-in owner, a JSON body and no query', async () => {
    const ana = await customer(t);
    expect((await t.api.post('/addresses').send(berlin)).status).toBe(401);
    expect((await ana.api.post('/addresses').type('text').send('x')).status).toBe(415);
    expect((await ana.api.post('/addresses').type('json').send('{')).body).toMatchObject({
      status: 400,
      code: 'malformed_json',
    });
    expect((await ana.api.get('/addresses?page=2')).status).toBe(400);
  });
});

describe('changing an address', () => {
  it('leaves what is absent, and takes away what is null', async () => {
    const ana = await customer(t);
    const { id } = await add(ana, { label: 'Home', line2: 'Hof 3' });
    const res = await ana.api.patch(`/addresses/${id}`).send({ line2: null, line1: 'Torstraße 2' });
    expect(res.body).toMatchObject({
      label: 'Home',
      line2: null,
      lines: ['Ana Lima', 'Torstraße 2', '10119 Berlin'],
    });
    expect((await ana.api.get(`/addresses/${id}`)).body).toEqual(res.body);
  });

  it('checks the whole again', async () => {
    const ana = await customer(t);
    const { id } = await add(ana);
    const wrong = await ana.api.patch(`/addresses/${id}`).send({ country: 'GB' });
    expect(wrong.body).toMatchObject({ status: 400, errors: [{ path: 'postalCode' }] });
    expect((await ana.api.patch(`/addresses/${id}`).send({ country: 'XX' })).body).toMatchObject({
      code: 'unknown_country',
    });
    expect((await ana.api.patch(`/addresses/${id}`).send({})).status).toBe(400);
    const moved = await ana.api
      .patch(`/addresses/${id}`)
      .send({ country: 'GB', city: 'London', postalCode: 'sw1a 1aa' });
    expect(moved.body).toMatchObject({ country: 'GB', postalCode: 'SW1A 1AA', phone: '+4930123456' });
  });
});

describe('the default address', () => {
  it('is the first, then whichever is said to be', async () => {
    const ana = await customer(t);
    const [first, second] = [await add(ana), await add(ana)];
    expect(await defaults(ana)).toEqual([first.id]);
    await ana.api.patch(`/addresses/${second.id}`).send({ isDefault: true }).expect(200);
    expect(await defaults(ana)).toEqual([second.id]);
    const third = await add(ana, { isDefault: true });
    expect(await defaults(ana)).toEqual([third.id]);
    expect((await list(ana))[0]?.id).toBe(third.id);
  });

  it('cannot be given up, only handed on', async () => {
    const ana = await customer(t);
    const [first, second] = [await add(ana), await add(ana)];
    const res = await ana.api.patch(`/addresses/${first.id}`).send({ isDefault: false });
    expect(res.body).toMatchObject({ status: 409, code: 'conflict' });
    await ana.api.patch(`/addresses/${second.id}`).send({ isDefault: false }).expect(200);
    expect(await defaults(ana)).toEqual([first.id]);
  });

  it('goes to the newest when it is deleted', async () => {
    const ana = await customer(t);
    const [first, second, third] = [await add(ana), await add(ana), await add(ana)];
    await ana.api.delete(`/addresses/${second.id}`).expect(204);
    expect(await defaults(ana)).toEqual([first.id]);
    await ana.api.delete(`/addresses/${first.id}`).expect(204);
    expect(await defaults(ana)).toEqual([third.id]);
    await ana.api.delete(`/addresses/${third.id}`).expect(204);
    expect(await list(ana)).toEqual([]);
  });

  it('is one, whatever happens at once', async () => {
    const ana = await customer(t);
    const made = await Promise.all(Array.from({ length: 6 }, () => add(ana, { isDefault: true })));
    expect(await defaults(ana)).toHaveLength(1);
    await Promise.all([
      ...made.slice(0, 3).map((a) => ana.api.delete(`/addresses/${a.id}`).expect(204)),
      ...made
        .slice(3, 5)
        .map((a) => ana.api.patch(`/addresses/${a.id}`).send({ isDefault: true }).expect(200)),
      add(ana),
    ]);
    expect(await list(ana)).toHaveLength(4);
    expect(await defaults(ana)).toHaveLength(1);
  });
});

describe('an address book', () => {
  it("is nobody else's", async () => {
    const [ana, bob] = [await customer(t), await customer(t)];
    const { id } = await add(ana);
    for (const res of [
      await bob.api.get(`/addresses/${id}`),
      await bob.api.patch(`/addresses/${id}`).send({ label: 'mine' }),
      await bob.api.patch(`/addresses/${id}`).send({ isDefault: true }),
      await bob.api.delete(`/addresses/${id}`),
      await ana.api.get(`/addresses/${newId()}`),
      await ana.api.get('/addresses/x'),
      await ana.api.delete("/addresses/' OR '1'='1"),
    ]) {
      expect([res.status, (res.body as { code: string }).code]).toEqual([404, 'not_found']);
    }
    expect(await list(bob)).toEqual([]);
    expect(await defaults(ana)).toEqual([id]);
  });

  it('holds fifty addresses, counted right when they come at once', async () => {
    const ana = await customer(t);
    for (let i = 0; i < 48; i++) await add(ana);
    const last = await Promise.all([1, 2, 3, 4].map(() => ana.api.post('/addresses').send(berlin)));
    expect(last.map((r) => r.status).sort()).toEqual([201, 201, 409, 409]);
    expect(await list(ana)).toHaveLength(50);
  });

  it('is listed by one statement', async () => {
    const ana = await customer(t);
    for (let i = 0; i < 3; i++) await add(ana);
    expect(await t.statements(() => list(ana))).toHaveLength(1);
  });
});
