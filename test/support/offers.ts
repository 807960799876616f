import type { Account } from './accounts.ts';

interface Created {
  readonly id: string;
  readonly version: number;
}

/** A zone of these countries with one method, made over HTTP: EUR 4.90 to 2 kg, EUR 9.90 to 10 kg, free from EUR 100. */
export async function shippingMethod(
  clerk: Account,
  code: string,
  countries: readonly string[],
  fields: Record<string, unknown> = {},
): Promise<Created & { readonly zoneId: string }> {
  const zone = await clerk.api
    .post('/shipping-zones')
    .send({ code: `ZONE-${code}`, name: `Zone ${code}`, countries })
    .expect(201);
  const zoneId = (zone.body as Created).id;
  const bands = [
    { upTo: '2000', price: '490' },
    { upTo: '10000', price: '990' },
  ];
  const method = await clerk.api
    .post('/shipping-methods')
    .send({
      zoneId,
      code,
      name: `Method ${code}`,
      basis: 'weight',
      rates: [{ currency: 'EUR', freeOver: '10000', bands }],
      ...fields,
    })
    .expect(201);
  return { ...(method.body as Created), zoneId };
}

/** A promotion, made over HTTP: ten per cent, unless said otherwise. */
export async function makePromotion(clerk: Account, fields: Record<string, unknown> = {}): Promise<Created> {
  const kind = fields.kind ?? 'percentage';
  const reply = await clerk.api
    .post('/promotions')
    .send({ name: 'Ten per cent', kind, ...(kind === 'percentage' ? { basisPoints: 1000 } : {}), ...fields })
    .expect(201);
  return reply.body as Created;
}
