import type { Rule, Threshold } from '../rule.ts';

const GB_LOW_VALUE: Threshold = { amount: 135_00n, currency: 'GBP', of: 'goods' };
const HMRC = 'HMRC guidance as reported; Deloitte (the relief ends by 2029-03 at the latest)';
const GB_UNCERTAIN = [
  {
    hs: [
      '01',
      '02',
      '03',
      '04',
      '07',
      '08',
      '09',
      '10',
      '11',
      '15',
      '16',
      '17',
      '18',
      '19',
      '20',
      '21',
      '49',
    ],
    why: "most food, books and children's clothing are taxed at 0 %: the standard rate is shown",
  },
];
const gb = { market: 'GB', validFrom: '2021-01-01', source: HMRC, confidence: 'reported' } as const;

/** Everything but food and its raw materials: chapters 25 to 97. */
const CH_FARM = Array.from({ length: 24 }, (_, i) => String(i + 1).padStart(2, '0'));
/** Of these, what is taxed at the reduced rate: food and drink but alcohol and tobacco. Books and medicines, too. */
const CH_REDUCED = [...CH_FARM.filter((chapter) => chapter < '22'), '2201', '2202', '30', '49'];
const ch = { market: 'CH', validFrom: '2024-01-01', source: 'ch.ch' } as const;

export const britainAndSwitzerland: readonly Rule[] = [
  { ...gb, id: 'gb-duty-relief-135', kind: 'duty', upTo: GB_LOW_VALUE, terms: { type: 'none' } },
  { ...gb, id: 'gb-duty-tariff', kind: 'duty', over: GB_LOW_VALUE, terms: { type: 'tariff', on: 'cif' } },
  {
    ...gb,
    id: 'gb-duty-waiver-9',
    kind: 'waiver',
    of: 'duty',
    limit: { amount: 9_00n, currency: 'GBP' },
    inclusive: true,
  },
  {
    ...gb,
    id: 'gb-vat-sale',
    kind: 'tax',
    upTo: GB_LOW_VALUE,
    rate: 200_000n,
    on: ['freight'],
    collected: 'sale',
    uncertain: GB_UNCERTAIN,
  },
  {
    ...gb,
    id: 'gb-vat-import',
    kind: 'tax',
    over: GB_LOW_VALUE,
    rate: 200_000n,
    on: ['freight', 'duty'],
    collected: 'import',
    uncertain: GB_UNCERTAIN,
  },
  {
    ...ch,
    id: 'ch-duty-industrial',
    kind: 'duty',
    exceptHs: CH_FARM,
    terms: { type: 'none' },
    confidence: 'confirmed',
  },
  {
    ...ch,
    id: 'ch-duty-tariff',
    kind: 'duty',
    hs: CH_FARM,
    terms: { type: 'tariff', on: 'cif' },
    confidence: 'reported',
  },
  {
    ...ch,
    id: 'ch-vat-reduced',
    kind: 'tax',
    hs: CH_REDUCED,
    rate: 26_000n,
    on: ['freight', 'duty'],
    collected: 'import',
    confidence: 'reported',
  },
  {
    ...ch,
    id: 'ch-vat',
    kind: 'tax',
    rate: 81_000n,
    on: ['freight', 'duty'],
    collected: 'import',
    confidence: 'confirmed',
  },
  {
    ...ch,
    id: 'ch-vat-waiver-5',
    kind: 'waiver',
    of: 'tax',
    limit: { amount: 5_00n, currency: 'CHF' },
    inclusive: false,
    confidence: 'confirmed',
  },
];
