import { Flags } from '@oclif/core';
import type { Whereabouts } from '../app/bringing-up.ts';
import { SupervisedCommand } from '../supervised-command.ts';

export default class Up extends SupervisedCommand {
  static override summary = 'Start everything, and make what is missing: the default way to run';
  static override description =
    'Creates and migrates the database, creates the superuser, loads the sample catalogue into an empty shop, then serves the API and the monitor and runs the worker, the scheduler and the relay until Ctrl-C. Started again, it continues with the data.';
  static override examples = ['<%= config.bin %> up', '<%= config.bin %> up --port 8080 --no-seed'];
  static override flags = {
    host: Flags.string({ description: 'address to listen on [HOST, else 127.0.0.1]' }),
    port: Flags.integer({ description: 'port to listen on [PORT, else 8000]', min: 0, max: 65_535 }),
    'monitor-port': Flags.integer({
      description: 'port of the monitor [MONITOR_PORT, else 5555]',
      min: 0,
      max: 65_535,
    }),
    seed: Flags.boolean({
      description: 'load the sample catalogue into an empty shop (never in production)',
      default: true,
      allowNo: true,
    }),
    ...SupervisedCommand.supervision,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Up);
    if (flags.supervise && !flags.supervised) {
      const { jobs } = await this.configuration({ firstRun: true });
      return this.superviseItself(jobs.blockedSeconds);
    }
    await this.work(flags.supervised, async () => {
      const config = await this.configuration({ firstRun: true });
      const [{ bringUp }, { createLog }] = await Promise.all([
        import('../app/bringing-up.ts'),
        import('../infra/log/pino-log.ts'),
      ]);
      const up = await bringUp(config, {
        ...flags,
        monitorPort: flags['monitor-port'],
        seed: flags.seed && config.env !== 'production',
        tell: (line) => this.log(line),
        beforeRoles: () => this.watched(),
        log: createLog({ ...config.logging, fd: this.jsonEnabled() ? 2 : 1 }),
      });
      const running = this.working(up);
      this.#announce(up.where);
      await this.untilSignal(running);
    });
    this.leave();
  }

  #announce(up: Whereabouts): void {
    if (this.jsonEnabled()) this.logJson(up);
    this.log(`
Crossborder Trade ${up.version} is up
  API         ${up.url}/api/v1/products
  API docs    ${up.url}/api/docs/ (Swagger UI), ${up.url}/api/redoc/ (ReDoc)
  monitor     ${up.monitor} (workers, queues, jobs, schedules)
  health      ${up.url}/healthz/ready
  database    ${up.database}
  e-mails     ${up.mail}
  superuser   ${up.superuser.username ?? 'none: make one by "crossborder create-superuser"'}${up.superuser.shippedPassword ? ' with the shipped password admin123: change it by POST /api/v1/users/me/password' : ''}
Ctrl-C stops it; started again, it continues with the data.
`);
  }
}
