import type { RequestHandler } from 'express';
import { DomainError } from '../../domain/shared/errors.ts';

/** Refuses foreign Host headers (cache poisoning, DNS rebinding). `*` allows all, `.example.com` a domain and below. */
export function allowedHosts(hosts: readonly string[]): RequestHandler {
  const exact = new Set(hosts.filter((h) => !h.startsWith('.')));
  const suffixes = hosts.filter((h) => h.startsWith('.'));
  if (exact.has('*')) return (_req, _res, next) => next();
  return (req, _res, next) => {
    const host = (req.get('host') ?? '')
      .replace(/:\d+$/, '')
      .toLowerCase()
      .replace(/^\[|\]$/g, '');
    const served = exact.has(host) || suffixes.some((s) => host === s.slice(1) || host.endsWith(s));
    if (!served)
      throw new DomainError('host_not_allowed', 'this Host is not served here: add it to ALLOWED_HOSTS');
    next();
  };
}
