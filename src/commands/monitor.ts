import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class Monitor extends BaseCommand {
  static override summary = 'Show workers, queues, jobs and schedules in a browser until SIGTERM';
  static override description =
    'Listens on HOST and MONITOR_PORT. Staff sign in and look; admins act, and each act is in the audit log. The same over HTTP below /api, and figures for Prometheus at /metrics. While the superuser still has the shipped password, it listens on this machine only.';
  static override examples = ['<%= config.bin %> monitor', '<%= config.bin %> monitor --port 8081'];
  static override flags = {
    host: Flags.string({ description: 'address to listen on [HOST, else 0.0.0.0]' }),
    port: Flags.integer({ description: 'port to listen on [MONITOR_PORT, else 5555]', min: 0, max: 65_535 }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Monitor);
    const { startMonitor } = await import('../app/monitor.ts');
    await this.runRole(async (app) => {
      const monitor = await startMonitor(app, { ...flags, defaultHost: '0.0.0.0' });
      app.log.info({ url: monitor.url }, 'monitoring');
      return monitor;
    });
  }
}
