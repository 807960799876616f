/**
 * Wall-clock times of a zone. A wall time is the epoch milliseconds that its clock's reading would have in UTC. Clocks
 * are taken to change at most once in two days.
 */
export class ZoneTime {
  readonly #format: Intl.DateTimeFormat;

  /** @throws RangeError for a zone that does not exist */
  constructor(timezone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      era: 'short',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  }

  /** What its clocks are ahead of UTC, in milliseconds. */
  offset(instant: number): number {
    const parts = new Map(
      this.#format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return wall - Math.floor(instant / 1000) * 1000;
  }

  /** When its clocks change, after `from` and not after `to`. */
  change(from: number, to: number): number | undefined {
    const before = this.offset(from);
    if (this.offset(to) === before) return undefined;
    let [same, changed] = [from, to];
    while (changed - same > 1) {
      const middle = Math.floor((same + changed) / 2);
      if (this.offset(middle) === before) same = middle;
      else changed = middle;
    }
    return changed;
  }

  /** The first instant at which its clocks show `wall`; the end of the gap when they leave it out. */
  instant(wall: number): number {
    const change = this.change(wall - DAY, wall + DAY);
    if (change === undefined) return wall - this.offset(wall);
    const before = wall - this.offset(change - 1);
    return before < change ? before : Math.max(change, wall - this.offset(change));
  }
}

export const DAY = 86_400_000;
