import type { Locale } from '../shared/locale.ts';
import type { Mail } from './mail.ts';

/** A mail by its parts; each is plain text. */
export interface MailParts {
  readonly locale: Locale;
  readonly subject: string;
  readonly body: string;
  /** What was bought, with its price. */
  readonly items?: readonly MailRow[];
  /** What it comes to; the last row stands out. */
  readonly totals?: readonly MailRow[];
  /** Further facts: carrier, tracking number, deadline. */
  readonly facts?: readonly MailRow[];
  /** Something to type in or to copy. */
  readonly code?: string;
  /** Shown in HTML only when it is one of HTTPS. */
  readonly link?: { readonly label: string; readonly url: string } | undefined;
  readonly note: string;
}

export interface MailRow {
  readonly label: string;
  readonly detail?: string;
  readonly value: string;
}

type Content = Pick<Mail, 'subject' | 'text' | 'html'>;

/** The same parts as text and as HTML. */
export const composeMail = (parts: MailParts): Content => ({
  subject: parts.subject,
  text: textOf(parts),
  html: htmlOf(parts),
});

function textOf({ body, items = [], totals = [], facts = [], code, link, note }: MailParts): string {
  const lines = (rows: readonly MailRow[]): string =>
    rows.map(({ label, detail, value }) => `${label}${detail ? ` (${detail})` : ''}: ${value}`).join('\n');
  const blocks = [
    body,
    code ?? '',
    lines(items),
    lines(totals),
    lines(facts),
    isSafe(link?.url) ? `${link?.label ?? ''}: ${link?.url ?? ''}` : '',
    note,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/*
 * Mail programs know tables and inline styles; the style element below is for those that know more, and nothing
 * depends on it. Nothing is fetched from anywhere: no image, no font, no script.
 */
const FONT =
  "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";
const INK = '#1d2430';
const FAINT = '#5b6575';
const LINE = '#e3e7ee';
const ACCENT = '#1f5fbf';

/** Colours that are the wrong way round in the dark, and columns that are too wide for a phone. */
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:620px){.card{border-radius:0!important;padding:24px 20px!important}.outer{padding:0!important}}
@media (prefers-color-scheme:dark){.page{background:#12161d!important}.card{background:#1b212b!important;border-color:#2d3643!important}.ink{color:#eef1f6!important}.faint{color:#a3aec0!important}.rule{border-color:#2d3643!important}.code{background:#12161d!important;border-color:#2d3643!important;color:#eef1f6!important}.link{background:#2f6fd0!important}}`;

function htmlOf(parts: MailParts): string {
  const { locale, subject, body, items = [], totals = [], facts = [], code, link, note } = parts;
  const last = totals.at(-1);
  const rows = [
    ...items.map((row) => tableRow(row, false)),
    ...totals.map((row) => tableRow(row, row === last)),
    ...facts.map((row) => tableRow(row, false)),
  ];
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${STYLE}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f2f4f8">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f2f4f8">
<tr><td class="outer" align="center" style="padding:32px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px">
<tr><td class="card" style="background:#ffffff;border:1px solid ${LINE};border-radius:12px;padding:36px 40px;${FONT}">
<h1 class="ink" style="margin:0 0 16px;font-size:22px;line-height:1.3;color:${INK}">${escapeHtml(subject)}</h1>
<p class="ink" style="margin:0 0 24px;font-size:16px;line-height:1.55;color:${INK}">${escapeHtml(body)}</p>
${codeBlock(code)}${rows.length === 0 ? '' : table(rows)}${button(link)}<p class="faint" style="margin:0;font-size:13px;line-height:1.5;color:${FAINT}">${escapeHtml(note)}</p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

const table = (rows: readonly string[]): string =>
  `<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 24px;border-collapse:collapse">
${rows.join('\n')}
</table>
`;

function tableRow({ label, detail, value }: MailRow, strong: boolean): string {
  const weight = strong ? 'font-weight:700;' : '';
  const cell = `padding:10px 0;border-top:1px solid ${LINE};font-size:15px;line-height:1.45;vertical-align:top;color:${INK};${weight}`;
  const under =
    detail === undefined || detail === ''
      ? ''
      : `<br><span class="faint" style="font-size:13px;font-weight:400;color:${FAINT}">${escapeHtml(detail)}</span>`;
  return `<tr><td class="ink rule" style="${cell}">${escapeHtml(label)}${under}</td><td class="ink rule" align="right" style="${cell}padding-left:16px">${escapeHtml(value)}</td></tr>`;
}

const codeBlock = (code: string | undefined): string =>
  code === undefined
    ? ''
    : `<p style="margin:0 0 24px"><code class="code" style="display:block;padding:14px 16px;background:#f2f4f8;border:1px solid ${LINE};border-radius:8px;font-family:Consolas,Menlo,monospace;font-size:15px;word-break:break-all;color:${INK}">${escapeHtml(code)}</code></p>
`;

const button = (link: MailParts['link']): string =>
  link !== undefined && isSafe(link.url)
    ? `<p style="margin:0 0 24px"><a class="link" href="${escapeHtml(link.url)}" style="display:inline-block;padding:12px 22px;border-radius:8px;background:${ACCENT};color:#ffffff;font-size:15px;font-weight:600;text-decoration:none">${escapeHtml(link.label)}</a></p>
`
    : '';

const isSafe = (url: string | undefined): boolean => url?.startsWith('https://') ?? false;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
