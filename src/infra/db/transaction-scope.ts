import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<true>();

/** Runs `work` marked as inside a transaction, so that a second one opened within it fails loudly. */
export function inTransactionScope<T>(work: () => Promise<T>): Promise<T> {
  if (scope.getStore()) {
    throw new Error('a transaction was opened inside a transaction: pass the Tx instead');
  }
  return scope.run(true, work);
}
