import { BaseCommand, EXIT } from '../../base-command.ts';
import type { EventsVerified } from '../../domain/use-cases/verify-events.ts';

export default class EventsVerify extends BaseCommand {
  static override summary = 'Compare the outbox with the event log: gaps, order, what is missing, duplicates';
  static override description =
    'Reads all of both, on a running shop too. Duplicates are allowed: consumers drop them. Exits with 1 when something is wrong, 3 when the log cannot be reached.';

  async run(): Promise<EventsVerified> {
    await this.parse(EventsVerify);
    const result = await this.withApp(async (app) => (await app.work()).verifyEvents.run());
    const { published, messages, duplicates, unknown, expired, unreadable, problems, problemCount } = result;
    this.log(
      `${published} published, ${messages} messages in the log, ${duplicates} of them duplicates, ${unknown} older than the outbox, ${expired} older than the log, ${unreadable} unreadable`,
    );
    for (const { kind, aggregate, message } of problems)
      this.log(`${kind.padEnd(9)} ${aggregate}: ${message}`);
    this.log(result.clean ? 'clean' : `${problemCount} problems`);
    if (!result.clean) process.exitCode = EXIT.failed;
    return result;
  }
}
