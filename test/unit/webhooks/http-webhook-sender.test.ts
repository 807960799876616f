import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpWebhookSender } from '../../../src/infra/webhooks/http.webhook-sender.ts';
import { isPublicAddress } from '../../../src/infra/webhooks/public-address.ts';
import { RawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';
import { WebhookReceiver } from '../../support/webhook-receiver.ts';

const never = new AbortController().signal;
const settings = { timeoutSeconds: 5, allowPrivate: false, allowHttp: true, userAgent: 'test' };

describe('the guard of internal addresses', () => {
  it.each([
    '127.0.0.1',
    '127.255.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'ff02::1',
    '168.63.129.16',
    '::ffff:168.63.129.16',
    '100.127.255.254',
    '100.100.100.200',
    '192.0.0.1',
    '192.0.0.192',
    '192.0.2.1',
    '192.31.196.1',
    '192.52.193.1',
    '192.88.99.1',
    '192.175.48.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '240.0.0.1',
    '::7f00:1',
    '::a9fe:a9fe',
    '::ffff:0:7f00:1',
    '64:ff9b::808:808',
    '64:ff9b:1::1',
    '100::1',
    '100:0:0:1::1',
    '2001::7f00:1',
    '2001:2::1',
    '2001:20::1',
    '2001:db8::1',
    '2002:a9fe:a9fe::',
    '2620:4f:8000::1',
    '3fff::1',
    '5f00::1',
    'fd20:ce::254',
    'fec0::1',
    'fe80::1%eth0',
    'not an address',
  ])('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['93.184.216.34', '2606:2800:220:1::1', '::ffff:93.184.216.34'])('lets %s pass', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('the sender of webhooks', () => {
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await WebhookReceiver.open();
  });
  afterAll(() => receiver.close());
  const send = (sender: HttpWebhookSender, url: string) =>
    sender.send({ url, headers: {}, body: '{}' }, never);
  const port = () => new URL(receiver.url).port;

  it.each([
    ['loopback', () => receiver.url],
    ['loopback as one number', () => `http://2130706433:${port()}/`],
    ['loopback in hexadecimal', () => `http://0x7f.1:${port()}/`],
    ['loopback in IPv6', () => `http://[::1]:${port()}/`],
    ['loopback mapped into IPv6', () => `http://[::ffff:127.0.0.1]:${port()}/`],
    ['a name for it', () => `http://localhost:${port()}/`],
    ['the metadata of a cloud', () => 'http://169.254.169.254/latest/meta-data/'],
  ])('connects to no internal address: %s', async (_, url) => {
    const attempt = await send(new HttpWebhookSender(settings), url());
    expect(attempt).toMatchObject({
      statusCode: undefined,
      error: 'the host has an address that is not of the public internet',
    });
    expect(receiver.received).toEqual([]);
  });

  it('refuses a name of which any address is internal', async () => {
    const mixed = [
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
    const sender = new HttpWebhookSender(settings, () => Promise.resolve(mixed));
    expect((await send(sender, 'http://rebind.example/')).error).toContain('not of the public internet');
  });

  it('resolves a name once, and connects to what was examined', async () => {
    let asked = 0;
    const sender = new HttpWebhookSender({ ...settings, allowPrivate: true }, () => {
      asked++;
      return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    });
    const attempt = await send(sender, `http://shop.invalid:${port()}/hooks`);
    expect(attempt).toMatchObject({ statusCode: 204, error: undefined });
    expect(asked).toBe(1);
    expect(receiver.received.at(-1)?.headers.host).toBe(`shop.invalid:${port()}`);
  });

  it('sends nothing over plain HTTP where that is not allowed', async () => {
    const sender = new HttpWebhookSender({ ...settings, allowHttp: false });
    expect((await send(sender, 'http://93.184.216.34/')).error).toBe('plain HTTP is not allowed');
  });

  it('keeps the beginning of an answer only, however long it is', async () => {
    receiver.answer = () => ({ status: 500, body: 'x'.repeat(2_000_000) });
    const sender = new HttpWebhookSender({ ...settings, allowPrivate: true });
    const attempt = await send(sender, receiver.url);
    expect(attempt).toMatchObject({ statusCode: 500, responseBody: 'x'.repeat(1000) });
  });

  it('says why nobody answered', async () => {
    const closed = await WebhookReceiver.open();
    const { url } = closed;
    await closed.close();
    const attempt = await send(new HttpWebhookSender({ ...settings, allowPrivate: true }), url);
    expect(attempt.error).toContain('ECONNREFUSED');
  });

  it.each([
    [
      'switches protocols',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      101,
    ],
    ['answers 101 without an upgrade', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', 101],
    ['never ends its headers', 'HTTP/1.1 200 OK\r\nX-Half', undefined],
    ['never ends its body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', undefined],
    ['says nothing', '', undefined],
  ])('is done within its time with a server that %s', async (_, said, statusCode) => {
    const server = await RawServer.open(said);
    const sender = new HttpWebhookSender({ ...settings, allowPrivate: true, timeoutSeconds: 0.3 });
    const attempt = await send(sender, server.url);
    expect(attempt.statusCode).toBe(statusCode);
    if (statusCode === undefined) expect(attempt.error).toBe('no answer within 0.3 s');
    await until(() => server.connections === 0, 'the connection to be given up');
    await server.close();
  });

  it('is done within its time with a server whose body drips', async () => {
    const server = await RawServer.open('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n', { drip: 'x' });
    const sender = new HttpWebhookSender({ ...settings, allowPrivate: true, timeoutSeconds: 0.5 });
    expect((await send(sender, server.url)).error).toBe('no answer within 0.5 s');
    await server.close();
  });

  it.each([
    ['at once', ''],
    ['within its headers', 'HTTP/1.1 200 OK\r\nX-Half'],
    ['within its body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
  ])('tells a connection that is closed %s', async (_, said) => {
    const server = await RawServer.open(said, { hangUp: true });
    const attempt = await send(new HttpWebhookSender({ ...settings, allowPrivate: true }), server.url);
    expect(attempt.statusCode).toBeUndefined();
    expect(attempt.error).toMatch(/hang up|aborted|broke off|ended|reset/i);
    await server.close();
  });

  it('waits for a name no longer than for everything else', async () => {
    const sender = new HttpWebhookSender(
      { ...settings, timeoutSeconds: 0.2 },
      () => new Promise(() => undefined),
    );
    expect((await send(sender, 'http://slow.example/')).error).toBe('no answer within 0.2 s');
  });

  it('gives up at once when the process stops', async () => {
    const server = await RawServer.open('');
    const stopping = new AbortController();
    const sender = new HttpWebhookSender({ ...settings, allowPrivate: true, timeoutSeconds: 300 });
    const attempt = sender.send({ url: server.url, headers: {}, body: '{}' }, stopping.signal);
    await until(() => server.connections === 1, 'the connection');
    stopping.abort();
    expect((await attempt).statusCode).toBeUndefined();
    await until(() => server.connections === 0, 'the connection to be given up');
    await server.close();
  });
});
