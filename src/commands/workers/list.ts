import { BaseCommand } from '../../base-command.ts';
import type { WorkerState } from '../../domain/use-cases/manage-workers.ts';

const AWAY = 'warning: the job store cannot be reached: which jobs they run is not known';

export default class WorkersList extends BaseCommand {
  static override summary = 'List the processes that do background work, and what they run';
  static override examples = ['<%= config.bin %> workers list --json'];

  async run(): Promise<{ workers: WorkerState[] }> {
    await this.parse(WorkersList);
    const { textTable } = await import('../../app/text-table.ts');
    const workers = await this.withApp(async (app) => (await app.control()).workers.list());
    const rows = workers.map((w) => [
      w.id,
      w.role,
      `${w.host}:${w.pid}`,
      w.alive ? (w.load.stopping ? 'stopping' : 'alive') : 'not seen',
      w.version,
      w.role === 'worker' ? `${w.load.running}/${w.concurrency}` : '',
      `${w.load.cpuPercent} %`,
      `${w.load.memoryMegabytes} MB`,
      w.queues.join(','),
    ]);
    const heading = ['id', 'role', 'process', 'state', 'version', 'jobs', 'cpu', 'memory', 'queues'];
    for (const line of textTable([heading, ...rows])) this.log(line);
    if (workers.some((w) => w.jobs === undefined)) this.logToStderr(AWAY);
    return { workers };
  }
}
