import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../app.ts';
import { type Config, loadConfig } from '../config.ts';
import { createDatabase } from '../infra/db/open-database.ts';
import { createLog } from '../infra/log/pino-log.ts';
import { openApiDocument } from '../server/openapi.ts';
import { VERSION } from '../version.ts';

type ApiDocument = ReturnType<typeof openApiDocument>;

/** The schema that this program serves, made without its database: pipelines have none. */
export async function apiDocument({ http }: Pick<Config, 'http'>): Promise<ApiDocument> {
  const dataDir = await mkdtemp(join(tmpdir(), 'crossborder-openapi-'));
  try {
    const config = loadConfig({ env: { DATA_DIR: dataDir, LOG_LEVEL: 'silent' } });
    await (await createDatabase(config.database)).close();
    const app = await createApp(config, { log: createLog({ ...config.logging, fd: 2 }) });
    try {
      return openApiDocument(app.routes, { version: VERSION, publicUrl: http.publicUrl });
    } finally {
      await app.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
