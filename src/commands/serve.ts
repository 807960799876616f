import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class Serve extends BaseCommand {
  static override summary = 'Serve the REST API, its documentation and the probes until SIGTERM';
  static override description =
    'Listens on HOST and PORT. With --workers N, N processes share the port. While the superuser still has the shipped password, it listens on this machine only. With JOBS_EAGER=true it does the work of the background roles as well.';
  static override examples = ['<%= config.bin %> serve', '<%= config.bin %> serve --workers 4 --port 8080'];
  static override flags = {
    host: Flags.string({ description: 'address to listen on [HOST, else 0.0.0.0]' }),
    port: Flags.integer({ description: 'port to listen on [PORT, else 8000]', min: 0, max: 65_535 }),
    workers: Flags.integer({ description: 'processes that share the port', min: 1, max: 64, default: 1 }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Serve);
    const { default: cluster } = await import('node:cluster');
    if (flags.workers > 1 && cluster.isPrimary) {
      // Here as well: a process that refuses would be started again and again.
      const { refuseShippedSuperuser } = await import('../app/shipped-superuser.ts');
      await this.withApp(refuseShippedSuperuser);
      const { startProcesses } = await import('../server/processes.ts');
      await this.untilSignal(startProcesses(flags.workers, (line) => this.logToStderr(line)));
      return;
    }
    const { startServer, withBackground } = await import('../app/serving.ts');
    await this.runRole(async (app) => {
      const listening = await startServer(app, { ...flags, defaultHost: '0.0.0.0' });
      app.log.info({ url: listening.url }, 'serving');
      return app.config.jobs.eager ? withBackground(app, listening) : listening;
    });
    // The channel to the first process would keep this one alive.
    cluster.worker?.disconnect();
  }
}
