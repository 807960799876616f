import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type App, createApp } from '../../src/app.ts';
import { append, orderEvent } from '../support/events.ts';
import { realServices, type Services } from '../support/services.ts';
import { setupApp, type TestApp } from '../support/setup-app.ts';
import { until } from '../support/until.ts';

describe('a commit that appends events', () => {
  let services: Services;
  let t: TestApp;
  let other: App;

  beforeAll(async () => {
    services = realServices();
    t = await setupApp({ env: { REDIS_URL: services.env.REDIS_URL } });
    other = await createApp(t.app.config);
  }, 60_000);
  afterAll(async () => {
    await other.close();
    await t.close();
    await services.drop();
  }, 60_000);

  it('wakes the relays of other programs over Redis, and none of another database', async () => {
    const stranger = await setupApp({ env: { REDIS_URL: services.env.REDIS_URL } });
    let [woken, strangers] = [0, 0];
    (await other.work()).onAppended(() => woken++);
    (await stranger.app.work()).onAppended(() => strangers++);
    // A subscription takes a moment; what is told before it is found by polling.
    let sequence = 0;
    await until(async () => {
      await append(t, orderEvent('a', ++sequence, t.clock.now()));
      return woken > 0;
    }, 'the other program to hear of it');
    expect(strangers).toBe(0);
    await stranger.close();
  }, 60_000);
});
