import type { Response } from 'express';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import type { Overview } from './overview.ts';

/** Milliseconds between two looks, while somebody watches. */
const PERIOD = 2000;

interface Viewer {
  readonly res: Response;
  /** Rejects once the session is over. */
  readonly check: () => Promise<unknown>;
}

/** Sends the overview to everybody who watches: one look for all of them, and none while nobody does. */
export class Live {
  readonly #look: () => Promise<Overview>;
  readonly #log: Log;
  readonly #viewers = new Set<Viewer>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(look: () => Promise<Overview>, log: Log) {
    this.#look = look;
    this.#log = log;
  }

  /** Keeps the answer open as a stream of server-sent events until the viewer leaves or `check` rejects. */
  watch(res: Response, check: Viewer['check']): Promise<void> {
    res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      // Neither compressed nor held back by a proxy.
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    res.write('retry: 2000\n\n');
    const viewer = { res, check };
    this.#viewers.add(viewer);
    const left = new Promise<void>((resolve) => {
      res.once('close', () => {
        this.#viewers.delete(viewer);
        resolve();
      });
    });
    if (this.#stopped) res.end();
    else if (this.#timer === undefined) void this.#turn();
    else void this.#send([viewer]);
    return left;
  }

  /** Ends every stream. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const { res } of this.#viewers) res.end();
  }

  async #turn(): Promise<void> {
    // Set before the first await, so that there is one turn at a time.
    this.#timer = setTimeout(() => undefined, 0);
    await this.#send([...this.#viewers]);
    if (this.#stopped || this.#viewers.size === 0) {
      this.#timer = undefined;
      return;
    }
    this.#timer = setTimeout(() => void this.#turn(), PERIOD);
  }

  async #send(viewers: readonly Viewer[]): Promise<void> {
    let event: string;
    try {
      event = `event: overview\ndata: ${JSON.stringify(await this.#look())}\n\n`;
    } catch (error) {
      this.#log.warn(errorFacts(error), 'the monitor could not look');
      event = 'event: blind\ndata: {}\n\n';
    }
    for (const viewer of viewers) {
      try {
        await viewer.check();
        // One that does not read as fast misses this look: the next tells everything again.
        if (!viewer.res.writableNeedDrain) viewer.res.write(event);
      } catch {
        // The session is over: the page asks for another one, or for a password.
        viewer.res.end();
      }
    }
  }
}
