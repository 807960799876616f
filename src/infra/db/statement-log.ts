import type { Logger } from 'typeorm';

/** Hands every statement to listeners. Parameters stay here: they hold secrets and personal data. */
export class StatementLog implements Logger {
  readonly #listeners = new Set<(text: string) => void>();

  on(listener: (text: string) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  logQuery(query: string): void {
    for (const listener of this.#listeners) listener(query);
  }

  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
