import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { DomainError } from '../domain/shared/errors.ts';

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets requests in flight finish for at most `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/** @param setting what names the port @throws DomainError unavailable when the port is taken or not allowed */
export async function listen(app: Express, host: string, port: number, setting = 'PORT'): Promise<Listening> {
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 },
    app,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(host, port, setting, error)));
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  const name = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  return {
    url: `http://${name}:${bound}`,
    port: bound,
    close: async (graceMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const force = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(force);
    },
  };
}

function cannotListen(
  host: string,
  port: number,
  setting: string,
  error: NodeJS.ErrnoException,
): DomainError {
  const remedy: Record<string, string> = {
    EADDRINUSE: `another program has the port: stop it, or set ${setting}`,
    EACCES: `ports below 1024 need rights: set ${setting}`,
    EADDRNOTAVAIL: 'this machine has no such address: set HOST',
  };
  const hint = remedy[error.code ?? ''] ?? error.message;
  return new DomainError('unavailable', `cannot listen on ${host}:${port}: ${hint}`, { cause: error });
}
