import { get, post } from './api.js';
import { between, clip, confirmed, h, openDialog, table, tag, toast, when } from './dom.js';
import { outboxSection } from './outbox.js';
import { act } from './processes.js';

/** Looks between two readings of what is not part of the overview. */
const SELDOM = 3;

export async function eventsView({ root, who, overview }) {
  let status = 'dead';
  let looks = 0;
  const figures = h('div', { class: 'cards' });
  const lag = h('div');
  const letters = h('div');
  const outbox = outboxSection(who);
  const choice = h(
    'select',
    {
      'aria-label': 'Which dead letters',
      onchange: () => {
        status = choice.value;
        void loadLetters();
      },
    },
    ['dead', 'replayed', 'skipped'].map((value) => h('option', { value }, value)),
  );

  const drawFigures = ({ outbox, at }) =>
    figures.replaceChildren(
      figure('Waits to be published', outbox.pending),
      figure('Refused for the last time', outbox.dead, outbox.dead > 0 ? 'bad' : ''),
      figure('Oldest waits for', outbox.oldestPendingAt ? between(outbox.oldestPendingAt, at) : '–'),
    );
  async function loadLag() {
    const { items } = await get('/lag').catch((problem) => ({
      items: [],
      problem: toast(problem.message, true),
    }));
    const behind = items.filter((of) => of.lag > 0);
    lag.replaceChildren(
      table(
        [
          ['Group', (of) => of.group],
          ['Topic', (of) => of.topic],
          ['Partition', (of) => String(of.partition), 'num'],
          ['Done', (of) => String(of.position), 'num'],
          ['End', (of) => String(of.end), 'num'],
          ['Lag', (of) => (of.lag > 0 ? tag(String(of.lag), 'warn') : '0'), 'num'],
        ],
        behind.length > 0 ? behind : items,
      ),
      behind.length === 0 ? h('p', { class: 'faint' }, 'Every group is at the end.') : '',
    );
  }
  async function loadLetters() {
    const { items } = await get('/dead-letters', { status, limit: 100 });
    letters.replaceChildren(
      table(
        [
          ['Since', (letter) => when(letter.createdAt)],
          ['Group', (letter) => letter.group],
          ['Event', (letter) => letter.eventType ?? '–'],
          ['Where', (letter) => clip(`${letter.topic} ${letter.partition}:${letter.position}`)],
          ['Why', (letter) => clip(letter.cause)],
          ['', (letter) => actions(letter)],
        ],
        items,
        { id: (letter) => letter.id, empty: `No ${status} letters.` },
      ),
    );
  }
  const actions = (letter) =>
    h(
      'div',
      { class: 'actions' },
      h('button', { class: 'quiet', onclick: () => show(letter) }, 'Show'),
      ...(who.canAct && letter.status === 'dead'
        ? [
            h(
              'button',
              {
                class: 'quiet',
                onclick: () =>
                  act(() => post(`/dead-letters/${letter.id}/replay`), 'The event is handled', loadLetters),
              },
              'Replay',
            ),
            h('button', { class: 'danger', onclick: () => skip(letter) }, 'Skip'),
          ]
        : []),
    );
  const skip = async (letter) => {
    if (
      !(await confirmed(
        `Give ${letter.eventType ?? 'the message'} up for ${letter.group}, for good?`,
        'Skip',
      ))
    )
      return;
    await act(
      () => post(`/dead-letters/${letter.id}/skip`, { reason: 'skipped in the monitor' }),
      'The event is given up',
      loadLetters,
    );
  };
  const show = async (letter) => {
    try {
      const { headers, value } = await get(`/dead-letters/${letter.id}`);
      openDialog(
        letter.eventType ?? 'A message',
        h('pre', {}, letter.cause),
        h('h3', {}, 'Headers'),
        h('pre', {}, JSON.stringify(headers, undefined, 2)),
        h('h3', {}, 'Message'),
        h('pre', {}, value),
      );
    } catch (problem) {
      toast(problem.message, true);
    }
  };
  root.replaceChildren(
    h('h1', {}, 'Events'),
    h('h2', {}, 'Outbox'),
    figures,
    outbox.root,
    h('h2', {}, 'Dead letters of consumers'),
    h('div', { class: 'row' }, choice),
    letters,
    h('h2', {}, 'Lag'),
    lag,
  );
  drawFigures(overview ?? (await get('/overview')));
  await Promise.all([outbox.load(), loadLag(), loadLetters()]);
  return {
    update: (view) => {
      drawFigures(view);
      looks += 1;
      if (looks % SELDOM !== 0 || document.querySelector('#dialog').open) return undefined;
      return Promise.all([outbox.load(), loadLag(), loadLetters()]);
    },
  };
}

const figure = (title, value, tone = '') =>
  h('div', { class: `card ${tone}` }, h('small', {}, title), h('b', {}, String(value)));

export async function auditView({ root }) {
  const { items } = await get('/audit', { limit: 100 });
  root.replaceChildren(
    h('h1', {}, 'Audit'),
    table(
      [
        ['When', (entry) => when(entry.at)],
        ['Who', (entry) => clip(entry.actor)],
        ['Did', (entry) => entry.action],
        ['To', (entry) => clip(entry.subject)],
        ['Outcome', (entry) => entry.outcome],
        ['Details', (entry) => (entry.details === null ? '' : clip(JSON.stringify(entry.details)))],
      ],
      items,
      { empty: 'Nobody has done anything yet.' },
    ),
  );
  return {};
}
