import { formatAddress as formatLines } from 'localized-address-format';
import type { AddressFields } from './address.ts';

/** Any letter that is not Latin: the address is in the country's own script, and ordered its way. */
const LOCAL_SCRIPT = /[^\P{L}\p{Script=Latin}]/u;

// The formatter starts a new line after each street line, also where more follows on the last one ("1-1, Tokyo").
// So the street goes in as one line with marks in it, and is cut at the marks afterwards.
const CUT = '\u0000';

const given = (parts: readonly (string | null)[]): string[] =>
  parts.filter((p) => p !== null && p !== '').map(String);

function write(address: AddressFields, street: readonly string[], script: 'local' | 'latin'): string[] {
  const { region, city, district, postalCode, organization } = address;
  return formatLines(
    {
      postalCountry: address.country,
      name: address.recipient,
      addressLines: [street.join(CUT)],
      ...(organization === null ? {} : { organization }),
      ...(region === null ? {} : { administrativeArea: region }),
      // 北京市 is province and city in one, and written once
      ...(city === null || (script === 'local' && city === region) ? {} : { locality: city }),
      ...(district === null ? {} : { dependentLocality: district }),
      ...(postalCode === null ? {} : { postalCode }),
    },
    script,
  ).flatMap((line) => line.split(CUT));
}

/**
 * The lines of the label without the country's name, as the country itself writes them. A part that its format has
 * no place for (a city in Japan, a region in Germany) is not dropped: it joins the street, before it where the
 * country writes from large to small, after it elsewhere.
 */
export function formatAddress(address: AddressFields): string[] {
  const street = given([address.line1, address.line2, address.line3]);
  const text = given([address.region, address.city, ...street, address.recipient]).join(' ');
  const script = LOCAL_SCRIPT.test(text) ? 'local' : 'latin';
  const lines = write(address, street, script);
  const homeless = given([address.district, address.city, address.region]).filter(
    (part) => !lines.some((line) => line.includes(part)),
  );
  if (homeless.length === 0) return lines;
  const largeFirst = script === 'local' && lines.at(-1) === address.recipient;
  return write(address, largeFirst ? [...homeless.reverse(), ...street] : [...street, ...homeless], script);
}
