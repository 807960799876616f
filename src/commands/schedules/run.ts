import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';

export default class SchedulesRun extends BaseCommand {
  static override summary = 'Run a schedule once, now, beside its ticks';
  static override examples = ['<%= config.bin %> schedules run expire-unpaid-orders'];
  static override args = { name: Args.string({ description: 'its name', required: true }) };

  async run(): Promise<{ jobKey: string }> {
    const { args } = await this.parse(SchedulesRun);
    const { operator } = await import('../../app/operator.ts');
    const run = await this.withApp(async (app) =>
      (await app.control()).schedules.runNow(operator(), args.name),
    );
    this.log(`${args.name} is enqueued, with the key ${run.jobKey}`);
    return run;
  }
}
