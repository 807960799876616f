import type { UserActor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import type { ProfileChange } from '../users/user.store.ts';
import type { User } from '../users/user.ts';
import type { Database } from './tx.ts';
import { accountIsGone } from './verify-own-password.ts';

export class UpdateProfile {
  readonly #deps: { readonly db: Database; readonly clock: Clock };

  constructor(deps: { readonly db: Database; readonly clock: Clock }) {
    this.#deps = deps;
  }

  run(actor: UserActor, change: ProfileChange): Promise<User> {
    return this.#deps.db.transaction(async (tx) => {
      const found = await tx.users.lock(actor.userId);
      if (found?.user.status !== 'active') throw accountIsGone();
      const now = this.#deps.clock.now();
      await tx.users.updateProfile(actor.userId, change, now);
      return { ...found.user, ...change, updatedAt: now };
    });
  }
}
