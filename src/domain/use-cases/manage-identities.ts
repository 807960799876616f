import { checkNumber } from '../identity/identity-number.ts';
import {
  assertDecidable,
  type IdentityCountry,
  type IdentityDecision,
  type ImporterIdentity,
  KIND_BY_COUNTRY,
  MAX_IDENTITIES,
  type SealedIdentity,
} from '../identity/importer-identity.ts';
import type { NumberVault } from '../identity/number-vault.ts';
import { actorLabel, type UserActor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, invalidField, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Once } from '../shared/once.ts';
import type { Database } from './tx.ts';
import { accountIsGone } from './verify-own-password.ts';

export interface IdentitySubmission {
  readonly country: IdentityCountry;
  readonly fullName: string;
  readonly number: string;
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: NumberVault;
}

/** Submits, decides and deletes importer identities. The number leaves `submit` only sealed. */
export class ManageIdentities {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError validation_failed at `number`; already_exists; conflict when there are too many */
  async submit(
    actor: UserActor,
    submission: IdentitySubmission,
    once?: Once<ImporterIdentity>,
  ): Promise<ImporterIdentity> {
    const { db } = this.#deps;
    const sealed = this.#seal(actor, submission);
    return db.transaction(async (tx) => {
      const owner = await tx.users.lock(actor.userId);
      if (owner?.user.status !== 'active') throw accountIsGone();
      if ((await tx.identities.countOf(actor.userId)) >= MAX_IDENTITIES) {
        throw new DomainError('conflict', `an account holds ${MAX_IDENTITIES} identities: delete one first`);
      }
      await tx.identities.insert(sealed);
      return sealed;
    }, once);
  }

  /** For staff. @throws DomainError not_found; transition_not_allowed after a decision */
  decide(actor: UserActor, id: string, decision: IdentityDecision): Promise<ImporterIdentity> {
    return this.#deps.db.transaction(async (tx) => {
      const identity = await tx.identities.findForStaff(id);
      if (identity === undefined) throw notFound('identity');
      assertDecidable(identity.status, decision);
      const at = this.#deps.clock.now();
      if (!(await tx.identities.setStatus(id, identity.status, decision, at))) {
        throw new DomainError('conflict', 'the identity was decided at the same time');
      }
      const subject = `identity:${id}`;
      await tx.audit.append({ at, actor: actorLabel(actor), action: `identity.${decision}`, subject });
      return { ...identity, status: decision, updatedAt: at };
    });
  }

  /**
   * One that was rejected at any time: customs have no use for it, and it must make room for another submission.
   * @throws DomainError not_found; conflict while an order that has not ended was placed with it
   */
  async remove(actor: UserActor, id: string): Promise<void> {
    await this.#deps.db.transaction(async (tx) => {
      const identity = await tx.identities.lock(actor.userId, id);
      if (identity === undefined) throw notFound('identity');
      const orders = identity.status === 'rejected' ? [] : await tx.orders.openWithIdentity(actor.userId, id);
      if (orders.length > 0) {
        throw new DomainError('conflict', 'orders that were placed with this identity have not ended', {
          facts: { orders: [...orders] },
        });
      }
      if (!(await tx.identities.delete(actor.userId, id))) throw notFound('identity');
    });
  }

  #seal(actor: UserActor, { country, fullName, number: typed }: IdentitySubmission): SealedIdentity {
    const { vault, clock } = this.#deps;
    const now = clock.now();
    const kind = KIND_BY_COUNTRY[country];
    const checked = checkNumber(kind, typed, now);
    if ('fault' in checked) throw invalidField('number', checked.fault);
    const id = newId();
    return {
      id,
      userId: actor.userId,
      country,
      kind,
      fullName: fullName.normalize('NFC').replace(/\s+/g, ' ').trim(),
      numberMasked: checked.masked,
      numberEncrypted: vault.seal(checked.number, id),
      numberFingerprint: vault.fingerprint(kind, checked.number),
      status: 'pending',
      createdAt: now,
      updatedAt: now,
    };
  }
}
