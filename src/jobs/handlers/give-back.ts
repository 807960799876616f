import { handlerOf } from '../../domain/jobs/job-runner.ts';
import { GiveBackOfOrder } from '../../domain/payments/give-back.job.ts';
import type { Work } from '../work.ts';

export const giveBackOfOrder = ({ giveBackMoney }: Pick<Work, 'giveBackMoney'>) =>
  handlerOf(GiveBackOfOrder, async ({ orderId }) => {
    await giveBackMoney.ofOrder(orderId);
  });
