/** One promise about the stored data, as one statement that returns no row while it holds. */
export interface Invariant {
  /** In kebab case, stable: monitoring may name it. */
  readonly name: string;
  /** What is promised, as a sentence. */
  readonly promise: string;
  /**
   * A SELECT that runs on every database and names each offending row by its keys and the facts at odds. A single
   * statement, so that it sees one moment of a database that others write to.
   */
  readonly sql: string;
  /** For each `?` of it. */
  readonly params?: readonly (string | number)[];
}
