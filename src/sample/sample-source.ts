import { z } from 'zod';
import { LOCALES } from '../domain/shared/locale.ts';
import { ELSEWHERE, SHIPPING_BASES } from '../domain/shipping/shipping.ts';

/** The shape of data/sample: what is written by hand, and from which every size of the sample shop follows. */
const Texts = z.record(z.enum(LOCALES), z.string().min(1));
const Digits = z.string().regex(/^\d+$/);
const Country = z.string().regex(/^[A-Z]{2}$/);

const SourceCategory = z.strictObject({ slug: z.string(), parent: z.string().nullable(), name: Texts });

const Option = z.strictObject({
  name: z.string(),
  values: z.array(z.string()).min(1),
  /** Per cent of the price that each further value adds. */
  step: z.int().min(0),
  /** Per cent of the weight that each further value adds; the price's step when absent. */
  gramsStep: z.int().min(0).optional(),
});

const SourceProduct = z.strictObject({
  slug: z.string(),
  category: z.string(),
  brand: z.string(),
  hs: z.string().regex(/^\d{6}$/),
  origin: Country,
  /** Minor units of the base currency. */
  price: Digits,
  grams: z.int().positive(),
  /** Length, width, height. */
  mm: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]),
  hot: z.boolean().default(false),
  new: z.boolean().default(false),
  variation: z.enum(['finish', 'edition']).default('finish'),
  options: z.array(Option),
  name: Texts,
  description: Texts,
});

const Variation = z.strictObject({ key: z.string(), name: Texts });
const Variations = z.strictObject({
  series: z.array(z.string()),
  finish: z.array(Variation),
  edition: z.array(Variation),
  brandSuffixes: z.array(z.string()),
  sentence: z.strictObject({ finish: Texts, edition: Texts }),
});

const SourceAddress = z.strictObject({
  label: z.string(),
  recipient: z.string(),
  line1: z.string(),
  district: z.string().optional(),
  city: z.string(),
  region: z.string().nullable(),
  postalCode: z.string(),
  country: Country,
  phone: z.string(),
});

const SourceMethod = z.strictObject({
  code: z.string(),
  name: z.string(),
  basis: z.enum(SHIPPING_BASES),
  /** From, to. */
  days: z.tuple([z.int().min(0), z.int().min(0)]),
  /** Minor units of the base currency. */
  freeOver: Digits.nullable(),
  /** Up to how many grams (or minor units of the base currency, by value), and the price. */
  bands: z.array(z.tuple([Digits.nullable(), Digits])).min(1),
});

const Shop = z.strictObject({
  baseCurrency: z.string(),
  priceLists: z.array(
    z.strictObject({ currency: z.string(), taxInclusive: z.boolean(), rate: z.tuple([Digits, Digits]) }),
  ),
  /** Units of each currency for one of the base currency. */
  exchangeRates: z.strictObject({
    source: z.string(),
    quotes: z.record(z.string(), z.string().regex(/^\d+(?:\.\d+)?$/)),
  }),
  warehouses: z.array(z.strictObject({ code: z.string(), name: z.string(), country: Country })),
  shipping: z.array(
    z.strictObject({
      code: z.string(),
      name: z.string(),
      countries: z.array(z.union([Country, z.literal(ELSEWHERE)])),
      methods: z.array(SourceMethod),
    }),
  ),
  customers: z.array(
    z.strictObject({
      email: z.email(),
      password: z.string(),
      displayName: z.string(),
      locale: z.enum(LOCALES),
      address: SourceAddress,
    }),
  ),
});

const SampleSource = z.strictObject({
  categories: z.array(SourceCategory),
  products: z.array(SourceProduct),
  variations: Variations,
  shop: Shop,
});

export type SampleSource = z.infer<typeof SampleSource>;
export type SourceProduct = z.infer<typeof SourceProduct>;

/** @throws ZodError when a file of data/sample is not what it should be: a defect of the package */
export const parseSampleSource = (input: unknown): SampleSource => SampleSource.parse(input);
