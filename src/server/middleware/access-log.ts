import type { RequestHandler } from 'express';
import type { Log } from '../../domain/shared/log.ts';

/** One line a request: what, how it ended, how long it took. Never headers, bodies or the query (they hold secrets). */
export function accessLog(log: Log): RequestHandler {
  return (req, res, next) => {
    const start = process.hrtime.bigint();
    const path = req.path;
    res.on('finish', () => {
      const ms = Number((process.hrtime.bigint() - start) / 10_000n) / 100;
      const level = res.statusCode >= 500 ? 'error' : 'info';
      log[level](
        { method: req.method, path, status: res.statusCode, ms, requestId: res.getHeader('x-request-id') },
        'request',
      );
    });
    next();
  };
}
