/** Makes an element. Text goes in as text: nothing that comes from the API is ever read as markup. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'class') element.className = value;
    else if (key === 'value' || key === 'checked' || key === 'disabled') element[key] = value;
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((c) => c !== undefined && c !== null && c !== false));
  return element;
}

/** `columns`: [title, cell(row), class?]. On a phone each row is a block with the titles in it. */
export function table(columns, rows, options = {}) {
  if (rows.length === 0) return h('div', { class: 'scroll empty' }, options.empty ?? 'Nothing here.');
  const head = columns.map(([title, , kind]) => h('th', { class: kind, scope: 'col' }, title));
  const body = rows.map((row) =>
    h(
      'tr',
      { 'data-id': options.id?.(row) },
      columns.map(([title, cell, kind]) =>
        h('td', { class: kind, 'data-label': typeof title === 'string' ? title : '' }, cell(row)),
      ),
    ),
  );
  return h(
    'div',
    { class: 'scroll' },
    h('table', { class: 'stack' }, h('thead', {}, h('tr', {}, head)), h('tbody', {}, body)),
  );
}

const TONES = {
  succeeded: 'good',
  running: '',
  ready: '',
  scheduled: 'idle',
  retrying: 'warn',
  dead: 'bad',
  cancelled: 'idle',
  failed: 'bad',
  'timed-out': 'bad',
  lost: 'bad',
  retried: 'idle',
  late: 'warn',
  skipped: 'idle',
  sent: 'good',
  replayed: 'good',
};
export const tag = (text, tone = TONES[text] ?? '') => h('span', { class: `tag ${tone}` }, text);

export const json = (value) => h('pre', {}, JSON.stringify(value, undefined, 2) ?? 'null');
export const clip = (text) => h('span', { class: 'clip mono', title: text }, text);

export function when(iso) {
  if (!iso) return '–';
  return h('time', { datetime: iso, title: iso }, relative(new Date(iso)));
}

function relative(at) {
  const seconds = Math.round((at.getTime() - Date.now()) / 1000);
  const text = span(Math.abs(seconds));
  if (Math.abs(seconds) < 2) return 'now';
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}

export function span(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

export const between = (from, to) => (from && to ? span((Date.parse(to) - Date.parse(from)) / 1000) : '–');

export function toast(text, bad = false) {
  const note = h('div', { class: bad ? 'toast bad' : 'toast' }, text);
  document.querySelector('#toasts').append(note);
  setTimeout(() => note.remove(), bad ? 9000 : 4000);
}

/** Opens the dialog with a title; Escape closes it. @returns how to close it */
export function openDialog(title, ...content) {
  const dialog = document.querySelector('#dialog');
  const close = () => dialog.close();
  dialog.replaceChildren(
    h('h2', { id: 'dialog-title' }, title),
    ...content,
    h('div', { class: 'row', id: 'dialog-close' }, h('button', { class: 'quiet', onclick: close }, 'Close')),
  );
  if (!dialog.open) dialog.showModal();
  return close;
}

/** Asks before what cannot be taken back. */
export function confirmed(question, label) {
  return new Promise((resolve) => {
    const dialog = document.querySelector('#dialog');
    let answer = false;
    const done = (value) => () => {
      answer = value;
      dialog.close();
    };
    dialog.replaceChildren(
      h('h2', { id: 'dialog-title' }, question),
      h(
        'div',
        { class: 'row' },
        h('button', { class: 'danger', onclick: done(true) }, label),
        h('button', { class: 'quiet', onclick: done(false) }, 'Keep as it is'),
      ),
    );
    dialog.addEventListener('close', () => resolve(answer), { once: true });
    if (!dialog.open) dialog.showModal();
  });
}
