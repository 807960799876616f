import { userInfo } from 'node:os';
import type { Actor } from '../domain/shared/actor.ts';

/** Who types commands on this machine, for the audit log. */
export const operator = (): Actor => ({ type: 'system', name: `cli:${userInfo().username}`.slice(0, 80) });
