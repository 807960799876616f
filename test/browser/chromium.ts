import { existsSync, mkdirSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where screenshots are kept. */
export const ARTIFACTS = 'test-artifacts';

export function openChromium(): Promise<Browser> {
  mkdirSync(ARTIFACTS, { recursive: true });
  const executablePath = PLACES.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('there is no Chromium: apt-get install chromium');
  return chromium.launch({ executablePath, args: FLAGS, timeout: 60_000 });
}
