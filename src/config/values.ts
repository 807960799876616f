import { isIP } from 'node:net';
import { z } from 'zod';

/**
 * The kinds of value an environment variable can have. Each turns the text into a typed value or says what it
 * should be. The text itself is never repeated: it may be a secret, or a secret that was put in the wrong place.
 */
export const parsed = <T>(expected: string, parse: (text: string) => T | undefined) =>
  z.string().transform((text, context): T => {
    const value = parse(text.trim());
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: `should be ${expected}`, input: undefined });
    return z.NEVER;
  });

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

export const flag = () =>
  parsed('true or false', (text) => {
    const word = text.toLowerCase();
    return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined;
  });

export const integer = (min: number, max: number, unit = 'a whole number') =>
  parsed(`${unit} from ${min} to ${max}`, (text) => {
    const value = Number(text);
    return /^\d{1,10}$/.test(text) && value >= min && value <= max ? value : undefined;
  });

export const seconds = (max: number) => integer(1, max, 'whole seconds');
export const port = () => integer(0, 65_535, 'a port number');

export const oneOf = <const T extends string>(
  values: readonly T[],
  synonyms: Readonly<Record<string, T>> = {},
) =>
  parsed(`one of ${values.join(', ')}`, (text) => {
    const word = text.toLowerCase();
    return values.find((value) => value === word) ?? synonyms[word];
  });

export const matching = (expected: string, pattern: RegExp) =>
  parsed(expected, (text) => (pattern.test(text) ? text : undefined));

export const anyText = () => parsed('some text', (text) => (text === '' ? undefined : text));

const asUrl = (text: string, schemes: readonly string[]): URL | undefined => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return schemes.includes(url.protocol.slice(0, -1)) ? url : undefined;
};

const schemeList = (schemes: readonly string[]): string =>
  schemes.map((scheme) => `${scheme}://…`).join(' or ');

export const url = (...schemes: string[]) =>
  parsed(`a URL ${schemeList(schemes)}`, (text) => (asUrl(text, schemes)?.hostname ? text : undefined));

/** Several URLs separated by commas: the nodes of one cluster. */
export const urls = (...schemes: string[]) =>
  parsed(`a URL ${schemeList(schemes)}, or several separated by commas`, (text) =>
    text.split(',').every((part) => asUrl(part.trim(), schemes)?.hostname) ? text : undefined,
  );

/** An address to link to: without a path's trailing slash, query or fragment. */
export const baseUrl = () =>
  parsed('an http:// or https:// address without a query', (text) => {
    const address = asUrl(text, ['http', 'https']);
    return address && address.search === '' && address.hash === '' ? text.replace(/\/+$/, '') : undefined;
  });

/** Commas or blanks between the parts, as Django's lists were written. */
export const list = (expected: string, accepts: (part: string) => boolean) =>
  parsed(`${expected}, separated by commas`, (text): readonly string[] | undefined => {
    const parts = text.split(/[\s,]+/).filter((part) => part !== '');
    return parts.every(accepts) ? parts : undefined;
  });

export const emails = () => list('e-mail addresses', (part) => z.email().safeParse(part).success);

const HOST_NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;

export const isHost = (text: string): boolean => isIP(text) !== 0 || HOST_NAME.test(text);

/** As a Host header is compared: lower case, IPv6 without brackets, `.example.com` for `*.example.com`. */
const normalHost = (text: string): string =>
  text
    .toLowerCase()
    .replace(/^\*\./, '.')
    .replace(/^\[(.*)\]$/, '$1');

const isHostPattern = (text: string): boolean =>
  text === '*' || isHost(text.replace(/^(?:\*?\.)/, '').replace(/^\[(.*)\]$/, '$1'));

/** `host:port`, the IPv6 form in brackets. */
const isHostPort = (text: string): boolean => {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  return (
    match?.[1] !== undefined && isHost(match[1].replace(/^\[(.*)\]$/, '$1')) && Number(match[2]) <= 65_535
  );
};

const isOrigin = (text: string): boolean => {
  const address = asUrl(text, ['http', 'https']);
  return address !== undefined && address.origin === text.replace(/\/$/, '');
};

const NAMED_NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);

const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (NAMED_NETWORKS.has(text)) return true;
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
};

export const host = () => parsed('an IP address or a host name', (text) => (isHost(text) ? text : undefined));
export const hostPatterns = () =>
  list('host names (.example.com for a domain with its subdomains, * for any)', isHostPattern).transform(
    (patterns) => patterns.map(normalHost),
  );
export const hostPorts = () => list('host:port', isHostPort);
export const origins = () => list('origins such as https://shop.example', isOrigin);
export const networks = () => list('IP addresses, networks such as 10.0.0.0/8, or loopback', isNetwork);

/** 32 bytes for AES-256, as 64 hexadecimal digits or as base64. */
export const key256 = () =>
  parsed('32 random bytes as 64 hexadecimal digits or as base64 (openssl rand -hex 32)', (text) => {
    if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
    if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
    const bytes = Buffer.from(text, 'base64');
    return bytes.length === 32 ? bytes : undefined;
  });
