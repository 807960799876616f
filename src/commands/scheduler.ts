import { BaseCommand } from '../base-command.ts';

export default class Scheduler extends BaseCommand {
  static override summary = 'Turn due schedules into jobs until SIGTERM';
  static override description = 'Any number of schedulers may run: each tick of a schedule becomes one job.';

  async run(): Promise<void> {
    await this.parse(Scheduler);
    const { startScheduler } = await import('../jobs/scheduler.ts');
    await this.runRole(async (app) => {
      const scheduler = await startScheduler(app);
      app.log.info({}, 'scheduling');
      return scheduler;
    });
  }
}
