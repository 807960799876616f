import express from 'express';
import { type Listening, listen } from './listen.ts';

/** GET /metrics, and nothing else, apart from the API: for a scraper inside the network. */
export function serveMetrics(
  metrics: () => Promise<string>,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const app = express();
  app.disable('x-powered-by');
  app.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4').send(await metrics());
  });
  return listen(app, host, port);
}
