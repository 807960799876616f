import { isIP } from 'node:net';
import type { Request } from 'express';

/** Whether a name or an address stands for this machine alone. */
export const isLoopback = (host: string): boolean => {
  const address = host.replace(/^::ffff:/i, '');
  return host === 'localhost' || host === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
};

/**
 * Whether the client is on this machine. A proxy here that is not in TRUSTED_PROXIES speaks for anybody: what it
 * forwards does not count as from here.
 */
export function isFromThisMachine(req: Request): boolean {
  const forwarded = req.get('x-forwarded-for') !== undefined || req.get('forwarded') !== undefined;
  // Filled only from an X-Forwarded-For that is believed.
  const believed = req.ips.length > 0;
  return isLoopback(req.ip ?? '') && (believed || !forwarded);
}
