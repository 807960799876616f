import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';

export default class OutboxPurge extends BaseCommand {
  static override summary = 'Delete published events, as the job purge-events does every night';
  static override description =
    'In small transactions, on a running shop too. Events that wait, are dead or were skipped stay (the job purge-inbox deletes skipped ones in the end); so does a message of the embedded event log that a consumer group has yet to read.';
  static override flags = {
    days: Flags.integer({ description: 'keep what was published in the last days', min: 0, default: 7 }),
  };

  async run(): Promise<{ deleted: number }> {
    const { flags } = await this.parse(OutboxPurge);
    const deleted = await this.withApp(async (app) => (await app.work()).cleanUp.events(flags.days));
    this.log(`${deleted} deleted`);
    return { deleted };
  }
}
