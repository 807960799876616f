/** One dependency: `failed` makes the process unready only when it is needed for every request. */
export interface HealthCheck {
  readonly name: string;
  readonly status: 'ok' | 'failed';
  readonly needed: boolean;
  /** Milliseconds the answer took. */
  readonly ms: number;
  /** A short reason without secrets or addresses. */
  readonly reason?: string;
}

export interface HealthReport {
  readonly ready: boolean;
  readonly checks: readonly HealthCheck[];
}

/** Something that can be asked whether it is there. */
export interface Dependency {
  readonly name: string;
  readonly needed: boolean;
  ping(): Promise<void>;
}

export interface WorkerSeen {
  readonly name: string;
  readonly queues: readonly string[];
  readonly seenAt: Date;
}

export interface WorkersReadModel {
  /** Workers whose heartbeat is younger than 30 seconds. */
  alive(): Promise<readonly WorkerSeen[]>;
}

const PING_TIMEOUT = 2000;

/** Asks all at once, each for two seconds at most. */
export async function checkHealth(dependencies: readonly Dependency[]): Promise<HealthReport> {
  const checks = await Promise.all(dependencies.map(checkOne));
  return { ready: checks.every((c) => c.status === 'ok' || !c.needed), checks };
}

async function checkOne(dependency: Dependency): Promise<HealthCheck> {
  const start = performance.now();
  const result = await Promise.race([
    dependency.ping().then(
      () => undefined,
      (error: unknown) =>
        error instanceof Error ? ((error as { code?: string }).code ?? error.name) : 'failed',
    ),
    new Promise<string>((resolve) => setTimeout(() => resolve('no answer in 2 s'), PING_TIMEOUT).unref()),
  ]);
  const ms = Math.round(performance.now() - start);
  const { name, needed } = dependency;
  return result === undefined
    ? { name, needed, status: 'ok', ms }
    : { name, needed, status: 'failed', ms, reason: result };
}
