import { get, onSignedOut, signIn, signOut, watch } from './api.js';
import { h, toast } from './dom.js';
import { auditView, eventsView } from './events.js';
import { jobsView } from './jobs.js';
import { overviewView, remember } from './overview.js';
import { queuesView, workersView } from './processes.js';
import { schedulesView } from './schedules.js';

const VIEWS = {
  overview: ['Overview', overviewView],
  workers: ['Workers', workersView],
  queues: ['Queues', queuesView],
  jobs: ['Jobs', jobsView],
  schedules: ['Schedules', schedulesView],
  events: ['Events', eventsView],
  audit: ['Audit', auditView],
};

const $ = (selector) => document.querySelector(selector);
/** What the views share: who looks, the last overview, and how to draw again. */
const state = { who: undefined, overview: undefined, view: undefined, stop: undefined };

function route() {
  const [name, query = ''] = location.hash.slice(1).split('?');
  return { name: VIEWS[name] ? name : 'overview', params: new URLSearchParams(query) };
}

function drawNav() {
  const current = route().name;
  const trouble = {
    jobs: state.overview?.queues.reduce((n, queue) => n + queue.dead, 0),
    events: state.overview?.outbox.dead,
  };
  const focused = document.activeElement?.getAttribute('href');
  $('#nav').replaceChildren(
    ...Object.entries(VIEWS).map(([name, [title]]) =>
      h(
        'a',
        { href: `#${name}`, 'aria-current': name === current ? 'page' : undefined },
        title,
        trouble[name] ? h('span', { class: 'count', title: 'dead' }, String(trouble[name])) : undefined,
      ),
    ),
  );
  if (focused)
    $('#nav')
      .querySelector(`a[href="${CSS.escape(focused)}"]`)
      ?.focus();
}

/** Each view draws itself into the page, and says what it does with a new overview. */
async function draw() {
  const { name, params } = route();
  const [title, view] = VIEWS[name];
  document.title = `${title} · Monitor`;
  drawNav();
  const root = h('section', { 'aria-label': title });
  $('#view').replaceChildren(root);
  state.view = undefined;
  try {
    const opened = await view({ root, params, who: state.who, overview: state.overview });
    if (root.isConnected) state.view = opened;
  } catch (problem) {
    if (problem.status !== 401) root.append(h('p', { class: 'problem', role: 'alert' }, problem.message));
  }
}

function start(who) {
  state.who = who;
  $('#bar').hidden = false;
  $('#who').textContent = `${who.username ?? who.displayName} · ${who.canAct ? 'admin' : 'read only'}`;
  state.stop?.();
  state.stop = watch({
    onState: (on) => {
      $('#live').className = on ? 'live on' : 'live';
      $('#live').textContent = on ? 'live' : 'not live';
    },
    onOverview: (overview) => {
      state.overview = overview;
      remember(overview);
      drawNav();
      Promise.resolve(state.view?.update?.(overview)).catch((problem) => toast(problem.message, true));
    },
  });
  void draw();
}

function askToSignIn() {
  state.stop?.();
  state.view = undefined;
  $('#bar').hidden = true;
  if ($('#dialog').open) $('#dialog').close();
  document.title = 'Sign in · Monitor';
  const problem = h('p', { class: 'problem', role: 'alert' });
  const login = h('input', { name: 'login', autocomplete: 'username', required: true, autofocus: true });
  const password = h('input', {
    name: 'password',
    type: 'password',
    autocomplete: 'current-password',
    required: true,
  });
  const button = h('button', { type: 'submit' }, 'Sign in');
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      start(await signIn(login.value.trim(), password.value));
    } catch (error) {
      problem.textContent = error.message;
      password.value = '';
      password.focus();
    } finally {
      button.disabled = false;
    }
  };
  $('#view').replaceChildren(
    h(
      'div',
      { class: 'sign-in' },
      h(
        'form',
        { class: 'card', onsubmit: submit },
        h('h1', {}, 'Crossborder monitor'),
        h('p', { class: 'faint' }, 'Sign in with a staff account. Staff look, admins act.'),
        h('label', {}, 'User name or e-mail', login),
        h('label', {}, 'Password', password),
        problem,
        button,
      ),
    ),
  );
  login.focus();
}

onSignedOut(askToSignIn);
addEventListener('hashchange', () => {
  if (state.who) {
    void draw().then(() => $('#view').focus({ preventScroll: true }));
  }
});
$('#sign-out').addEventListener('click', async () => {
  await signOut().catch((problem) => toast(problem.message, true));
  state.who = undefined;
  askToSignIn();
});

get('/session').then(start, (problem) => {
  askToSignIn();
  if (problem.status !== 401) toast(problem.message, true);
});
