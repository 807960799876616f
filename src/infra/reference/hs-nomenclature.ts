import { readFile } from 'node:fs/promises';
import type { Nomenclature } from '../../domain/catalog/nomenclature.ts';

/** The shipped list of the Harmonized System 2022, read when it is first asked; see data/README.md. */
export class HsNomenclature implements Nomenclature {
  readonly #file: URL;
  #subheadings: Promise<ReadonlySet<string>> | undefined;

  constructor(file: URL = new URL('../../../data/hs-nomenclature-2022.csv', import.meta.url)) {
    this.#file = file;
  }

  async hasSubheading(sixDigits: string): Promise<boolean> {
    this.#subheadings ??= this.#load();
    return (await this.#subheadings).has(sixDigits);
  }

  /** The code is the second column, and neither of the first two is ever quoted. */
  async #load(): Promise<ReadonlySet<string>> {
    const text = await readFile(this.#file, 'utf8');
    return new Set(Array.from(text.matchAll(/^[^,\n]*,(\d{6}),/gm), (match) => match[1] ?? ''));
  }
}
