import { describe, expect, it } from '@jest/globals';
import { readTariffFile, TARIFF_COLUMNS } from '../../../src/domain/landed-cost/tariff-file.ts';
import { findTariff, type PerUnit, tariffDuty } from '../../../src/domain/landed-cost/tariff-rate.ts';
import { rateFinder } from '../../../src/domain/pricing/exchange-rate.ts';
import { readCsv } from '../../../src/domain/shared/csv.ts';
import type { DomainError } from '../../../src/domain/shared/errors.ts';
import { money } from '../../../src/domain/shared/money.ts';
import { tariff } from '../../support/consignment.ts';

const at = new Date('2026-11-01T00:00:00Z');
const eurTo = rateFinder(
  [{ base: 'EUR', quote: 'JPY', rate: '165.5', validFrom: at, source: 'test' }],
  at,
  30,
);

describe('a duty', () => {
  const duty = (
    percent: bigint,
    perUnit: Partial<PerUnit> | undefined,
    currency = 'EUR',
    value = 10_000n,
  ) => {
    const unit = perUnit && {
      currency: 'EUR',
      unit: 'piece' as const,
      specific: 0n,
      min: undefined,
      max: undefined,
      ...perUnit,
    };
    const goods = { value: money(value, currency), quantity: 3, weightGrams: 1_500n };
    return tariffDuty(tariff('EU', '91', percent, { perUnit: unit }), goods, unit && eurTo('EUR', currency))
      .amount;
  };

  it('is a part of the value, rounded half to even', () => {
    expect([duty(5n, undefined), duty(5n, undefined, 'EUR', 50n), duty(5n, undefined, 'EUR', 70n)]).toEqual([
      500n,
      2n,
      4n,
    ]);
  });

  it('has an amount for each piece, or for the weight', () => {
    expect(duty(0n, { specific: 1_870_000n })).toBe(561n);
    expect(duty(5n, { specific: 1_870_000n })).toBe(1061n);
    expect(duty(0n, { specific: 380_000n, unit: 'kg' })).toBe(57n);
    // Half a cent each: one rounding for all of them, 1.5 to 2.
    expect(duty(0n, { specific: 5_000n })).toBe(2n);
  });

  it('is at least, and at most, an amount for each unit', () => {
    expect(duty(1n, { min: 2_000_000n })).toBe(600n);
    expect(duty(10n, { max: 800_000n })).toBe(240n);
    expect(duty(4n, { min: 300_000n, max: 2_000_000n })).toBe(400n);
  });

  it('converts its amounts', () => {
    expect(duty(0n, { specific: 2_000_000n }, 'JPY')).toBe(993n);
  });
});

describe('the tariff of some goods', () => {
  const rates = [
    tariff('EU', '61', 12n),
    tariff('EU', '6109', 9n),
    tariff('EU', '61', 1n, { origin: 'VN' }),
    tariff('EU', '6109', 3n, { origin: 'VN' }),
    tariff('EU', '610910', 0n, { programme: 'GSP' }),
    tariff('EU', '6109', 8n, { validFrom: new Date('2026-06-01T00:00:00Z') }),
  ];
  it.each([
    ['61091000', 'CN', 8n],
    ['610910', 'VN', 3n],
    ['611011', 'CN', 12n],
    ['611011', 'VN', 1n],
    ['620342', 'CN', undefined],
  ])(
    '%s from %s is that of the longest prefix, then the origin, then the newest',
    (hsCode, origin, percent) => {
      expect(findTariff(rates, { hsCode, origin })?.adValorem).toBe(percent && percent * 10_000n);
    },
  );
});

describe('a tariff file', () => {
  const head = TARIFF_COLUMNS.join(',');
  const read = (...lines: string[]) => readTariffFile([head, ...lines].join('\n'), 'EU', (key) => key);
  const issues = (...lines: string[]) => {
    try {
      read(...lines);
    } catch (error) {
      return (error as DomainError).issues.map(({ path }) => path);
    }
    return [];
  };

  it('has one rate per line', () => {
    expect(
      read(
        '9102,*,,4.5,,EUR,piece,0.3,0.8,2026-01-01,2026-12-31,"TARIC, sample"',
        '0409,NZ,FTA,0,,,,,,2026-01-01,,x',
        '',
      ),
    ).toEqual([
      {
        id: 'EU:9102:*::2026-01-01',
        market: 'EU',
        hsPrefix: '9102',
        origin: '*',
        programme: '',
        adValorem: 45_000n,
        perUnit: { currency: 'EUR', unit: 'piece', specific: 0n, min: 300_000n, max: 800_000n },
        validFrom: new Date('2026-01-01T00:00:00Z'),
        validTo: new Date('2027-01-01T00:00:00Z'),
        source: 'TARIC, sample',
      },
      expect.objectContaining({
        programme: 'FTA',
        origin: 'NZ',
        adValorem: 0n,
        perUnit: undefined,
        validTo: undefined,
      }),
    ]);
  });

  it.each([
    ['6,*,,1,,,,,,2026-01-01,,x', ['line 2, hsCode']],
    ['61x9,*,,1,,,,,,2026-01-01,,x', ['line 2, hsCode']],
    ['61,XX,,1,,,,,,2026-01-01,,x', ['line 2, origin']],
    ['61,*,a b,1,,,,,,2026-01-01,,x', ['line 2, programme']],
    ['61,*,,,,,,,,2026-01-01,,x', ['line 2, adValorem']],
    ['61,*,,-1,,,,,,2026-01-01,,x', ['line 2, adValorem']],
    ['61,*,,2000.1,,,,,,2026-01-01,,x', ['line 2, adValorem']],
    ['61,*,,1,2,,,,,2026-01-01,,x', ['line 2, specific']],
    ['61,*,,1,2,EUR,,,,2026-01-01,,x', ['line 2, specific', 'line 2, currency']],
    ['61,*,,1,2,XXQ,kg,,,2026-01-01,,x', ['line 2, currency']],
    ['61,*,,1,2,EUR,litre,,,2026-01-01,,x', ['line 2, unit']],
    ['61,*,,1,,,,,,2026-02-30,,x', ['line 2, validFrom']],
    ['61,*,,1,,,,,,2026-02-01,2026-01-31,x', ['line 2, validTo']],
    ['61,*,,1,,,,,,2026-02-01,,', ['line 2, source']],
    ['61,*,,1', ['line 2']],
    ['61,*,,1,,,,,,2026-02-01,,"x', ['line 2']],
    ['61,*,,1,,,,,,2026-02-01,,x"y', ['line 2']],
  ])('refuses %s', (line, paths) => {
    expect(issues(line)).toEqual(paths);
  });

  it('refuses the same rate twice, another head, and nothing at all; and names every wrong line', () => {
    const line = '61,*,,1,,,,,,2026-02-01,,x';
    expect(issues(line, line)).toEqual(['line 3']);
    expect(issues()).toEqual(['line 2']);
    expect(issues('6,*,,1,,,,,,2026-02-01,,"two\nlines"', '6,*,,1,,,,,,2026-02-01,,x')).toEqual([
      'line 2, hsCode',
      'line 4, hsCode',
    ]);
    expect(() => readTariffFile('hsCode,origin\n', 'EU', String)).toThrow('1 places');
  });
});

describe('CSV', () => {
  it.each([
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a,"b ""x"", y"\n', [['a', 'b "x", y']]],
    [
      'a,\n,b',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    ['\ufeffa\n\n\nb', [['a'], ['b']]],
    ['a,', [['a', '']]],
    ['', []],
  ])('%j is read', (text, fields) => {
    expect(readCsv(text).map((record) => record.fields)).toEqual(fields);
  });
});
