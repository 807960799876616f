import { BaseCommand } from '../../base-command.ts';
import type { QueueView } from '../../domain/use-cases/manage-queues.ts';

const AWAY = 'warning: the job store cannot be reached: what waits and runs is not known';

export default class QueuesList extends BaseCommand {
  static override summary = 'List the queues: what waits in them, how fast they move, and their limits';
  static override examples = ['<%= config.bin %> queues list --json'];

  async run(): Promise<{ queues: QueueView[] }> {
    await this.parse(QueuesList);
    const { textTable } = await import('../../app/text-table.ts');
    const queues = await this.withApp(async (app) => (await app.control()).queues.list());
    const rows = queues.map((q) => [
      q.name,
      q.paused ? 'paused' : 'open',
      ...[q.ready, q.running, q.scheduled, q.retrying, q.dead, q.succeededLastMinute].map((n) =>
        n === undefined ? '?' : String(n),
      ),
      String(q.priority),
      q.concurrency === undefined ? '-' : String(q.concurrency),
      q.rateLimit === undefined ? '-' : `${q.rateLimit.jobs} in ${q.rateLimit.seconds} s`,
    ]);
    const heading = ['queue', 'state', 'ready', 'running', 'scheduled', 'retrying', 'dead', 'done/min'];
    for (const line of textTable([[...heading, 'priority', 'concurrency', 'rate'], ...rows])) this.log(line);
    if (queues.some((q) => q.ready === undefined)) this.logToStderr(AWAY);
    return { queues };
  }
}
