import { describe, expect, it } from '@jest/globals';
import { fulfilmentStatus, linesToShip } from '../../../src/domain/shipments/shipment.ts';

const lines = [
  { id: 'a', quantity: 2 },
  { id: 'b', quantity: 1 },
];
const parcel = (status: 'shipped' | 'delivered', ...ids: string[]) => ({
  status,
  lines: lines.filter((l) => ids.includes(l.id)).map((l) => ({ orderLineId: l.id, quantity: l.quantity })),
});

describe('fulfilment', () => {
  it('is derived from what left and what arrived', () => {
    expect(fulfilmentStatus(lines, [])).toBe('unfulfilled');
    expect(fulfilmentStatus(lines, [parcel('shipped', 'a')])).toBe('partially_shipped');
    expect(fulfilmentStatus(lines, [parcel('shipped', 'a'), parcel('shipped', 'b')])).toBe('shipped');
    expect(fulfilmentStatus(lines, [parcel('delivered', 'a'), parcel('shipped', 'b')])).toBe(
      'partially_delivered',
    );
    expect(fulfilmentStatus(lines, [parcel('delivered', 'a', 'b')])).toBe('delivered');
  });

  it('ships what was asked for, or all that is left', () => {
    expect(linesToShip(lines, [], undefined).map((l) => l.orderLineId)).toEqual(['a', 'b']);
    expect(linesToShip(lines, [parcel('shipped', 'a')], undefined)).toEqual([
      { orderLineId: 'b', quantity: 1 },
    ]);
    expect(linesToShip(lines, [], ['b'])).toEqual([{ orderLineId: 'b', quantity: 1 }]);
  });

  it('ships nothing twice, and nothing that the order does not have', () => {
    const code = (value: string) => expect.objectContaining({ code: value });
    expect(() => linesToShip(lines, [parcel('shipped', 'a', 'b')], undefined)).toThrow(
      code('transition_not_allowed'),
    );
    expect(() => linesToShip(lines, [parcel('shipped', 'a')], ['a', 'b'])).toThrow(
      code('transition_not_allowed'),
    );
    expect(() => linesToShip(lines, [], ['c'])).toThrow(code('not_found'));
  });
});
