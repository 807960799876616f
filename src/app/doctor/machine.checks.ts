import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { type Config, secretKeyPath } from '../../config.ts';
import { type Finding, fail, ok, warn } from './check.ts';

/** The releases of package.json's `engines`: [major, first minor]. */
const SUPPORTED: readonly (readonly [number, number])[] = [
  [20, 19],
  [22, 13],
  [24, 11],
];

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const line = SUPPORTED.find(([known]) => known === major);
  const good = line === undefined ? major > 24 : minor >= line[1];
  return good
    ? ok('node', version)
    : fail('node', `${version} is not supported`, 'install Node 24.11 or newer (20.19 and 22.13 work too)');
}

export async function checkSecretKey({ secretKeyIsShipped, dataDir }: Config): Promise<Finding> {
  if (secretKeyIsShipped) {
    const remedy = 'set SECRET_KEY (openssl rand -base64 48), or let "crossborder up" make one in DATA_DIR';
    return warn('secret key', 'the key that is used is known to everybody', remedy);
  }
  const file = await stat(secretKeyPath(dataDir)).catch(() => undefined);
  return file !== undefined && (file.mode & 0o077) !== 0
    ? warn('secret key', 'other users of this machine can read it', `chmod 600 ${secretKeyPath(dataDir)}`)
    : ok('secret key', 'is your own');
}

/** The folder itself, or the nearest one above it that exists. */
async function nearest(path: string): Promise<string> {
  const parent = dirname(path);
  if (parent === path) return path;
  return stat(path).then(
    () => path,
    () => nearest(parent),
  );
}

export async function checkDataDir({ dataDir }: Config): Promise<Finding> {
  const folder = await nearest(dataDir);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return ok('data dir', folder === dataDir ? dataDir : `${dataDir} will be made`);
  } catch {
    const remedy = `make ${folder} writable for this user, or set DATA_DIR to a folder that is`;
    return fail('data dir', `${folder} is not writable`, remedy);
  }
}

const MIB = 1024 * 1024;
const LITTLE = 1024 * MIB;
const TOO_LITTLE = 100 * MIB;

export async function checkDisk({ dataDir }: Config): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearest(dataDir));
  const free = bavail * bsize;
  const detail = `${Math.floor(free / MIB)} MiB free for ${dataDir}`;
  const remedy = 'make room, or set DATA_DIR to a larger disk';
  if (free < TOO_LITTLE) return fail('disk', detail, remedy);
  return free < LITTLE ? warn('disk', detail, remedy) : ok('disk', detail);
}

/** Free, or taken by this very program. */
export async function checkPort({ http }: Config): Promise<Finding> {
  const where = `port ${http.port}`;
  if (http.port === 0) return ok('port', 'any free port');
  const code = await tryToListen(http.host ?? '127.0.0.1', http.port);
  if (code === undefined) return ok('port', `${where} is free`);
  if (code === 'EADDRINUSE' && (await answersProbe(http.port))) return ok('port', `${where} is being served`);
  if (code === 'EADDRINUSE') return warn('port', `another program has ${where}`, 'stop it, or set PORT');
  return fail(
    'port',
    `${where} cannot be used (${code})`,
    'set PORT and HOST to what this machine and user may use',
  );
}

const tryToListen = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });

/** Not by fetch: it never settles when the other side hangs up at once, and the process would end in silence. */
const answersProbe = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/healthz/', timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('error', () => resolve(false));
    request.once('timeout', () => request.destroy(new Error('no answer')));
  });
