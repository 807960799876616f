import type { JobParameters } from 'agenda';

/** Of a job that Agenda was asked to keep once; the stores have one job of a key. */
export function uniqueKeyOf(job: JobParameters): string | undefined {
  if (job.type === 'single') return `single:${job.name}`;
  return job.unique === undefined ? undefined : `unique:${job.name}:${JSON.stringify(job.unique)}`;
}

export function refuseDebounce(job: JobParameters): void {
  if (job.uniqueOpts?.debounce)
    throw new Error('debounced jobs are not supported: use a unique key and a run time');
}
