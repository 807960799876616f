import { AsyncLocalStorage } from 'node:async_hooks';

/** What caused the work in hand: carried into events, jobs and log lines without being passed by hand. */
export interface WorkContext {
  readonly correlationId: string;
  /** W3C trace context, when the caller sent one. */
  readonly traceparent?: string;
}

const storage = new AsyncLocalStorage<WorkContext>();

export const runInContext = <T>(context: WorkContext, work: () => T): T => storage.run(context, work);
export const currentContext = (): WorkContext | undefined => storage.getStore();
