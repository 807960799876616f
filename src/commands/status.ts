import { hostname } from 'node:os';
import { Flags } from '@oclif/core';
import type { Status as Report } from '../app/status.ts';
import { BaseCommand, EXIT } from '../base-command.ts';

const ROLES = ['worker', 'scheduler', 'relay'] as const;

export default class Status extends BaseCommand {
  static override summary = 'Show what runs, on what, and what waits';
  static override description =
    'With --alive ROLE it exits with 1 unless a process of that role on this host gave a sign of life in the last 30 seconds: the health check of a container.';
  static override examples = ['<%= config.bin %> status --json', '<%= config.bin %> status --alive worker'];
  static override flags = {
    alive: Flags.option({ description: 'check one role on this host', options: ROLES })(),
  };

  async run(): Promise<Report> {
    const { flags } = await this.parse(Status);
    const { statusOf, statusLines } = await import('../app/status.ts');
    const status = await this.withApp(statusOf);
    const { alive } = flags;
    if (alive === undefined) {
      for (const line of statusLines(status)) this.log(line);
      return status;
    }
    const host = hostname();
    const found = status.processes?.some((p) => p.role === alive && p.host === host) ?? false;
    if (!found) process.exitCode = EXIT.failed;
    this.log(`${alive} on ${host}: ${found ? 'alive' : 'not seen'}`);
    return status;
  }
}
