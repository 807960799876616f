import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import express, { type Express, type Request, type Response } from 'express';
import type { DatabaseOptions } from '../src/infra/db/open-database.ts';
import type { SqlParam } from '../src/infra/db/values.ts';
import type { Buyer, Planned, PlannedStatement, RawPlan } from './raw-plan.ts';
import { openRaw, type RawSql } from './raw-sql.ts';
import type { Statement } from './recorder.ts';

/** What Crossborder Trade is measured against: express, the driver, the same statements, and nothing else. */
interface Settings {
  readonly database: DatabaseOptions;
  readonly plan: RawPlan;
}

function fill(planned: readonly PlannedStatement[], buyer?: Buyer): Statement[] {
  const ids: string[] = [];
  const value = (p: Planned): SqlParam => {
    if ('is' in p) return p.is;
    if ('date' in p) return new Date(p.date);
    if ('bigint' in p) return BigInt(p.bigint);
    if ('buyer' in p) return buyer?.[p.buyer];
    if ('newId' in p) return (ids[p.newId] ??= randomUUID());
    return p.fresh === 'order-number' ? randomUUID().slice(0, 12) : randomUUID();
  };
  return planned.map(({ text, params }) => ({ text, params: params.map(value) }));
}

function send(res: Response, status: number, body: unknown): void {
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(JSON.stringify(body));
}

function rawServer(sql: RawSql, plan: RawPlan): Express {
  const reads = new Map(Object.entries(plan.reads).map(([path, statements]) => [path, fill(statements)]));
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/healthz', (_req, res) => send(res, 200, { status: 'ok' }));
  app.post('/api/v1/orders', express.json(), async (req: Request, res: Response) => {
    const buyer = plan.buyers[req.get('authorization') ?? ''];
    const checkout = plan.checkouts[buyer?.basket ?? -1];
    if (buyer === undefined || checkout === undefined) {
      send(res, 404, {});
      return;
    }
    await sql.sequence(fill(checkout.statements, buyer));
    send(res, 201, checkout.reply);
  });
  app.use(async (req: Request, res: Response) => {
    const statements = reads.get(req.originalUrl);
    if (statements === undefined) {
      send(res, 404, {});
      return;
    }
    const rows: unknown[] = [];
    for (const statement of statements) rows.push(await sql.query(statement));
    send(res, 200, rows);
  });
  return app;
}

const [file = ''] = process.argv.slice(2);
const { database, plan } = JSON.parse(readFileSync(file, 'utf8')) as Settings;
rawServer(await openRaw(database), plan).listen(Number(process.env.PORT), '127.0.0.1');
