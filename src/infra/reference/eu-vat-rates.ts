import { readFileSync } from 'node:fs';

interface VatFile {
  readonly rates: Readonly<Record<string, { readonly standard: number }>>;
}

/** The shipped standard rates of VAT, read when first asked; see data/README.md. */
export class EuVatRates {
  readonly #file: URL;
  #rates: ReadonlyMap<string, bigint> | undefined;

  constructor(file: URL = new URL('../../../data/eu-vat-rates-2026-09-29.json', import.meta.url)) {
    this.#file = file;
  }

  /** Millionths; undefined for a country that the list has not. */
  standard(country: string): bigint | undefined {
    this.#rates ??= this.#load();
    return this.#rates.get(country);
  }

  /** The list has per cent with one decimal at most: the nearest whole millionths are what it says. */
  #load(): ReadonlyMap<string, bigint> {
    const { rates } = JSON.parse(readFileSync(this.#file, 'utf8')) as VatFile;
    return new Map(
      Object.entries(rates).map(([country, { standard }]) => [
        country,
        BigInt(Math.round(standard * 10_000)),
      ]),
    );
  }
}
