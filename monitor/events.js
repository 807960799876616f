import { get } from './api.js';
import { between, clip, h, table, when } from './dom.js';

export async function eventsView({ root, overview }) {
  const update = ({ outbox, at }) => {
    root.replaceChildren(
      h('h1', {}, 'Events'),
      h(
        'div',
        { class: 'cards' },
        h('div', { class: 'card' }, h('small', {}, 'To be published'), h('b', {}, String(outbox.pending))),
        h(
          'div',
          { class: outbox.dead > 0 ? 'card bad' : 'card' },
          h('small', {}, 'Given up'),
          h('b', {}, String(outbox.dead)),
        ),
        h(
          'div',
          { class: 'card' },
          h('small', {}, 'Oldest waits for'),
          h('b', {}, between(outbox.oldestPendingAt, at)),
        ),
      ),
    );
  };
  update(overview ?? (await get('/overview')));
  return { update };
}

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
        ['Details', (entry) => (entry.details === null ? '' : clip(JSON.stringify(entry.details)))],
      ],
      items,
    ),
  );
  return {};
}
