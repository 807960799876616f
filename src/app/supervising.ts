import { type ChildProcess, fork } from 'node:child_process';

/** How often a supervised process says that its event loop turns, and how often that is looked at, in milliseconds. */
const BEAT = 1000;
/** Before a process that died is replaced, in milliseconds. */
const PAUSE = 1000;
const ALIVE = 'alive';
const WORKING = 'working';
const STOPPING = 'stopping';

export interface Supervision {
  /** The file that the process runs, and what it is given. */
  readonly program: string;
  readonly args: readonly string[];
  /** An event loop that stands still for so long is not waited for any more. */
  readonly blockedSeconds: number;
  /** A process that has begun to stop is killed when it has not ended after so long. */
  readonly stopMilliseconds: number;
  readonly tell: (line: string) => void;
}

export interface Supervised {
  /** The exit code of a process that ended by itself, or that could not start. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

/**
 * Runs a program in a process of its own, and another in its place when it dies or its event loop stands still: from
 * inside, nothing can be done about a job that never gives the thread back.
 */
export function supervise(options: Supervision): Supervised {
  const { blockedSeconds } = options;
  let stopping = false;
  let everWorked = false;
  let child: ChildProcess | undefined;
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const start = (): void => {
    // In a process group of its own: a Ctrl-C comes here, and once.
    const started = fork(options.program, [...options.args], { detached: true });
    child = started;
    const kill = (why: string): void => {
      options.tell(`process ${started.pid ?? 0} ${why}: killed`);
      started.kill('SIGKILL');
    };
    const watch = watchBeats(started, blockedSeconds, () => kill(`has been blocked for ${blockedSeconds} s`));
    started.on('message', (message) => {
      everWorked ||= message === WORKING;
      if (message !== STOPPING || stopping) return;
      // Told by an operator, or signalled by itself: none takes its place, however it ends.
      stopping = true;
      const bound = setTimeout(() => kill('has not ended in time'), options.stopMilliseconds);
      started.once('exit', () => clearTimeout(bound));
    });
    started.once('exit', (code, signal) => {
      watch.stop();
      if (stopping) {
        // Killed before it listened to signals: that is in order too.
        end(code ?? (signal === 'SIGTERM' ? 0 : 1));
        return;
      }
      // One that never worked is no accident: its exit code says why.
      if (code === 0 || (!everWorked && code !== null)) {
        end(code);
        return;
      }
      options.tell(`process ${started.pid ?? 0} ended (${signal ?? code ?? ''}): starting another`);
      setTimeout(() => {
        if (stopping) end(0);
        else start();
      }, PAUSE);
    });
  };
  start();
  process.once('exit', () => child?.kill('SIGKILL'));
  return {
    ended,
    stop: async () => {
      stopping = true;
      child?.kill('SIGTERM');
      await ended;
    },
  };
}

function watchBeats(child: ChildProcess, blockedSeconds: number, blocked: () => void): { stop(): void } {
  let [beaten, lastBeat, lastLook] = [false, Date.now(), Date.now()];
  child.on('message', () => {
    beaten = true;
    lastBeat = Date.now();
  });
  const timer = setInterval(() => {
    const now = Date.now();
    // This process stood still itself: what the other said meanwhile is read after this.
    if (now - lastLook > 3 * BEAT) lastBeat = now;
    lastLook = now;
    if (!beaten || now - lastBeat < blockedSeconds * 1000) return;
    clearInterval(timer);
    blocked();
  }, BEAT);
  return { stop: () => clearInterval(timer) };
}

/** The tie of a supervised process to its supervisor. */
export interface SupervisorTie {
  /** From now on tells that the event loop turns: to be called before the first job may run. */
  watched(): void;
  /** The work has begun: a process that ends after this is replaced. */
  working(): void;
  /** It begins to stop: when it ends, no other is to take its place. */
  stopping(): void;
  /** Unties the process, which would live as long as the tie does. */
  release(): void;
}

/** To be called first in a supervised process: whenever its supervisor is gone, even before the work began, it ends. */
export function beSupervised(): SupervisorTie {
  const leave = (): void => process.exit(1);
  process.once('disconnect', leave);
  if (!process.connected) leave();
  let timer: NodeJS.Timeout | undefined;
  const say = (message: string): void => {
    if (process.connected) process.send?.(message);
  };
  return {
    watched: () => {
      say(ALIVE);
      timer ??= setInterval(() => say(ALIVE), BEAT);
    },
    working: () => say(WORKING),
    stopping: () => say(STOPPING),
    release: () => {
      clearInterval(timer);
      process.removeListener('disconnect', leave);
      if (process.connected) process.disconnect();
    },
  };
}
