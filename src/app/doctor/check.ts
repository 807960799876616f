export type Verdict = 'ok' | 'warn' | 'fail';

/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  readonly status: Verdict;
  /** What was found; no secrets. */
  readonly detail: string;
  /** How to mend it; present unless the verdict is ok. */
  readonly remedy?: string;
  /** The failure is that nobody answers. */
  readonly unreachable?: boolean;
  /** The first rows of the database that are at odds with it. */
  readonly rows?: readonly Readonly<Record<string, string | number | null>>[];
}

export const ok = (name: string, detail: string): Finding => ({ name, status: 'ok', detail });

export const warn = (name: string, detail: string, remedy: string): Finding => ({
  name,
  status: 'warn',
  detail,
  remedy,
});

export const fail = (name: string, detail: string, remedy: string): Finding => ({
  name,
  status: 'fail',
  detail,
  remedy,
});

export const unreachable = (name: string, detail: string, remedy: string): Finding => ({
  ...fail(name, detail, remedy),
  unreachable: true,
});

/** A reason without addresses or credentials: the code of a driver's error, or its class. */
export function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'failed';
  if ('code' in error && (typeof error.code === 'string' || typeof error.code === 'number'))
    return String(error.code);
  return 'name' in error && typeof error.name === 'string' ? error.name : 'failed';
}

/** `work`, or a rejection after so many milliseconds: a silent server must not make the doctor silent too. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(Object.assign(new Error('no answer'), { code: `no answer in ${ms / 1000} s` })),
      ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
