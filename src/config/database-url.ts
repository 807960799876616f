import { resolve } from 'node:path';
import { parsed } from './values.ts';

/** A database server, before its pool is sized. */
export interface DatabaseServer {
  readonly kind: 'mysql' | 'mariadb';
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

export type DatabaseTarget = DatabaseServer | { readonly kind: 'sqlite'; readonly path: string };

export const DEFAULT_MYSQL_PORT = 3306;
export const DATABASE_NAME = /^[A-Za-z0-9_$-]{1,64}$/;

function server(text: string): DatabaseServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const name = decode(url.pathname.slice(1));
  const user = decode(url.username);
  const password = decode(url.password);
  if (url.hostname === '' || !name || !DATABASE_NAME.test(name) || !user || password === undefined)
    return undefined;
  if (url.search !== '' || url.hash !== '') return undefined;
  return {
    kind: url.protocol === 'mariadb:' ? 'mariadb' : 'mysql',
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_MYSQL_PORT : Number(url.port),
    name,
    user,
    password,
  };
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** `sqlite:PATH`; a URL form (`sqlite://`) is refused, because its readers disagree on what is relative in it. */
function sqlite(text: string): DatabaseTarget | undefined {
  const path = text.slice('sqlite:'.length);
  return path === '' || path.startsWith('//') || path.includes(':memory:')
    ? undefined
    : { kind: 'sqlite', path: resolve(path) };
}

export const databaseUrl = () =>
  parsed(
    'sqlite:PATH, or mysql://USER:PASSWORD@HOST:PORT/NAME, or mariadb://… (special characters percent-encoded, no query)',
    (text): DatabaseTarget | undefined => {
      if (text.startsWith('sqlite:')) return sqlite(text);
      return /^(?:mysql|mariadb):\/\//.test(text) ? server(text) : undefined;
    },
  );
