import { EventWriter, until } from './event-writer.ts';
import { runCommand } from './role.ts';
import { type Proof, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const AGGREGATES = 10;
const TOO_LARGE = 3_000_000;

/** Refusals that lead to a dead letter within seconds; compressed, what is too large would not be. */
export const IMPATIENT = {
  OUTBOX_MAX_ATTEMPTS: '3',
  OUTBOX_RETRY_BASE_SECONDS: '1',
  KAFKA_PRODUCER_COMPRESSION: 'none',
};

/**
 * Two orders have an event that the log refuses: each is dead in the end, and holds back its own order alone. One is
 * mended and replayed, the other skipped; after that everything is published.
 */
export async function proveRefused(world: World): Promise<Proof> {
  const verdict = new Verdict();
  const writer = new EventWriter(world, AGGREGATES);
  const [mended = '', skipped = '', ...others] = writer.aggregates;
  for (const bad of [mended, skipped])
    await writer.append(writer.next(bad), writer.next(bad, TOO_LARGE), writer.next(bad));
  for (const other of others) await writer.append(writer.next(other), writer.next(other));
  await world.start('outbox-dispatch', 'outbox-dispatch');
  const dead = (): Promise<number> => world.count("SELECT COUNT(*) AS n FROM outbox WHERE status = 'dead'");
  await until(async () => (await dead()) === 2 && (await writer.pending()) === 2);
  verdict.equal('dead events', await dead(), 2);
  verdict.equal('events behind them', await writer.pending(), 2);
  const ids = await examineDead(world, verdict);
  const command = async (...args: string[]): Promise<void> => {
    const { code } = await runCommand([...args, '--json'], world.database.env);
    verdict.equal(`exit code of ${args.slice(0, 2).join(' ')}`, code, 0);
  };
  await command('outbox', 'replay', ids.get(mended) ?? '');
  await until(async () => (await dead()) === 2 && (await writer.pending()) === 2);
  verdict.equal('dead events after a replay that mended nothing', await dead(), 2);
  await world.app.connections.write((sql) =>
    sql.run("UPDATE outbox SET payload = '{}' WHERE id = ?", [ids.get(mended)]),
  );
  await command('outbox', 'replay', ids.get(mended) ?? '');
  await command('outbox', 'skip', ids.get(skipped) ?? '', '--reason', 'told by hand');
  await writer.drained(verdict);
  await world.stop('SIGTERM');
  const acts = await world.count("SELECT COUNT(*) AS n FROM audit_log WHERE action LIKE 'outbox.%'");
  verdict.equal('acts in the audit log', acts, 3);
  return { figures: { ...(await writer.verify(verdict, 1)), acts }, failures: verdict.failures };
}

/** @returns the id of each order's dead event */
async function examineDead(world: World, verdict: Verdict): Promise<Map<string, string>> {
  const rows = await world.rows<{ id: string; aggregate_id: string; attempts: number; last_error: string }>(
    "SELECT id, aggregate_id, attempts, last_error FROM outbox WHERE status = 'dead'",
  );
  for (const { attempts, last_error: reason } of rows) {
    verdict.equal('attempts of a dead event', attempts, Number(IMPATIENT.OUTBOX_MAX_ATTEMPTS));
    verdict.holds(`a reason: ${reason}`, /TOO_LARGE|bytes/.test(reason));
  }
  return new Map(rows.map((row) => [row.aggregate_id, row.id]));
}
