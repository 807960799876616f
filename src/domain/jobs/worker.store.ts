/** A sign of life of one running process. */
export interface WorkerBeat {
  readonly id: string;
  readonly role: 'worker' | 'scheduler' | 'relay';
  readonly host: string;
  readonly pid: number;
  readonly queues: readonly string[];
  readonly concurrency: number;
  readonly version: string;
  readonly startedAt: Date;
}

export interface WorkerStore {
  beat(worker: WorkerBeat, at: Date): Promise<void>;
  leave(id: string): Promise<void>;
}

/** A process that was not seen for so long is taken for dead, in seconds. */
export const WORKER_ALIVE_SECONDS = 30;
