import { aboutSetting, SETTING_NAMES } from './settings.ts';

const HEAD = `# Every setting of Crossborder Trade with its default. Copy this file to .env and uncomment what you change.
# Generated from src/config/settings.ts by \`npm run env-example\`.`;

/** Quoted where a shell, dotenv or docker compose would otherwise read something else. */
const quoted = (text: string): string => (/[\s<>#]/.test(text) ? `"${text}"` : text);

/** The text of `.env.example`: everything commented out, so that a copy of it changes nothing. */
export function envExample(): string {
  const lines = [HEAD];
  let section = '';
  for (const name of SETTING_NAMES) {
    const { section: own, summary, fallback } = aboutSetting(name);
    if (own !== section) lines.push('', `## ${own}`);
    section = own;
    lines.push(`# ${summary}`, `#${name}=${quoted(fallback ?? '')}`);
  }
  return `${lines.join('\n')}\n`;
}
