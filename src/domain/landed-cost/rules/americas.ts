import type { Rule, Threshold } from '../rule.ts';

const CBP = 'CBP CSMS 67845486; 91 FR 37789 and 37801 as reported';
const US_DE_MINIMIS: Threshold = { amount: 800_00n, currency: 'USD', of: 'goods' };
const us = { market: 'US', source: CBP } as const;

const cad = (amount: bigint): Threshold => ({ amount, currency: 'CAD', of: 'goods' });
/** Courier relief goes by the country of direct shipment, not by origin. */
const CUSMA = ['US', 'MX'];
const ca = {
  market: 'CA',
  validFrom: '2020-07-01',
  source: 'CBSA Customs Notice 20-18 as reported',
  confidence: 'reported',
} as const;
const PROVINCIAL = [{ hs: [''], why: 'GST only: the provincial part of the tax is not included' }];

const BR_LOW_VALUE: Threshold = { amount: 50_00n, currency: 'USD', of: 'cif' };
const BR_MOST: Threshold = { amount: 3000_00n, currency: 'USD', of: 'cif' };
const br = {
  market: 'BR',
  validFrom: '2024-08-01',
  source: 'Receita Federal (Remessa Conforme) as reported; a repeal of the 20 % was debated in 2026',
  confidence: 'reported',
} as const;
const BY_STATE = [{ hs: [''], why: 'ICMS is 17 % or 20 % by state: 17 % is shown' }];

export const americas: readonly Rule[] = [
  {
    ...us,
    id: 'us-de-minimis-800',
    kind: 'duty',
    upTo: US_DE_MINIMIS,
    terms: { type: 'none' },
    validFrom: '2016-03-10',
    validTo: '2025-08-28',
    confidence: 'confirmed',
  },
  {
    ...us,
    id: 'us-duty-tariff',
    kind: 'duty',
    terms: { type: 'tariff', on: 'goods' },
    validFrom: '2016-03-10',
    confidence: 'confirmed',
  },
  {
    ...us,
    id: 'us-surcharge-122',
    kind: 'surcharge',
    rate: 100_000n,
    validFrom: '2026-02-24',
    validTo: '2026-07-23',
    confidence: 'reported',
  },
  {
    ...us,
    id: 'us-no-federal-tax',
    kind: 'tax',
    rate: 0n,
    on: [],
    collected: 'import',
    validFrom: '2016-03-10',
    confidence: 'confirmed',
  },
  {
    ...ca,
    id: 'ca-duty-relief-150',
    kind: 'duty',
    shippedFrom: CUSMA,
    upTo: cad(150_00n),
    terms: { type: 'none' },
  },
  { ...ca, id: 'ca-duty-relief-20', kind: 'duty', upTo: cad(20_00n), terms: { type: 'none' } },
  { ...ca, id: 'ca-duty-tariff', kind: 'duty', terms: { type: 'tariff', on: 'goods' } },
  { ...ca, id: 'ca-gst-relief-20', kind: 'tax', upTo: cad(20_00n), rate: 0n, on: [], collected: 'import' },
  {
    ...ca,
    id: 'ca-gst-relief-40',
    kind: 'tax',
    shippedFrom: CUSMA,
    upTo: cad(40_00n),
    rate: 0n,
    on: [],
    collected: 'import',
  },
  {
    ...ca,
    id: 'ca-gst',
    kind: 'tax',
    rate: 50_000n,
    on: ['duty'],
    collected: 'import',
    uncertain: PROVINCIAL,
  },
  {
    ...br,
    id: 'br-duty-20',
    kind: 'duty',
    upTo: BR_LOW_VALUE,
    terms: { type: 'percent', rate: 200_000n, on: 'cif' },
  },
  {
    ...br,
    id: 'br-duty-60',
    kind: 'duty',
    over: BR_LOW_VALUE,
    upTo: BR_MOST,
    terms: { type: 'percent', rate: 600_000n, on: 'cif', less: { amount: 20_00n, currency: 'USD' } },
  },
  {
    ...br,
    id: 'br-icms',
    kind: 'tax',
    rate: 170_000n,
    on: ['freight', 'duty'],
    inside: true,
    collected: 'import',
    uncertain: BY_STATE,
  },
  {
    ...br,
    id: 'br-limit-3000',
    kind: 'limit',
    over: BR_MOST,
    why: 'the simplified import ends at USD 3,000',
  },
];
