import request from 'supertest';
import { type Monitor, wireMonitor } from '../../src/app/monitor.ts';
import { PASSWORD } from './accounts.ts';
import type { TestApp } from './setup-app.ts';

/** What the page sends with everything that changes something. */
export const FROM_THE_PAGE = { 'X-Requested-With': 'crossborder-monitor' };

export interface TestMonitor extends Monitor {
  /** An agent with the cookies of somebody who signed in on the page. */
  signIn(email: string): Promise<ReturnType<typeof request.agent>>;
}

export async function setupMonitor(t: TestApp): Promise<TestMonitor> {
  const monitor = await wireMonitor(t.app);
  return {
    ...monitor,
    signIn: async (email) => {
      const agent = request.agent(monitor.http);
      agent.set(FROM_THE_PAGE);
      await agent.post('/api/session').send({ login: email, password: PASSWORD }).expect(200);
      return agent;
    },
  };
}
