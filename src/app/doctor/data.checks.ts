import type { Config } from '../../config.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { INVARIANTS, type Violation, violationOf } from '../../infra/db/invariants/sql-invariants.ts';
import { TO_DOS, type ToDo } from '../../infra/db/invariants/to-dos.ts';
import { Migrator } from '../../infra/db/migrator.ts';
import { type OpenConnections, openDatabase } from '../../infra/db/open-database.ts';
import { describeDatabase } from '../migrating.ts';
import { type Finding, fail, ok, reasonOf, unreachable, warn } from './check.ts';

/** Enough to see what they have in common, and no more. */
const ROWS_SHOWN = 10;

/** Holds the stored data against every invariant, and lists what waits for somebody: one read-only statement each, one after the other. */
export async function checkData(config: Config): Promise<Finding[]> {
  const where = describeDatabase(config.database);
  let connections: OpenConnections;
  try {
    connections = await openDatabase(config.database);
  } catch (error) {
    const reason = error instanceof DomainError ? error.message : reasonOf(error);
    return [
      unreachable(
        'database',
        `${where}: ${reason}`,
        'run "crossborder doctor" without --data, and mend that',
      ),
    ];
  }
  try {
    const { pending } = await new Migrator(connections.dataSource).status();
    if (pending.length > 0) {
      return [
        fail(
          'migrations',
          `${pending.length} pending: the data has another shape`,
          'run "crossborder migrate"',
        ),
      ];
    }
    const findings: Finding[] = [];
    for (const invariant of INVARIANTS) {
      const violation = await violationOf(connections.read, invariant, ROWS_SHOWN);
      findings.push(violation === undefined ? ok(invariant.name, invariant.promise) : broken(violation));
    }
    for (const toDo of TO_DOS) {
      const found = await violationOf(connections.read, toDo, ROWS_SHOWN);
      findings.push(found === undefined ? ok(toDo.name, toDo.promise) : waiting(toDo, found));
    }
    return findings;
  } finally {
    await connections.close();
  }
}

const broken = ({ invariant, rows, more }: Violation): Finding => ({
  ...fail(
    invariant.name,
    `broken by ${more ? 'more than ' : ''}${rows.length} ${rows.length === 1 ? 'row' : 'rows'}: ${invariant.promise}`,
    'keep a copy of the database, then see "When the doctor finds something" in docs/guarantees.md',
  ),
  rows: rows.map(plain),
});

/** Nothing is at odds, so nothing fails: an operator has something to do. */
const waiting = ({ name, remedy }: ToDo, { rows, more }: Violation): Finding => ({
  ...warn(
    name,
    `${more ? 'more than ' : ''}${rows.length} to look after; the data is sound, but somebody has to act`,
    remedy,
  ),
  rows: rows.map(plain),
});

/** Drivers give dates and big integers, which are no JSON. */
const plain = (row: Readonly<Record<string, unknown>>): Readonly<Record<string, string | number | null>> =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, plainValue(value)]));

function plainValue(value: unknown): string | number | null {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
