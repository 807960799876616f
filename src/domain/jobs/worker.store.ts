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
  readonly load: WorkerLoad;
}

export interface WorkerLoad {
  /** Jobs at this moment. */
  readonly running: number;
  /** Jobs since the start. */
  readonly processed: number;
  /** Of one core, since the last beat. */
  readonly cpuPercent: number;
  readonly memoryMegabytes: number;
  /** Takes no more jobs, and finishes what it has. */
  readonly stopping: boolean;
}

/** A process as its last beat told. */
export interface WorkerView extends WorkerBeat {
  readonly seenAt: Date;
}

/** What a worker is told to do. */
export type WorkerCommand =
  | { readonly type: 'set-concurrency'; readonly concurrency: number }
  | { readonly type: 'shut-down' };

export interface WorkerStore {
  beat(worker: WorkerBeat, at: Date): Promise<void>;
  leave(id: string): Promise<void>;
  find(id: string): Promise<WorkerView | undefined>;
  /** Puts a command where the worker finds it. */
  command(workerId: string, command: WorkerCommand, at: Date): Promise<void>;
  /** Takes the commands for a worker, oldest first; each is given once. */
  takeCommands(workerId: string): Promise<WorkerCommand[]>;
}

export interface WorkerReadModel {
  /** Those that were seen since, oldest first. */
  seenSince(since: Date): Promise<WorkerView[]>;
  hasCommands(workerId: string): Promise<boolean>;
}

/** A process that was not seen for so long is taken for dead, in seconds. */
export const WORKER_ALIVE_SECONDS = 30;
