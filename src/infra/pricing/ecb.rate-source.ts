import type { RateSource } from '../../domain/pricing/rate.source.ts';
import { readCsv } from '../../domain/shared/csv.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import type { RateLeg } from '../../domain/shared/exchange.ts';

const TIMEOUT = 10_000;
/** Thirty currencies take 5 kB, with all that can be asked for beside them 30. */
const MAX_BYTES = 1_000_000;
const COLUMNS = ['CURRENCY', 'CURRENCY_DENOM', 'TIME_PERIOD', 'OBS_VALUE'] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The euro foreign exchange reference rates, as the data API of the European Central Bank writes them (SDMX-CSV):
 * `OBS_VALUE` units of `CURRENCY` for one unit of `CURRENCY_DENOM`, on the day `TIME_PERIOD`.
 * Source: https://data.ecb.europa.eu/help/api/data
 */
export class EcbRateSource implements RateSource {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async latest(): Promise<readonly RateLeg[]> {
    return parseRates(await this.#fetch());
  }

  async #fetch(): Promise<string> {
    try {
      const response = await fetch(this.#url, {
        headers: { accept: 'text/csv' },
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      return await textOf(response);
    } catch (error) {
      throw new DomainError('unavailable', `exchange rates could not be fetched: check EXCHANGE_RATES_URL`, {
        cause: error,
      });
    }
  }
}

async function textOf(response: Response): Promise<string> {
  const body: ReadableStream<Uint8Array> | null = response.body;
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for (;;) {
    const part = await reader?.read();
    if (part?.value === undefined) return text + decoder.decode();
    size += part.value.byteLength;
    if (size > MAX_BYTES) {
      await reader?.cancel();
      throw new Error(`it answered more than ${MAX_BYTES} bytes`);
    }
    text += decoder.decode(part.value, { stream: true });
  }
}

/** @throws DomainError unavailable for what is no such table */
function parseRates(text: string): readonly RateLeg[] {
  const [header, ...records] = readCsv(text);
  const at = COLUMNS.map((column) => header?.fields.indexOf(column) ?? -1);
  if (at.includes(-1)) {
    throw new DomainError(
      'unavailable',
      `EXCHANGE_RATES_URL does not answer with the columns ${COLUMNS.join(', ')}`,
    );
  }
  return records.flatMap(({ fields }) => {
    const [quote = '', base = '', day = '', rate = ''] = at.map((column) => fields[column]);
    // A day on which a currency was not quoted has a row without a value.
    if (!DAY.test(day) || rate === '' || rate === 'NaN') return [];
    return [{ base, quote, rate, validFrom: publishedOn(day), source: 'European Central Bank' }];
  });
}

/** They are published at about 16:00 in Frankfurt: 15:00 UTC at the latest, whatever the season. */
const publishedOn = (day: string): Date => new Date(`${day}T15:00:00Z`);
