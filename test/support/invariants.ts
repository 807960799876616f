import { INVARIANTS, violationOf } from '../../src/infra/db/invariants/sql-invariants.ts';
import type { TestApp } from './setup-app.ts';

/** The promises about the stored data that do not hold: none, whatever a test did over HTTP. */
export async function brokenPromises(t: TestApp): Promise<string[]> {
  const broken: string[] = [];
  for (const invariant of INVARIANTS) {
    if ((await violationOf(t.app.connections.read, invariant, 1)) !== undefined) broken.push(invariant.name);
  }
  return broken;
}
