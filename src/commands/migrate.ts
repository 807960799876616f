import { Flags } from '@oclif/core';
import type { MigrationReport } from '../app/migrating.ts';
import { BaseCommand, EXIT } from '../base-command.ts';

interface Outcome extends MigrationReport {
  /** Present when CREATE_SUPERUSER asks for one. */
  readonly superuser?: 'created' | 'present';
}

export default class Migrate extends BaseCommand {
  static override summary = 'Bring the database up to date; creates it when it is absent';
  static override description =
    'With CREATE_SUPERUSER=true it also creates the superuser of SUPERUSER_USERNAME, SUPERUSER_EMAIL and SUPERUSER_PASSWORD, unless there is one. Any number of processes may migrate at once.';
  static override examples = [
    '<%= config.bin %> migrate',
    '<%= config.bin %> migrate --check && <%= config.bin %> serve',
  ];
  static override flags = {
    check: Flags.boolean({
      description: 'change nothing; exit with 1 when a migration is pending',
      exclusive: ['status', 'revert'],
    }),
    status: Flags.boolean({
      description: 'change nothing; list every migration',
      exclusive: ['check', 'revert'],
    }),
    revert: Flags.boolean({
      description: 'take the newest migration back, with its data',
      exclusive: ['check', 'status'],
    }),
  };

  async run(): Promise<Outcome> {
    const { flags } = await this.parse(Migrate);
    const config = await this.configuration();
    const { migrateDatabase, migrationStatus, revertMigration } = await import('../app/migrating.ts');
    if (flags.check || flags.status) {
      const report = await migrationStatus(config);
      if (flags.check && report.pending.length > 0) process.exitCode = EXIT.failed;
      this.#list(report, flags.status);
      return report;
    }
    if (flags.revert) {
      const report = await revertMigration(config);
      this.log(report.reverted === undefined ? 'nothing to revert' : `reverted ${report.reverted}`);
      return report;
    }
    const report = await migrateDatabase(config);
    for (const name of report.ran) this.log(`applied ${name}`);
    this.log(`${report.database} is up to date (${report.applied.length} migrations)`);
    if (!config.superuser.create) return report;
    const superuser = await this.#superuser();
    this.log(`superuser ${config.superuser.username}: ${superuser}`);
    return { ...report, superuser };
  }

  #list(report: MigrationReport, all: boolean): void {
    if (all) for (const name of report.applied) this.log(`applied  ${name}`);
    for (const name of report.pending) this.log(`pending  ${name}`);
    this.log(`${report.database}: ${report.applied.length} applied, ${report.pending.length} pending`);
  }

  async #superuser(): Promise<'created' | 'present'> {
    const { createConfiguredSuperuser } = await import('../app/superuser.ts');
    const { created } = await this.withApp(createConfiguredSuperuser);
    return created ? 'created' : 'present';
  }
}
