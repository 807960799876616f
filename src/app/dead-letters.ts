import type { App } from '../app.ts';
import type { DeadLetterReadModel } from '../domain/eventstream/dead-letter.ts';
import { ManageDeadLetters } from '../domain/use-cases/manage-dead-letters.ts';
import { SqlDeadLetterReadModel } from '../infra/db/eventstream/sql-dead-letters.ts';
import { effectOf } from '../jobs/consumers/consumers.ts';

/** What operators see of, and do about, messages that consumers could not take. */
export const deadLettersOf = ({
  db,
  clock,
  connections,
}: Pick<App, 'db' | 'clock' | 'connections'>): {
  readonly letters: DeadLetterReadModel;
  readonly manage: ManageDeadLetters;
} => {
  const letters = new SqlDeadLetterReadModel(connections.read);
  return { letters, manage: new ManageDeadLetters({ db, clock, letters, effectOf }) };
};
