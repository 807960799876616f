import type { Rule, Threshold } from '../rule.ts';

const AU_LOW_VALUE: Threshold = { amount: 1000_00n, currency: 'AUD', of: 'goods' };
const au = { market: 'AU', validFrom: '2018-07-01', source: 'ATO', confidence: 'confirmed' } as const;

const CN_ORDER: Threshold = { amount: 5000_00n, currency: 'CNY', of: 'goods' };
const cn = {
  market: 'CN',
  validFrom: '2019-01-01',
  source: 'MoF/GAC/STA notices 2016-18 and 2018-49 as reported',
  confidence: 'reported',
} as const;
const CN_UNCERTAIN = [
  {
    hs: ['22', '24', '3303', '3304', '7101', '7102', '7103', '7113', '7114', '9101', '9102'],
    why: 'some of these goods bear consumption tax: it is shown without',
  },
  {
    hs: ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '15', '49'],
    why: 'some of these goods bear VAT at 9 %: 13 % is shown',
  },
];

const JP_LOW_VALUE: Threshold = { amount: 10_000n, currency: 'JPY', of: 'goods' };
const jp = {
  market: 'JP',
  validFrom: '2019-10-01',
  source: "vatabout; the relief's end has been enacted in 2026, its start is not confirmed",
  confidence: 'reported',
} as const;
/** Leather, knitwear and shoes have no relief. */
const JP_NO_RELIEF = ['41', '42', '43', '61', '64'];
const JP_FOOD = Array.from({ length: 20 }, (_, i) => String(i + 2).padStart(2, '0'));

const usd = (amount: bigint): Threshold => ({ amount, currency: 'USD', of: 'goods' });
const kr = {
  market: 'KR',
  validFrom: '2016-01-01',
  source: 'KCS as reported; consignments that arrive on the same day add up',
  confidence: 'reported',
} as const;

export const asiaPacific: readonly Rule[] = [
  { ...au, id: 'au-duty-relief-1000', kind: 'duty', upTo: AU_LOW_VALUE, terms: { type: 'none' } },
  { ...au, id: 'au-duty-tariff', kind: 'duty', over: AU_LOW_VALUE, terms: { type: 'tariff', on: 'goods' } },
  {
    ...au,
    id: 'au-gst-sale',
    kind: 'tax',
    upTo: AU_LOW_VALUE,
    rate: 100_000n,
    on: ['freight'],
    collected: 'sale',
  },
  {
    ...au,
    id: 'au-gst-import',
    kind: 'tax',
    over: AU_LOW_VALUE,
    rate: 100_000n,
    on: ['freight', 'duty'],
    collected: 'import',
  },
  { ...cn, id: 'cn-cbec-duty', kind: 'duty', upTo: CN_ORDER, terms: { type: 'none' } },
  {
    // (consumption tax + VAT) / (1 - consumption tax) * 70 %, with VAT at 13 % and no consumption tax.
    ...cn,
    id: 'cn-cbec-tax',
    kind: 'tax',
    upTo: CN_ORDER,
    rate: 91_000n,
    on: ['freight'],
    collected: 'import',
    uncertain: CN_UNCERTAIN,
  },
  {
    ...cn,
    id: 'cn-cbec-limit-5000',
    kind: 'limit',
    over: CN_ORDER,
    why: 'retail imports end at CNY 5,000 an order: a single indivisible item pays the full general-trade tax, anything else is refused',
  },
  {
    ...jp,
    id: 'jp-duty-relief',
    kind: 'duty',
    upTo: JP_LOW_VALUE,
    exceptHs: JP_NO_RELIEF,
    terms: { type: 'none' },
  },
  { ...jp, id: 'jp-duty-tariff', kind: 'duty', terms: { type: 'tariff', on: 'cif' } },
  { ...jp, id: 'jp-tax-relief', kind: 'tax', upTo: JP_LOW_VALUE, rate: 0n, on: [], collected: 'import' },
  {
    ...jp,
    id: 'jp-tax-food',
    kind: 'tax',
    hs: JP_FOOD,
    rate: 80_000n,
    on: ['freight', 'duty'],
    collected: 'import',
  },
  { ...jp, id: 'jp-tax', kind: 'tax', rate: 100_000n, on: ['freight', 'duty'], collected: 'import' },
  {
    ...kr,
    id: 'kr-duty-relief-200',
    kind: 'duty',
    shippedFrom: ['US'],
    upTo: usd(200_00n),
    terms: { type: 'none' },
  },
  { ...kr, id: 'kr-duty-relief-150', kind: 'duty', upTo: usd(150_00n), terms: { type: 'none' } },
  { ...kr, id: 'kr-duty-tariff', kind: 'duty', terms: { type: 'tariff', on: 'cif' } },
  {
    ...kr,
    id: 'kr-vat-relief-200',
    kind: 'tax',
    shippedFrom: ['US'],
    upTo: usd(200_00n),
    rate: 0n,
    on: [],
    collected: 'import',
  },
  { ...kr, id: 'kr-vat-relief-150', kind: 'tax', upTo: usd(150_00n), rate: 0n, on: [], collected: 'import' },
  { ...kr, id: 'kr-vat', kind: 'tax', rate: 100_000n, on: ['freight', 'duty'], collected: 'import' },
];
