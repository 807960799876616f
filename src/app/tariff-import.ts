import { readFile } from 'node:fs/promises';
import type { Market } from '../domain/landed-cost/market.ts';
import { DomainError } from '../domain/shared/errors.ts';
import { ImportTariff } from '../domain/use-cases/import-tariff.ts';
import type { Core } from './core.ts';

export interface TariffReport {
  readonly market: Market;
  /** Rates that are in force or will be, as the file says. */
  readonly rates: number;
}

/** @throws DomainError validation_failed for a file that cannot be read, or is not right */
export async function importTariff(
  { db, clock }: Pick<Core, 'db' | 'clock'>,
  { file, market }: { readonly file: string; readonly market: Market },
): Promise<TariffReport> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DomainError('validation_failed', `${file} cannot be read`, { cause });
  });
  const actor = { type: 'system', name: 'tariff-import' } as const;
  return { market, rates: await new ImportTariff({ db, clock }).run(actor, market, text) };
}
