import { get, patch, post } from './api.js';
import { between, confirmed, h, openDialog, table, tag, toast, when } from './dom.js';

/** Does it, says so, and draws again. */
export async function act(work, done, again) {
  try {
    await work();
    toast(done);
    await again?.();
  } catch (problem) {
    toast(problem.message, true);
  }
}

export const number = (label, value, attributes) => {
  const input = h('input', { type: 'number', value: value ?? '', ...attributes });
  return [input, h('label', {}, label, input)];
};

export async function workersView({ root, who, overview }) {
  const update = (view) => draw(view.workers);
  const draw = (workers) =>
    root.replaceChildren(
      h('h1', {}, 'Workers'),
      table(
        [
          [
            'Process',
            (w) => [
              h('span', { class: 'mono' }, `${w.host}:${w.pid}`),
              h('div', { class: 'faint' }, `${w.role} ${w.version}`),
            ],
          ],
          ['State', (w) => stateOf(w)],
          ['Queues', (w) => w.queues.join(', ') || '–'],
          ['Load', (w) => (w.role === 'worker' ? `${w.load.running} of ${w.concurrency}` : '–'), 'num'],
          ['Done', (w) => (w.role === 'worker' ? String(w.load.processed) : '–'), 'num'],
          ['CPU', (w) => `${Math.round(w.load.cpuPercent)} %`, 'num'],
          ['Memory', (w) => `${Math.round(w.load.memoryMegabytes)} MB`, 'num'],
          ['Heartbeat', (w) => when(w.seenAt)],
          ['Up', (w) => between(w.startedAt, w.seenAt), 'num'],
          [
            'Runs',
            (w) =>
              (w.jobs ?? []).map((job) =>
                h('a', { href: `#jobs?id=${encodeURIComponent(job.id)}` }, job.name, ' '),
              ),
          ],
          ...(who.canAct ? [['', (w) => actions(w)]] : []),
        ],
        workers,
        { id: (w) => w.id, empty: 'No process has been seen in the last ten minutes.' },
      ),
    );
  const resize = (w, by) =>
    act(
      () => post(`/workers/${w.id}/concurrency`, { concurrency: w.concurrency + by }),
      `${w.host}:${w.pid} is told to run ${w.concurrency + by} at a time`,
    );
  const actions = (w) => {
    if (w.role !== 'worker' || !w.alive) return [];
    const name = `${w.host}:${w.pid}`;
    return h(
      'div',
      { class: 'actions' },
      h(
        'button',
        {
          class: 'quiet',
          'aria-label': `Shrink ${name}`,
          disabled: w.concurrency <= 1,
          onclick: () => resize(w, -1),
        },
        '−',
      ),
      h('button', { class: 'quiet', 'aria-label': `Grow ${name}`, onclick: () => resize(w, 1) }, '+'),
      h(
        'button',
        {
          class: 'danger',
          onclick: async () => {
            if (await confirmed(`Shut ${name} down? It finishes what it runs.`, 'Shut down'))
              await act(() => post(`/workers/${w.id}/shut-down`), `${name} is told to shut down`);
          },
        },
        'Shut down',
      ),
    );
  };
  draw(overview?.workers ?? (await get('/workers')).items);
  return { update };
}

/** Not known while the job store is away. */
const count = (n) => String(n ?? '?');

function stateOf(w) {
  if (!w.alive) return tag('gone', 'bad');
  return w.load.stopping ? tag('stopping', 'warn') : tag('alive', 'good');
}

export async function queuesView({ root, who, overview }) {
  const again = async () => draw((await get('/queues')).items);
  const draw = (queues) =>
    root.replaceChildren(
      h('h1', {}, 'Queues'),
      table(
        [
          ['Queue', (q) => [h('a', { href: `#jobs?queue=${q.queue}` }, q.name)]],
          ['State', (q) => (q.paused ? tag('paused', 'warn') : tag('open', 'good'))],
          ['Ready', (q) => count(q.ready), 'num'],
          ['Running', (q) => count(q.running), 'num'],
          ['Scheduled', (q) => count(q.scheduled), 'num'],
          ['Retrying', (q) => count(q.retrying), 'num'],
          ['Dead', (q) => (q.dead > 0 ? tag(String(q.dead), 'bad') : count(q.dead)), 'num'],
          ['Done/min', (q) => count(q.succeededLastMinute), 'num'],
          ['Failed/min', (q) => count(q.failedLastMinute), 'num'],
          ['Oldest', (q) => when(q.oldestReadyAt)],
          ['Limits', (q) => limitsOf(q)],
          ...(who.canAct ? [['', (q) => actions(q)]] : []),
        ],
        queues,
        { id: (q) => q.queue },
      ),
    );
  const actions = (q) =>
    h(
      'div',
      { class: 'actions' },
      h(
        'button',
        {
          class: 'quiet',
          onclick: () =>
            act(
              () => patch(`/queues/${q.queue}`, { paused: !q.paused }),
              `${q.name} is ${q.paused ? 'resumed' : 'paused'}`,
              again,
            ),
        },
        q.paused ? 'Resume' : 'Pause',
      ),
      h('button', { class: 'quiet', onclick: () => edit(q) }, 'Limits'),
    );
  const edit = (q) => {
    const [priority, priorityField] = number('Priority: jobs of a higher one start first', q.priority, {
      min: -100,
      max: 100,
    });
    const [concurrency, concurrencyField] = number(
      'Jobs at a time in each worker (empty: no limit)',
      q.concurrency,
      { min: 1 },
    );
    const [jobs, jobsField] = number('Starts over all workers (empty: no limit)', q.rateLimit?.jobs, {
      min: 1,
    });
    const [seconds, secondsField] = number('… in so many seconds', q.rateLimit?.seconds ?? 60, { min: 1 });
    const whole = (input) => (input.value === '' ? null : Number(input.value));
    const save = async (event) => {
      event.preventDefault();
      const rateLimit = whole(jobs) === null ? null : { jobs: whole(jobs), seconds: whole(seconds) ?? 60 };
      await act(
        () =>
          patch(`/queues/${q.queue}`, {
            priority: Number(priority.value),
            concurrency: whole(concurrency),
            rateLimit,
          }),
        `${q.name} is changed`,
        async () => {
          close();
          await again();
        },
      );
    };
    const close = openDialog(
      `Limits of ${q.name}`,
      h(
        'form',
        { onsubmit: save },
        priorityField,
        concurrencyField,
        jobsField,
        secondsField,
        h('button', {}, 'Save'),
      ),
    );
  };
  draw(overview?.queues ?? (await get('/queues')).items);
  return { update: (view) => draw(view.queues) };
}

function limitsOf(q) {
  const parts = [];
  if (q.priority !== 0) parts.push(`priority ${q.priority}`);
  if (q.concurrency !== null) parts.push(`${q.concurrency} a worker`);
  if (q.rateLimit !== null) parts.push(`${q.rateLimit.jobs} in ${q.rateLimit.seconds} s`);
  return parts.join(', ') || '–';
}
