import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { z } from 'zod';

const Service = z.looseObject({
  image: z.string().optional(),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  profiles: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  networks: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  healthcheck: z
    .looseObject({ test: z.array(z.string()).optional(), disable: z.boolean().optional() })
    .optional(),
});
const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.unknown()),
  volumes: z.record(z.string(), z.unknown()).optional(),
});

/** `!reset []` of an override file removes what the first file says. */
const reset = { tag: '!reset', collection: 'seq' as const };
const load = (path: string): unknown =>
  parse(readFileSync(path, 'utf8'), { merge: true, customTags: [reset] });

const ROLES = ['serve', 'worker', 'scheduler', 'outbox-dispatch', 'monitor'];
const STORES = ['mysql', 'redis', 'kafka', 'mongodb'];

describe.each(['docker-compose.yml', 'docker-compose.prod.yml'])('%s', (path) => {
  it('fits the Compose specification', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    const valid = ajv.compile(JSON.parse(readFileSync('test/support/schemas/compose-spec.json', 'utf8')));
    valid(load(path));
    expect(valid.errors ?? []).toEqual([]);
  });
});

describe('docker-compose.yml', () => {
  let compose: z.infer<typeof Compose>;
  beforeAll(() => {
    compose = Compose.parse(load('docker-compose.yml'));
  });
  const service = (name: string): z.infer<typeof Service> => {
    const found = compose.services[name];
    if (!found) throw new Error(`no service ${name}`);
    return found;
  };

  it('runs every role once the one-shot migration is done and every store is healthy', () => {
    for (const role of ROLES) {
      const { depends_on: waits } = service(role);
      expect(waits?.migrate?.condition).toBe('service_completed_successfully');
      for (const store of STORES) expect(waits?.[store]?.condition).toBe('service_healthy');
      expect(service(role).command).toEqual([role]);
    }
    expect(service('migrate').command).toEqual(['migrate']);
    expect(service('migrate').environment).toMatchObject({ CREATE_SUPERUSER: 'true' });
  });

  it('checks the health of everything that keeps running', () => {
    for (const name of [...ROLES, ...STORES])
      expect([name, service(name).healthcheck?.test?.length ?? 0]).not.toEqual([name, 0]);
  });

  it('names only services, networks and volumes that exist', () => {
    for (const [name, { depends_on, networks, volumes }] of Object.entries(compose.services)) {
      for (const other of Object.keys(depends_on ?? {}))
        expect([name, Object.keys(compose.services)]).toEqual([name, expect.arrayContaining([other])]);
      for (const network of networks ?? []) expect(Object.keys(compose.networks)).toContain(network);
      for (const volume of volumes ?? [])
        expect(Object.keys(compose.volumes ?? {})).toContain(volume.split(':')[0]);
    }
  });

  it('publishes the API and the monitor alone, on this machine alone', () => {
    const published = Object.entries(compose.services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name, { ports }]) => [name, ports])).toEqual([
      ['serve', [expect.stringMatching(/^127\.0\.0\.1:.*:8000$/)]],
      ['monitor', [expect.stringMatching(/^127\.0\.0\.1:.*:5555$/)]],
    ]);
  });

  it('has no secret of its own: each must come from .env', () => {
    const text = readFileSync('docker-compose.yml', 'utf8');
    for (const name of ['SECRET_KEY', 'DB_PASSWORD', 'SUPERUSER_PASSWORD'])
      expect(text).toContain(`\${${name}:?`);
    const shipped = Object.values(compose.services).flatMap(({ environment }) =>
      Object.entries(environment ?? {}).filter(
        ([key, value]) => /PASSWORD|SECRET/.test(key) && !/^(?:\$\{.*:\?.*\}|yes|)$/.test(value),
      ),
    );
    expect(shipped).toEqual([]);
  });
});
