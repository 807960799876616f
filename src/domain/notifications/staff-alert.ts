import type { Mail } from './mail.ts';

/** What staff are told when nobody is looking. */
export interface AlertReadModel {
  /** Who is told: ALERT_EMAIL, or every active admin with an address. Sorted. */
  recipients(): Promise<readonly string[]>;
  /** At or below their threshold; the emptiest first. */
  lowStock(limit: number): Promise<readonly LowLevel[]>;
  stockLevel(id: string): Promise<{ readonly sku: string; readonly warehouse: string } | undefined>;
}

export interface LowLevel {
  readonly sku: string;
  readonly warehouse: string;
  readonly available: number;
  readonly threshold: number;
}

/** Plain and in English: for the people who run the shop. */
export function renderAlert(
  subject: string,
  lines: readonly string[],
): Pick<Mail, 'subject' | 'text' | 'html'> {
  const paragraphs = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
  return {
    subject,
    text: `${lines.join('\n\n')}\n`,
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="font-family: sans-serif">
${paragraphs}
</body>
</html>
`,
  };
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
