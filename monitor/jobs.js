import { get, post } from './api.js';
import { between, clip, confirmed, h, json, openDialog, table, tag, toast, when } from './dom.js';

const STATES = ['ready', 'scheduled', 'retrying', 'running', 'succeeded', 'dead', 'cancelled'];
const QUEUES = ['default', 'orders', 'payments', 'notifications'];
const ACTIONS = [
  ['retry', 'Retry', 'quiet'],
  ['run-now', 'Run now', 'quiet'],
  ['cancel', 'Cancel', 'danger'],
  ['delete', 'Delete', 'danger'],
];
const ALLOWED = {
  ready: ['cancel', 'delete'],
  scheduled: ['run-now', 'cancel', 'delete'],
  retrying: ['run-now', 'cancel', 'delete'],
  running: ['cancel'],
  succeeded: ['retry', 'delete'],
  dead: ['retry', 'delete'],
  cancelled: ['retry', 'delete'],
};

async function change(action, ids) {
  if (
    action === 'delete' &&
    !(await confirmed(`Delete ${ids.length} ${ids.length === 1 ? 'job' : 'jobs'} for good?`, 'Delete'))
  )
    return;
  try {
    const { changed, unchanged } = await post('/jobs/actions', { action, ids });
    const rest = unchanged.length === 0 ? '' : `; ${unchanged.length} did not allow it`;
    toast(
      `${action}: ${changed.length} ${changed.length === 1 ? 'job' : 'jobs'}${rest}`,
      changed.length === 0,
    );
  } catch (problem) {
    toast(problem.message, true);
  }
}

export async function jobsView({ root, params, who }) {
  const chosen = new Set();
  const filter = {
    state: params.get('state') ?? '',
    queue: params.get('queue') ?? '',
    name: params.get('name') ?? '',
    text: params.get('text') ?? '',
  };
  let rows = [];
  let nextCursor;
  let pages = 1;
  const list = h('div');
  const bulk = h('div', { class: 'row', id: 'bulk' });

  const field = (key, element) => {
    element.addEventListener('change', () => {
      filter[key] = element.value.trim();
      const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
      history.replaceState(undefined, '', `#jobs${query.size === 0 ? '' : `?${query}`}`);
      pages = 1;
      chosen.clear();
      void load();
    });
    return element;
  };
  const select = (key, label, values) =>
    field(
      key,
      h(
        'select',
        { 'aria-label': label },
        h('option', { value: '' }, label),
        values.map((value) => h('option', { value, selected: value === filter[key] }, value)),
      ),
    );

  async function load() {
    const found = [];
    let cursor;
    for (let page = 0; page < pages; page++) {
      const answer = await get('/jobs', { ...filter, limit: 50, cursor });
      found.push(...answer.items);
      cursor = answer.nextCursor;
      if (cursor === undefined) break;
    }
    rows = found;
    nextCursor = cursor;
    draw();
  }

  const box = (job) =>
    h('input', {
      type: 'checkbox',
      'aria-label': `Choose ${job.name} ${job.id}`,
      checked: chosen.has(job.id),
      onchange: (event) => {
        if (event.target.checked) chosen.add(job.id);
        else chosen.delete(job.id);
        drawBulk();
      },
    });
  const all = () =>
    h('input', {
      type: 'checkbox',
      'aria-label': 'Choose all',
      checked: rows.length > 0 && rows.every((job) => chosen.has(job.id)),
      onchange: (event) => {
        for (const job of rows) event.target.checked ? chosen.add(job.id) : chosen.delete(job.id);
        draw();
      },
    });

  function drawBulk() {
    if (!who.canAct || chosen.size === 0) return bulk.replaceChildren();
    bulk.replaceChildren(
      h('span', { class: 'faint' }, `${chosen.size} chosen`),
      ...ACTIONS.filter(([action]) =>
        rows.some((job) => chosen.has(job.id) && ALLOWED[job.state].includes(action)),
      ).map(([action, label, kind]) =>
        h(
          'button',
          {
            class: kind,
            onclick: async () => {
              await change(action, [...chosen]);
              chosen.clear();
              await load();
            },
          },
          label,
        ),
      ),
    );
  }

  function draw() {
    // A redraw by the clock must not take away where the keyboard is.
    const focused = document.activeElement?.closest?.('[data-id]')?.dataset.id;
    const kind = document.activeElement?.tagName;
    list.replaceChildren(
      table(
        [
          ...(who.canAct ? [[all(), box]] : []),
          [
            'Job',
            (job) =>
              h(
                'a',
                { href: `#jobs?id=${encodeURIComponent(job.id)}`, onclick: (event) => open(event, job.id) },
                job.name,
              ),
          ],
          ['State', (job) => tag(job.state)],
          ['Queue', (job) => job.queue],
          ['Arguments', (job) => clip(JSON.stringify(job.data))],
          ['Created', (job) => when(job.createdAt)],
          ['Next run', (job) => when(job.runAt)],
          ['Run time', (job) => between(job.startedAt, job.finishedAt), 'num'],
          ['Failures', (job) => String(job.failures), 'num'],
          ['Error', (job) => (job.error ? clip(job.error) : '')],
        ],
        rows,
        { id: (job) => job.id, empty: 'No job fits.' },
      ),
      nextCursor === undefined
        ? ''
        : h(
            'button',
            {
              class: 'quiet',
              onclick: () => {
                pages += 1;
                void load();
              },
            },
            'More',
          ),
    );
    drawBulk();
    if (focused) {
      const row = list.querySelector(`[data-id="${CSS.escape(focused)}"]`);
      row?.querySelector(kind === 'INPUT' ? 'input' : 'a')?.focus();
    }
  }

  const open = (event, id) => {
    event?.preventDefault();
    return showJob(id, who, load);
  };
  root.replaceChildren(
    h('h1', {}, 'Jobs'),
    h(
      'div',
      { class: 'row', role: 'search' },
      select('state', 'Any state', STATES),
      select('queue', 'Any queue', QUEUES),
      field(
        'text',
        h('input', {
          type: 'search',
          placeholder: 'id, name, data, key or error',
          'aria-label': 'Search',
          value: filter.text,
        }),
      ),
    ),
    bulk,
    list,
  );
  await load();
  if (params.get('id')) await open(undefined, params.get('id'));
  return { update: () => (document.querySelector('#dialog').open ? undefined : load()) };
}

async function showJob(id, who, again) {
  let job;
  try {
    job = await get(`/jobs/${encodeURIComponent(id)}`);
  } catch (problem) {
    toast(problem.message, true);
    return;
  }
  const facts = [
    ['State', tag(job.state)],
    ['Id', h('span', { class: 'mono' }, job.id)],
    ['Queue', `${job.queue}, priority ${job.priority}`],
    ['Created', when(job.createdAt)],
    ['Next run', when(job.runAt)],
    ['Run time', between(job.startedAt, job.finishedAt)],
    ['Worker', job.worker ?? '–'],
    ['Unique key', job.uniqueKey ?? '–'],
    ['Correlation', job.correlationId ?? '–'],
    ['Trace', job.traceparent ?? '–'],
  ];
  const actions = ACTIONS.filter(([action]) => ALLOWED[job.state].includes(action)).map(
    ([action, label, kind]) =>
      h(
        'button',
        {
          class: kind,
          onclick: async () => {
            await change(action, [job.id]);
            document.querySelector('#dialog').close();
            await again();
          },
        },
        label,
      ),
  );
  openDialog(
    job.name,
    who.canAct ? h('div', { class: 'row' }, actions) : '',
    h(
      'dl',
      {},
      facts.flatMap(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]),
    ),
    h('h3', {}, 'Arguments'),
    json(job.data),
    ...(job.result === null ? [] : [h('h3', {}, 'Result'), json(job.result)]),
    ...(job.error === null ? [] : [h('h3', {}, 'Error'), h('pre', {}, job.error)]),
    h('h3', {}, 'Attempts'),
    timeline(job),
  );
}

function timeline(job) {
  const items = job.attempts.map((attempt) =>
    h(
      'li',
      {},
      tag(attempt.outcome),
      ' ',
      when(attempt.startedAt),
      attempt.outcome === 'retried' ? '' : ` for ${between(attempt.startedAt, attempt.endedAt)}`,
      attempt.worker ? h('div', { class: 'faint mono' }, attempt.worker) : '',
      attempt.stack || attempt.error ? h('pre', {}, attempt.stack ?? attempt.error) : '',
    ),
  );
  if (job.state === 'running') items.push(h('li', {}, tag('running'), ' since ', when(job.startedAt)));
  if (job.state === 'retrying') items.push(h('li', {}, tag('retrying'), ' ', when(job.runAt)));
  return items.length === 0 ? h('p', { class: 'faint' }, 'None yet.') : h('ol', { class: 'timeline' }, items);
}
