import type { Clock } from '../../src/domain/shared/clock.ts';

/** Real time until it is set; then it stands still until it is moved. */
export class TestClock implements Clock {
  #now: number | undefined;

  now(): Date {
    return new Date(this.#now ?? Date.now());
  }

  set(at: string | Date): void {
    this.#now = new Date(at).getTime();
  }

  advance(seconds: number): void {
    this.#now = this.now().getTime() + seconds * 1000;
  }
}
