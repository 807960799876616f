import type { Gauge as GaugeOf, Registry as RegistryOf } from 'prom-client';
import type { OutboxReadModel } from '../../domain/eventstream/outbox.store.ts';
import type { Clock } from '../../domain/shared/clock.ts';

interface Batch {
  readonly sent: number;
  readonly refused: number;
  readonly dead: number;
}

interface Registered {
  readonly registry: RegistryOf;
  readonly gauges: Readonly<Record<'pending' | 'dead' | 'lag', GaugeOf>>;
}

/** What this process did since it started, and what waits, in the text format of Prometheus. */
export class Metrics {
  readonly #outbox: OutboxReadModel;
  readonly #clock: Clock;
  readonly #relayed = { sent: 0, refused: 0, dead: 0, failures: 0, batches: 0 };
  readonly #others: (() => Promise<string>)[] = [];
  #registered: Promise<Registered> | undefined;

  constructor({ outbox, clock }: { outbox: OutboxReadModel; clock: Clock }) {
    this.#outbox = outbox;
    this.#clock = clock;
  }

  /** Counts what the relay of this process does. */
  readonly relay = {
    batch: ({ sent, refused, dead }: Batch): void => {
      this.#relayed.batches++;
      this.#relayed.sent += sent;
      this.#relayed.refused += refused;
      this.#relayed.dead += dead;
    },
    failure: (): void => {
      this.#relayed.failures++;
    },
  };

  /** @throws DomainError unavailable when the database gives no answer */
  async text(): Promise<string> {
    this.#registered ??= this.#register();
    const [{ registry, gauges }, summary] = await Promise.all([this.#registered, this.#outbox.summary()]);
    const { pending, dead, oldestPendingAt } = summary;
    const lag = oldestPendingAt === undefined ? 0 : this.#clock.now().getTime() - oldestPendingAt.getTime();
    gauges.pending.set(pending);
    gauges.dead.set(dead);
    gauges.lag.set(lag / 1000);
    const others = await Promise.all(this.#others.map((source) => source()));
    return [await registry.metrics(), ...others].join('');
  }

  /** Shows the figures of a role besides: names of their own, in the text format. `source` never rejects. */
  also(source: () => Promise<string>): void {
    this.#others.push(source);
  }

  async #register(): Promise<Registered> {
    const { Gauge, Counter, Registry, collectDefaultMetrics } = await import('prom-client');
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const counter = (name: string, help: string, read: () => number): void => {
      new Counter({
        ...{ name, help, registers: [registry] },
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    };
    const relayed = this.#relayed;
    counter('crossborder_relay_batches_total', 'Batches that the relay settled', () => relayed.batches);
    counter('crossborder_relay_sent_total', 'Events that the log stored', () => relayed.sent);
    counter(
      'crossborder_relay_refused_total',
      'Refusals of events, to be tried again',
      () => relayed.refused,
    );
    counter('crossborder_relay_dead_total', 'Events refused for the last time', () => relayed.dead);
    counter(
      'crossborder_relay_failures_total',
      'Tries with the event log or the database away',
      () => relayed.failures,
    );
    const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
    const gauges = {
      pending: gauge('crossborder_outbox_pending', 'Events that are not published'),
      dead: gauge('crossborder_outbox_dead', 'Dead events: each blocks its aggregate'),
      lag: gauge('crossborder_outbox_lag_seconds', 'Age of the oldest event that is not published'),
    };
    return { registry, gauges };
  }
}
