import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import { Live } from '../../../src/server/monitor/live.ts';
import type { Overview } from '../../../src/server/monitor/overview.ts';
import { until } from '../../support/until.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A viewer's answer, as far as it is used. */
class Answer extends EventEmitter {
  writableNeedDrain = false;
  readonly events: string[] = [];

  writeHead(): void {}

  write(text: string): boolean {
    const [, event] = /^event: (\w+)/.exec(text) ?? [];
    if (event !== undefined) this.events.push(event);
    return !this.writableNeedDrain;
  }

  end(): void {
    this.emit('close');
  }
}

describe('the live overview', () => {
  it('leaves out who does not read as fast, until they have', async () => {
    const live = new Live(() => Promise.resolve({} as Overview), log);
    const [slow, fast] = [new Answer(), new Answer()];
    slow.writableNeedDrain = true;
    const watched = [slow, fast].map((answer) =>
      live.watch(answer as unknown as Response, () => Promise.resolve()),
    );
    await until(() => fast.events.length >= 2, 'two looks');
    expect(slow.events).toEqual([]);
    slow.writableNeedDrain = false;
    await until(() => slow.events.length === 1, 'the next look');
    live.stop();
    await Promise.all(watched);
  });
});
