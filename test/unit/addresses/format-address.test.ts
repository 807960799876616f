import { describe, expect, it } from '@jest/globals';
import type { AddressFields } from '../../../src/domain/addresses/address.ts';
import { formatAddress } from '../../../src/domain/addresses/format-address.ts';

const address = (fields: Partial<AddressFields>): AddressFields => ({
  label: null,
  recipient: 'Ana Lima',
  organization: null,
  line1: 'Street 1',
  line2: null,
  line3: null,
  district: null,
  city: null,
  region: null,
  postalCode: null,
  country: 'DE',
  phone: '+4930123456',
  ...fields,
});

describe('the lines of an address', () => {
  it.each<[string, Partial<AddressFields>, string[]]>([
    ['German', { city: 'Berlin', postalCode: '10119' }, ['Ana Lima', 'Street 1', '10119 Berlin']],
    [
      'American, with a firm and a second line',
      {
        country: 'US',
        organization: 'Acme',
        line2: 'Apt 2',
        city: 'Austin',
        region: 'TX',
        postalCode: '78701',
      },
      ['Ana Lima', 'Acme', 'Street 1', 'Apt 2', 'Austin, TX 78701'],
    ],
    [
      'Chinese in Chinese, from large to small, a municipality once',
      {
        country: 'CN',
        recipient: '王伟',
        line1: '中关村大街1号',
        district: '海淀区',
        city: '北京市',
        region: '北京市',
        postalCode: '100080',
      },
      ['100080', '北京市海淀区', '中关村大街1号', '王伟'],
    ],
    [
      'Chinese in Latin letters, from small to large',
      { country: 'CN', city: 'Shenzhen', region: 'Guangdong', postalCode: '518000' },
      ['Ana Lima', 'Street 1', 'Shenzhen', 'Guangdong, 518000'],
    ],
    [
      'Brazilian',
      { country: 'BR', district: 'Centro', city: 'São Paulo', region: 'SP', postalCode: '01001-000' },
      ['Ana Lima', 'Street 1', 'Centro', 'São Paulo-SP', '01001-000'],
    ],
  ])('are %s', (_name, fields, lines) => {
    expect(formatAddress(address(fields))).toEqual(lines);
  });

  it('keep a part that the format of the country has no place for', () => {
    const japan = { country: 'JP', postalCode: '106-0032' };
    expect(formatAddress(address({ ...japan, line2: 'Room 9', city: 'Minato', region: 'Tokyo' }))).toEqual([
      'Ana Lima',
      'Street 1',
      'Room 9',
      'Minato, Tokyo',
      '106-0032',
    ]);
    expect(
      formatAddress(
        address({ ...japan, recipient: '山田', line1: '六本木1-1', city: '港区', region: '東京都' }),
      ),
    ).toEqual(['〒106-0032', '東京都', '港区', '六本木1-1', '山田']);
    expect(formatAddress(address({ city: 'Berlin', region: 'Brandenburg', postalCode: '10119' }))).toEqual([
      'Ana Lima',
      'Street 1',
      'Brandenburg',
      '10119 Berlin',
    ]);
  });
});
