import { describe, expect, it } from '@jest/globals';
import {
  checkReturnTransition,
  RETURN_STATUSES,
  RETURN_TRANSITIONS,
} from '../../../src/domain/returns/return-machine.ts';
import type { Actor } from '../../../src/domain/shared/actor.ts';

const buyer: Actor = { type: 'user', userId: 'u', role: 'customer' };
const clerk: Actor = { type: 'user', userId: 's', role: 'staff' };

describe("the return's machine", () => {
  it('reaches every status from the request', () => {
    const reached = new Set(['requested']);
    const walk = (status: string): void => {
      for (const { from, to } of RETURN_TRANSITIONS) {
        if (from !== status || reached.has(to)) continue;
        reached.add(to);
        walk(to);
      }
    };
    walk('requested');
    expect([...reached].sort()).toEqual([...RETURN_STATUSES].sort());
  });

  it('allows what its table says, to whom it says, and nothing else', () => {
    for (const from of RETURN_STATUSES) {
      for (const to of RETURN_STATUSES) {
        for (const [actor, by] of [
          [buyer, 'customer'],
          [clerk, 'staff'],
        ] as const) {
          const step = RETURN_TRANSITIONS.find((t) => t.from === from && t.to === to);
          const check = () => checkReturnTransition(from, to, actor);
          if (step === undefined) expect(check).toThrow(`cannot become ${to}`);
          else if (step.by.includes(by)) expect(check).not.toThrow();
          else expect(check).toThrow(`a ${by} may not`);
        }
      }
    }
  });
});
