import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { killKafka, startKafka } from './kafka-process.ts';
import { until } from './until.ts';

/** A dead broker is noticed after two seconds. */
const FIRST = ['broker.session.timeout.ms=2000', 'broker.heartbeat.interval.ms=500'];

/** Two brokers of one cluster; the second may be stopped and killed. */
export class KafkaPair {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kafka-pair-'));
  readonly #port = 32_000 + 4 * Math.floor(Math.random() * 250);
  readonly #pids: number[] = [];

  readonly brokers = [`127.0.0.1:${this.#port}`, `127.0.0.1:${this.#port + 2}`] as const;

  async start(): Promise<void> {
    const first = join(this.#folder, '1');
    this.#pids.push(await up(first, this.#port, { KAFKA_PROPS: FIRST.join('\n') }));
    // The topic of the groups' offsets is made now, so that it does not die with the second.
    const admin = new Kafka({ brokers: [this.brokers[0]], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const isMade = () => admin.fetchOffsets({ groupId: 'first' }).then(Boolean, () => false);
    await until(isMade, 'the topic of offsets');
    await admin.disconnect();
    const second = join(this.#folder, '2');
    joinTo(first, second, this.#port);
    this.#pids.push(await up(second, this.#port + 2, {}));
  }

  /** It accepts connections and answers nothing. */
  freezeSecond(): void {
    process.kill(this.#second, 'SIGSTOP');
  }

  killSecond(): void {
    process.kill(this.#second, 'SIGKILL');
  }

  get #second(): number {
    const pid = this.#pids[1];
    if (pid === undefined) throw new Error('the second broker was not started');
    return pid;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#pids.map(killKafka));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const up = (folder: string, port: number, settings: NodeJS.ProcessEnv): Promise<number> =>
  startKafka(folder, port, { KAFKA_HEAP: '256m', ...settings });

/** The folder of a broker that only stores, in the cluster of the first, which is its controller. */
function joinTo(first: string, second: string, firstPort: number): void {
  const port = firstPort + 2;
  const data = join(second, 'data');
  mkdirSync(data, { recursive: true });
  const address = `PLAINTEXT://127.0.0.1:${port}`;
  const settings = {
    'process.roles': 'broker',
    'node.id': '2',
    listeners: address,
    'advertised.listeners': address,
    'log.dirs': data,
  };
  const lines = readFileSync(join(first, 'server.properties'), 'utf8').split('\n');
  const kept = lines.filter((line) => !Object.keys(settings).includes(line.split('=')[0] ?? ''));
  const own = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  // The starter looks for the port in this form.
  writeFileSync(join(second, 'server.properties'), [...kept, ...own, `# listeners=${address},`].join('\n'));
  const meta = readFileSync(join(first, 'data', 'meta.properties'), 'utf8')
    .replace(/^node\.id=.*$/m, 'node.id=2')
    .replace(/^directory\.id=.*$/m, `directory.id=${Buffer.from('second-broker-00').toString('base64url')}`);
  writeFileSync(join(data, 'meta.properties'), meta);
  cpSync(join(first, 'data', 'bootstrap.checkpoint'), join(data, 'bootstrap.checkpoint'));
}
