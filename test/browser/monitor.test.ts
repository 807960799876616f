import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startMonitor } from '../../src/app/monitor.ts';
import type { Serving } from '../../src/app/serving.ts';
import { ExpireUnpaid, PurgeEvents } from '../../src/domain/jobs/maintenance.jobs.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import type { RunningRole } from '../../src/jobs/work.ts';
import { type Account, admin, PASSWORD, staff } from '../support/accounts.ts';
import { startRoles } from '../support/roles.ts';
import { setupApp, type TestApp } from '../support/setup-app.ts';
import { Shop } from '../support/shop.ts';
import { until } from '../support/until.ts';
import { ARTIFACTS, openChromium } from './chromium.ts';

const HOUR = 3_600_000;

describe('the monitor in a browser', () => {
  let t: TestApp;
  let roles: RunningRole;
  let monitor: Serving;
  let browser: Browser;
  let root: Account;
  let clerk: Account;
  const complaints: string[] = [];
  beforeAll(async () => {
    t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
    [root, clerk] = [await admin(t), await staff(t)];
    roles = await startRoles(t);
    monitor = await startMonitor(t.app, { port: 0, defaultHost: '127.0.0.1' });
    const shop = new Shop(t);
    for (let n = 0; n < 3; n++) await shop.paidOrder(await shop.buyer(), await shop.product());
    await enqueue(6, 1);
    const { outbox } = await t.app.work();
    await until(async () => (await outbox.summary()).pending === 0, 'an empty outbox');
    browser = await openChromium();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await monitor.stop();
    await roles.stop();
    await t.close();
  });

  /** Jobs that wait for an hour. */
  const enqueue = (count: number, limit: number) =>
    t.app.db.transaction(async (tx) => {
      for (let n = 0; n < count; n++) {
        const runAt = new Date(t.clock.now().getTime() + HOUR);
        await tx.jobs.enqueue(ExpireUnpaid, { limit }, { runAt, uniqueKey: `later:${newId()}` });
      }
      await tx.jobs.enqueue(PurgeEvents, { keptDays: 30 }, { uniqueKey: `now:${newId()}` });
    });

  const open = async (
    options: Parameters<Browser['newContext']>[0] = {},
    { url } = monitor,
  ): Promise<Page> => {
    const context: BrowserContext = await browser.newContext({
      viewport: { width: 1280, height: 860 },
      ...options,
    });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (line) => {
      // Of a request that is refused on purpose the browser itself complains.
      if (line.type() === 'error' && !/status of 40[013]/.test(line.text())) complaints.push(line.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(url);
    return page;
  };
  const signIn = async (page: Page, { email }: Account, password = PASSWORD): Promise<void> => {
    await page.getByLabel('User name or e-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
  };
  const view = async (page: Page, name: string): Promise<void> => {
    await page.getByRole('navigation').getByRole('link', { name }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
  };
  const shot = (page: Page, name: string) => page.screenshot({ path: `${ARTIFACTS}/monitor-${name}.png` });

  it('asks who it is, and says no to a wrong password', async () => {
    const page = await open();
    await signIn(page, root, 'not the password');
    await page.getByText('the name or the password is wrong').waitFor();
    await shot(page, 'sign-in');
    await signIn(page, root);
    await page.getByText('root · admin').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    await page.reload();
    await page.getByLabel('Password').waitFor();
    await page.context().close();
  });

  it('shows every view, live', async () => {
    const page = await open();
    await signIn(page, root);
    await page.getByText('live', { exact: true }).waitFor();
    await page.locator('.card', { hasText: 'Workers' }).getByText('1', { exact: true }).waitFor();
    await shot(page, 'overview');
    for (const name of ['Workers', 'Queues', 'Jobs', 'Schedules', 'Events', 'Audit']) {
      await view(page, name);
      await page.locator('main table, main .empty, main .card').first().waitFor();
      await shot(page, name.toLowerCase());
    }
    await view(page, 'Queues');
    const scheduled = page.locator('tr[data-id="orders"] td[data-label="Scheduled"]');
    const before = Number(await scheduled.textContent());
    await enqueue(2, 2);
    await scheduled.filter({ hasText: new RegExp(`^${before + 2}$`) }).waitFor();
    await page.context().close();
  });

  it('pauses a queue, and grows a worker', async () => {
    const page = await open();
    await signIn(page, root);
    await view(page, 'Queues');
    const row = page.locator('tr[data-id="payments"]');
    await row.getByRole('button', { name: 'Pause' }).click();
    await row.getByText('paused').waitFor();
    await row.getByRole('button', { name: 'Resume' }).click();
    await row.getByText('open').waitFor();
    await view(page, 'Workers');
    const worker = page.locator('tr', { hasText: /worker \d/ });
    await worker.getByRole('button', { name: 'Grow' }).click();
    await worker.getByText('of 5').waitFor();
    await page.context().close();
  });

  it('finds jobs, shows one, and cancels many at once', async () => {
    const page = await open();
    await signIn(page, root);
    await view(page, 'Jobs');
    await page.getByLabel('Any state').selectOption('scheduled');
    await page.getByLabel('Any queue').selectOption('orders');
    await page.locator('tr[data-id]', { hasText: 'orders.expire-unpaid' }).first().waitFor();
    await page.getByLabel('Choose all').check();
    await page.locator('#bulk').getByText('chosen').waitFor();
    await shot(page, 'jobs-chosen');
    await page.locator('#bulk').getByRole('button', { name: 'Cancel' }).click();
    await page.getByText(/cancel: \d+ jobs/).waitFor();
    await page.getByLabel('Any state').selectOption('cancelled');
    await page.locator('tr[data-id]').first().getByRole('link').click();
    await page.getByRole('dialog').getByText('Attempts').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Any queue').selectOption('');
    await page.getByLabel('Any state').selectOption('succeeded');
    await page
      .locator('tr[data-id]', { hasText: 'notifications.send-order-mail' })
      .first()
      .getByRole('link')
      .click();
    await page.getByRole('dialog').locator('.timeline li').first().waitFor();
    await shot(page, 'job');
    await page.context().close();
  });

  it('edits a schedule, runs it now, and puts it back', async () => {
    const page = await open();
    await signIn(page, root);
    await view(page, 'Schedules');
    const row = page.locator('tr[data-id]').first();
    await row.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/Cron/).fill('every now and then');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('every now and then').waitFor();
    await shot(page, 'schedule-refused');
    await dialog.getByLabel(/Cron/).fill('@every 90m');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row.getByText('@every 90m').waitFor();
    await row.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('runs now').waitFor();
    await row.getByRole('button', { name: 'History' }).click();
    await dialog.getByText('manual').waitFor();
    await page.keyboard.press('Escape');
    await row.getByRole('button', { name: 'Restore' }).click();
    await row.getByText('changed').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('lets staff look and not act, on a phone, in the dark, by keyboard', async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await signIn(page, clerk);
    await page.getByText('read only').waitFor();
    for (const name of ['Workers', 'Queues', 'Jobs', 'Schedules', 'Events']) {
      await page.getByRole('navigation').getByRole('link', { name }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await page.locator('main table, main .empty').first().waitFor();
      for (const button of ['Pause', 'Shut down', 'Run now', 'Edit', 'Cancel', 'Replay'])
        expect(await page.getByRole('button', { name: button, exact: true }).count()).toBe(0);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect([name, width]).toEqual([name, 390]);
      await shot(page, `phone-${name.toLowerCase()}`);
    }
    await page.context().close();
  });

  it('tells in the audit what was asked for, and whether it succeeded or failed', async () => {
    const page = await open();
    await signIn(page, root, 'not the password');
    await page.getByText('the name or the password is wrong').waitFor();
    await enqueue(1, 3);
    const { jobs } = await t.app.control();
    const [job] = (await jobs.page({ state: 'scheduled' }, { limit: 1 })).items;
    const [known = '', unknown] = [job?.id, newId()];
    await jobs.change({ type: 'system', name: 'test' }, 'cancel', [known, unknown]);
    await signIn(page, root);
    await page.getByText('root · admin').waitFor();
    await view(page, 'Audit');
    const outcomes = async (text: string): Promise<string[]> =>
      page.locator('tbody tr', { hasText: text }).locator('td[data-label="Outcome"]').allTextContents();
    await page.locator('tbody tr', { hasText: unknown }).first().waitFor();
    expect([await outcomes(known), await outcomes(unknown)]).toEqual([
      ['succeeded', 'asked'],
      ['failed', 'asked'],
    ]);
    expect((await outcomes('monitor.sign-in')).slice(0, 2)).toEqual(['succeeded', 'failed']);
    await shot(page, 'audit-outcomes');
    await page.context().close();
  });

  it('says what is not known while the job store is away, and shows the rest', async () => {
    // Nothing listens there.
    const env = { LOG_LEVEL: 'silent', MONGO_URL: 'mongodb://127.0.0.1:1/away' };
    const blind = await setupApp({ env });
    const its = await startMonitor(blind.app, { port: 0, defaultHost: '127.0.0.1' });
    try {
      const page = await open({}, its);
      await signIn(page, await admin(blind));
      await page.getByText('The job store cannot be reached').waitFor();
      await page.getByText('live', { exact: true }).waitFor();
      await page.locator('.card', { hasText: 'Waiting' }).getByText('not known').waitFor();
      await page.locator('tr', { hasText: 'mongodb' }).getByText('failed').waitFor();
      await shot(page, 'job-store-away');
      await view(page, 'Queues');
      await page.locator('tr[data-id="orders"] td[data-label="Ready"]', { hasText: '?' }).waitFor();
      await page.context().close();
    } finally {
      await its.stop();
      await blind.close();
    }
  });

  it('never asked anybody else for anything, and raised no error', () => {
    expect(complaints).toEqual([]);
  });
});
