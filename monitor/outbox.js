import { get, post } from './api.js';
import { clip, confirmed, h, openDialog, table, toast, when } from './dom.js';
import { act } from './processes.js';

/** The events that wait, were refused, or were given up: with what can be done about them. */
export function outboxSection(who) {
  const rows = h('div');
  const choice = h(
    'select',
    { 'aria-label': 'Which events of the outbox', onchange: () => void load() },
    ['dead', 'pending', 'sent', 'skipped'].map((value) => h('option', { value }, value)),
  );
  async function load() {
    const status = choice.value;
    const { items } = await get('/outbox', { status, limit: 100 });
    rows.replaceChildren(
      table(
        [
          ['Since', (event) => when(event.occurredAt)],
          ['Event', (event) => event.type],
          ['Of', (event) => clip(`${event.aggregateType} ${event.aggregateId} #${event.sequence}`)],
          ['Refusals', (event) => String(event.attempts), 'num'],
          ['Why', (event) => clip(event.lastError ?? '')],
          ['', (event) => actions(event)],
        ],
        items,
        { id: (event) => event.id, empty: `No ${status} events.` },
      ),
    );
  }
  const refused = ({ status, attempts }) => status === 'dead' || (status === 'pending' && attempts > 0);
  const actions = (event) =>
    h(
      'div',
      { class: 'actions' },
      h('button', { class: 'quiet', onclick: () => show(event) }, 'Show'),
      ...(who.canAct && refused(event)
        ? [
            h(
              'button',
              {
                class: 'quiet',
                onclick: () =>
                  act(() => post(`/outbox/${event.id}/replay`), 'The event is published again', load),
              },
              'Replay',
            ),
            h('button', { class: 'danger', onclick: () => skip(event) }, 'Skip'),
          ]
        : []),
    );
  const skip = async (event) => {
    if (
      !(await confirmed(`Give ${event.type} up for good? What waits behind it goes on without it.`, 'Skip'))
    )
      return;
    await act(
      () => post(`/outbox/${event.id}/skip`, { reason: 'skipped in the monitor' }),
      'The event is given up',
      load,
    );
  };
  const show = async ({ id, type }) => {
    try {
      const { lastError, blockedBy, correlationId, payload } = await get(`/outbox/${id}`);
      openDialog(
        type,
        lastError === null ? '' : h('pre', {}, lastError),
        blockedBy === null ? '' : h('p', {}, `Waits behind ${blockedBy}.`),
        correlationId === null ? '' : h('p', { class: 'faint' }, `Caused by ${correlationId}`),
        h('h3', {}, 'Payload'),
        h('pre', {}, JSON.stringify(payload, undefined, 2)),
      );
    } catch (problem) {
      toast(problem.message, true);
    }
  };
  return { root: h('div', {}, h('div', { class: 'row' }, choice), rows), load };
}
