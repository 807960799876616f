import { describe, expect, it } from '@jest/globals';
import { byTopic, type EventMessage } from '../../../src/domain/eventstream/event-log.ts';
import type { Topic } from '../../../src/domain/shared/event.ts';

const message = (id: string, topic: Topic): EventMessage => ({ id, topic, key: 'k', headers: {}, value: '' });

describe('a batch by topic', () => {
  it('has every message of it, in its order', () => {
    const batch = [message('1', 'stock-events'), message('2', 'order-events'), message('3', 'stock-events')];
    const ids = [...byTopic(batch)].map(([topic, messages]) => [topic, ...messages.map((m) => m.id)]);
    expect(ids).toEqual([
      ['stock-events', '1', '3'],
      ['order-events', '2'],
    ]);
  });

  it('is refused as a whole where a topic is not known, so that nothing counts as stored that went nowhere', () => {
    const batch = [message('1', 'order-events'), message('2', 'later-events' as Topic)];
    expect(() => byTopic(batch)).toThrow('event 2 is for later-events');
  });
});
