import { invalidField } from './errors.ts';

/** One record, with the line of the file that it begins on. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** A field, and what ends it: quoted (with `""` for a quote), or without quotes, commas and line breaks in it. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/**
 * CSV as RFC 4180 has it, with commas. Blank lines are left out.
 * @throws DomainError validation_failed for quotes that are out of place or never end
 */
export function readCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let [at, line, begins] = [text.startsWith('\ufeff') ? 1 : 0, 1, 1];
  let fields: string[] = [];
  while (at < text.length || fields.length > 0) {
    FIELD.lastIndex = at;
    const match = FIELD.exec(text);
    if (match === null) throw invalidField(`line ${line}`, 'has a quote that is out of place, or never ends');
    const [whole, quoted, plain = '', end = ''] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    at += whole.length;
    line += whole.split('\n').length - 1;
    if (end === ',') continue;
    if (fields.length > 1 || fields[0] !== '') records.push({ line: begins, fields });
    fields = [];
    begins = line;
    if (end === '') break;
  }
  return records;
}
