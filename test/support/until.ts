import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `read` gives something, and returns it. @throws Error when it has not by then */
export async function until<T>(
  read: () => Promise<T | undefined | false> | T | undefined | false,
  what: string,
  milliseconds = 20_000,
): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited ${milliseconds} ms in vain for ${what}`);
    await delay(10);
  }
}
