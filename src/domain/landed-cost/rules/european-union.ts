import type { FeeRule, Rule, Threshold } from '../rule.ts';

const LOW_VALUE: Threshold = { amount: 150_00n, currency: 'EUR', of: 'goods' };
const BAKER = 'Reg. (EU) 2026/382 and 2026/1022, as reported by Baker McKenzie 2026-07-02';
const VAT = 'Directive 2006/112/EC; rates of the TEDB as of 2026-09-29';

/** Food, drink, books and medicines: what most members tax less, each in its own way. */
const REDUCED = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '15', '16', '17'];
const uncertain = [
  {
    hs: [...REDUCED, '18', '19', '20', '21', '22', '30', '49'],
    why: 'many members tax food, medicines and books at a reduced rate: the standard rate is shown',
  },
];

const FLAT = { type: 'per_tariff_item', amount: { amount: 3_00n, currency: 'EUR' } } as const;

export const europeanUnion: readonly Rule[] = [
  {
    id: 'eu-duty-relief-150',
    market: 'EU',
    kind: 'duty',
    upTo: LOW_VALUE,
    terms: { type: 'none' },
    validFrom: '2010-01-01',
    validTo: '2026-06-30',
    source: BAKER,
    confidence: 'confirmed',
  },
  {
    id: 'eu-duty-flat-3',
    market: 'EU',
    kind: 'duty',
    upTo: LOW_VALUE,
    terms: FLAT,
    validFrom: '2026-07-01',
    validTo: '2028-06-30',
    source: `${BAKER}; Crowleys DFK. Sources differ on parcels outside IOSS`,
    confidence: 'reported',
  },
  {
    id: 'eu-duty-tariff',
    market: 'EU',
    kind: 'duty',
    over: LOW_VALUE,
    terms: { type: 'tariff', on: 'cif' },
    validFrom: '2010-01-01',
    source: BAKER,
    confidence: 'confirmed',
  },
  {
    id: 'eu-vat-within',
    market: 'EU',
    kind: 'tax',
    within: true,
    rate: 'standard-vat',
    on: ['freight'],
    collected: 'sale',
    uncertain,
    validFrom: '2021-07-01',
    source: `${VAT}; the place of a distance sale is where the goods arrive (Art. 33)`,
    confidence: 'reported',
  },
  {
    id: 'eu-vat-ioss',
    market: 'EU',
    kind: 'tax',
    upTo: LOW_VALUE,
    rate: 'standard-vat',
    on: ['freight', 'duty'],
    collected: 'sale',
    uncertain,
    validFrom: '2021-07-01',
    source: `${VAT}; IOSS`,
    confidence: 'confirmed',
  },
  {
    id: 'eu-vat-import',
    market: 'EU',
    kind: 'tax',
    over: LOW_VALUE,
    rate: 'standard-vat',
    on: ['freight', 'duty'],
    collected: 'import',
    uncertain,
    validFrom: '2021-07-01',
    source: VAT,
    confidence: 'confirmed',
  },
  fee('fr-fee-low-value', 'FR', {
    upTo: LOW_VALUE,
    amount: { amount: 2_00n, currency: 'EUR' },
    per: 'tariff_item',
    validFrom: '2026-03-01',
    source: 'Fiscal Solutions 2026-02-26',
  }),
  fee('ro-fee-parcel', 'RO', {
    amount: { amount: 25_00n, currency: 'RON' },
    per: 'consignment',
    validFrom: '2026-01-01',
    source: 'passportglobal',
  }),
  fee('it-fee-consignment', 'IT', {
    upTo: LOW_VALUE,
    amount: { amount: 2_00n, currency: 'EUR' },
    per: 'consignment',
    validFrom: '2026-07-01',
    source: 'start reported as 2026-01-01 and as postponed to 2026-07-01; not confirmed',
  }),
];

function fee(
  id: string,
  country: string,
  terms: Pick<FeeRule, 'amount' | 'per' | 'validFrom' | 'source' | 'upTo'>,
): FeeRule {
  return { id, market: 'EU', kind: 'fee', countries: [country], confidence: 'reported', ...terms };
}
