/** The Harmonized System's list of goods. */
export interface Nomenclature {
  /** True when the six-digit subheading exists. */
  hasSubheading(sixDigits: string): Promise<boolean>;
}
