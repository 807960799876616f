/** The only source of time. All instants are UTC. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export const addSeconds = (at: Date, seconds: number): Date => new Date(at.getTime() + seconds * 1000);
export const addMinutes = (at: Date, minutes: number): Date => addSeconds(at, minutes * 60);
