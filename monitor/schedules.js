import { get, patch, post } from './api.js';
import { clip, h, openDialog, table, tag, toast, when } from './dom.js';
import { act } from './processes.js';

export async function schedulesView({ root, who }) {
  const load = async () => draw((await get('/schedules')).items);
  const draw = (schedules) =>
    root.replaceChildren(
      h('h1', {}, 'Schedules'),
      table(
        [
          ['Schedule', (s) => [h('span', {}, s.name), h('div', { class: 'faint mono' }, s.job)]],
          ['When', (s) => [h('span', { class: 'mono' }, s.cron), h('div', { class: 'faint' }, s.timezone)]],
          [
            'State',
            (s) => [
              tag(s.enabled ? 'enabled' : 'disabled', s.enabled ? 'good' : 'idle'),
              s.changed ? tag('changed', 'warn') : '',
            ],
          ],
          ['Next', (s) => (s.enabled ? when(s.nextRunAt) : '–')],
          ['Last', (s) => when(s.lastRunAt)],
          ['Missed', (s) => s.missed],
          ['Arguments', (s) => clip(JSON.stringify(s.data))],
          ['', (s) => actions(s)],
        ],
        schedules,
        { id: (s) => s.name, empty: 'No scheduler has declared any yet: start one.' },
      ),
    );
  const path = (s) => `/schedules/${encodeURIComponent(s.name)}`;
  const button = (label, onclick) => h('button', { class: 'quiet', onclick }, label);
  const actions = (s) =>
    h(
      'div',
      { class: 'actions' },
      ...(who.canAct
        ? [
            button('Run now', () => act(() => post(`${path(s)}/run`), `${s.name} runs now`, load)),
            button('Edit', () => edit(s)),
            button(s.enabled ? 'Disable' : 'Enable', () =>
              act(
                () => patch(path(s), { enabled: !s.enabled }),
                `${s.name} is ${s.enabled ? 'disabled' : 'enabled'}`,
                load,
              ),
            ),
            ...(s.changed && s.declared
              ? [
                  button('Restore', () =>
                    act(() => post(`${path(s)}/restore`), `${s.name} is as declared`, load),
                  ),
                ]
              : []),
          ]
        : []),
      button('History', () => showHistory(s)),
    );
  const edit = (s) => {
    const cron = h('input', { value: s.cron, required: true, class: 'mono' });
    const timezone = h('input', { value: s.timezone, required: true });
    const missed = h(
      'select',
      {},
      ['run-once', 'skip'].map((value) => h('option', { value, selected: value === s.missed }, value)),
    );
    const data = h('textarea', { value: JSON.stringify(s.data, undefined, 2) });
    const problem = h('p', { class: 'problem', role: 'alert' });
    const save = async (event) => {
      event.preventDefault();
      try {
        await patch(path(s), {
          cron: cron.value,
          timezone: timezone.value,
          missed: missed.value,
          data: JSON.parse(data.value),
        });
        close();
        toast(`${s.name} is changed`);
        await load();
      } catch (error) {
        problem.textContent = error.message;
      }
    };
    const declared = s.declared
      ? `Declared: ${s.declared.cron} in ${s.declared.timezone}`
      : 'Not declared any more';
    const close = openDialog(
      `Edit ${s.name}`,
      h(
        'form',
        { onsubmit: save },
        h('p', { class: 'faint' }, declared),
        h('label', {}, 'Cron expression, or an interval such as @every 90s', cron),
        h('label', {}, 'Time zone', timezone),
        h('label', {}, 'Ticks that were missed', missed),
        h('label', {}, 'Arguments', data),
        problem,
        h('button', {}, 'Save'),
      ),
    );
  };
  const showHistory = async (s) => {
    const { items } = await get(`${path(s)}/runs`, { limit: 50 });
    openDialog(
      `History of ${s.name}`,
      table(
        [
          ['Due', (run) => when(run.tickAt)],
          ['Fired', (run) => when(run.firedAt)],
          ['Outcome', (run) => tag(run.outcome)],
          [
            'Job',
            (run) =>
              run.jobKey
                ? h(
                    'a',
                    {
                      href: `#jobs?text=${encodeURIComponent(run.jobKey)}`,
                      onclick: () => document.querySelector('#dialog').close(),
                    },
                    'show',
                  )
                : '–',
          ],
        ],
        items,
        { empty: 'It has not run yet.' },
      ),
    );
  };
  await load();
  // The times are read again every minute; what others change shows with them.
  let looks = 0;
  return {
    update: () => (++looks % 15 === 0 && !document.querySelector('#dialog').open ? load() : undefined),
  };
}
