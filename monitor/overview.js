import { between, h, span, table, tag, when } from './dom.js';

/** The last two minutes of each figure, at one look every two seconds. */
const KEPT = 60;
const history = [];

export function remember(overview) {
  if (overview.jobStore !== 'ok') return;
  history.push({
    waiting: overview.queues.reduce((n, q) => n + q.ready, 0),
    running: overview.queues.reduce((n, q) => n + q.running, 0),
    finished: overview.queues.reduce((n, q) => n + q.succeededLastMinute, 0),
  });
  if (history.length > KEPT) history.shift();
}

const NS = 'http://www.w3.org/2000/svg';

function spark(key) {
  const values = history.map((entry) => entry[key]);
  const top = Math.max(1, ...values);
  const svg = document.createElementNS(NS, 'svg');
  svg.setAttribute('class', 'spark');
  svg.setAttribute('viewBox', `0 0 ${KEPT - 1} 100`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(NS, 'polyline');
  const from = KEPT - values.length;
  line.setAttribute('points', values.map((v, i) => `${from + i},${96 - (v / top) * 92}`).join(' '));
  svg.append(line);
  return svg;
}

/** Says what is missing while MongoDB is away. */
const jobStoreAway = (view) =>
  view.jobStore === 'unavailable'
    ? h('p', { class: 'problem' }, 'The job store cannot be reached: what waits and runs in it is not known.')
    : undefined;

const card = (title, value, note, tone = '', extra = undefined) =>
  h(
    'div',
    { class: `card ${tone}` },
    h('small', {}, title),
    h('b', {}, String(value)),
    h('small', {}, note),
    extra,
  );

function cards(view) {
  const known = view.jobStore === 'ok';
  const total = (key) => (known ? view.queues.reduce((n, queue) => n + queue[key], 0) : '?');
  const alive = view.workers.filter((w) => w.alive);
  const workers = alive.filter((w) => w.role === 'worker');
  const missing = ['worker', 'scheduler', 'relay'].filter((role) => !alive.some((w) => w.role === role));
  const oldest = view.queues
    .map((q) => q.oldestReadyAt)
    .filter(Boolean)
    .sort()[0];
  return h(
    'div',
    { class: 'cards' },
    card(
      'Workers',
      workers.length,
      missing.length === 0 ? `${alive.length} processes` : `no ${missing.join(', ')} is alive`,
      missing.length === 0 ? '' : 'bad',
    ),
    card(
      'Running',
      total('running'),
      `of ${workers.reduce((n, w) => n + w.concurrency, 0)} places`,
      '',
      spark('running'),
    ),
    card(
      'Waiting',
      total('ready'),
      oldest ? `oldest for ${between(oldest, view.at)}` : known ? 'nothing waits' : 'not known',
      '',
      spark('waiting'),
    ),
    card('Done, last minute', total('succeededLastMinute'), 'jobs', '', spark('finished')),
    card('Dead jobs', total('dead'), `${total('retrying')} retrying`, total('dead') > 0 ? 'bad' : ''),
    card(
      'Outbox',
      view.outbox.pending,
      view.outbox.dead > 0 ? `${view.outbox.dead} dead` : 'events to publish',
      view.outbox.dead > 0 ? 'bad' : '',
    ),
    card(
      'Schedules',
      view.schedules.enabled,
      view.schedules.lagSeconds > 60 ? `${span(view.schedules.lagSeconds)} behind` : 'on time',
      view.schedules.lagSeconds > 60 ? 'warn' : '',
    ),
  );
}

export function overviewView({ root, overview }) {
  const update = (view) => {
    root.replaceChildren(
      h('h1', {}, 'Overview'),
      jobStoreAway(view) ?? '',
      cards(view),
      h('h2', {}, 'What it stands on'),
      table(
        [
          ['Dependency', (check) => check.name],
          ['State', (check) => tag(check.status, check.status === 'ok' ? 'good' : 'bad')],
          ['Answer', (check) => check.reason ?? `${check.ms} ms`],
        ],
        view.checks,
      ),
      h('h2', {}, 'Processes'),
      table(
        [
          ['Role', (w) => w.role],
          ['Where', (w) => h('span', { class: 'mono' }, `${w.host}:${w.pid}`)],
          [
            'State',
            (w) =>
              w.alive
                ? tag(w.load.stopping ? 'stopping' : 'alive', w.load.stopping ? 'warn' : 'good')
                : tag('gone', 'bad'),
          ],
          ['Seen', (w) => when(w.seenAt)],
          ['Version', (w) => w.version],
        ],
        view.workers,
        {
          empty: 'No process has been seen in the last ten minutes: start a worker, a scheduler and a relay.',
        },
      ),
      h('p', { class: 'faint' }, `Version ${view.version}.`),
    );
  };
  if (overview) update(overview);
  else root.append(h('h1', {}, 'Overview'), h('p', { class: 'faint' }, 'Looking …'));
  return { update };
}
