import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { killKafka, startKafka } from './kafka-process.ts';

const run = promisify(execFile);
const MODULES = 'org.apache.kafka.common.security';

/** A broker of its own that wants a sign-in: without TLS on one port, with a certificate of its own CA on another. */
export class GuardedKafka {
  static readonly user = 'shop';
  static readonly password = 'a right password';
  /** By PLAIN, with the same password; may do what ACLs allow, where a resource has any. */
  static readonly limited = 'limited';
  /** Of the CA, PEM: nobody else knows it. */
  readonly caFile: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'crossborder-kafka-'));
  /** Four in a row: open, the controller's, with a sign-in, and that with TLS. */
  readonly #port = 33_000 + 4 * Math.floor(Math.random() * 500);
  #pid: number | undefined;

  private constructor() {
    this.caFile = join(this.#folder, 'ca.pem');
  }

  static async open(): Promise<GuardedKafka> {
    const kafka = new GuardedKafka();
    try {
      await kafka.#makeCertificates();
      await kafka.#start();
      await kafka.#addScramUser();
    } catch (error) {
      await kafka.close();
      throw error;
    }
    return kafka;
  }

  /** Without a sign-in, and with every right. */
  get open(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get plain(): string {
    return `127.0.0.1:${this.#port + 2}`;
  }

  get secure(): string {
    return `localhost:${this.#port + 3}`;
  }

  async #makeCertificates(): Promise<void> {
    const at = (name: string): string => join(this.#folder, name);
    const openssl = (...args: string[]) => run('openssl', args);
    const key = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', at(name)];
    await openssl('req', '-x509', ...key('ca.key'), '-out', this.caFile, '-subj', '/CN=tests', '-days', '2');
    await openssl('req', ...key('broker.key'), '-out', at('broker.csr'), '-subj', '/CN=localhost');
    writeFileSync(at('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    await openssl(
      ...['x509', '-req', '-in', at('broker.csr'), '-CA', this.caFile, '-CAkey', at('ca.key')],
      ...['-CAcreateserial', '-out', at('broker.crt'), '-days', '2', '-extfile', at('names')],
    );
    await openssl('pkcs8', '-topk8', '-nocrypt', '-in', at('broker.key'), '-out', at('broker.pk8'));
    writeFileSync(
      at('broker.pem'),
      readFileSync(at('broker.pk8'), 'utf8') + readFileSync(at('broker.crt'), 'utf8'),
    );
  }

  async #start(): Promise<void> {
    const [open, controller, sasl, tls] = [0, 1, 2, 3].map((n) => this.#port + n);
    const listeners = (host: string) =>
      `PLAINTEXT://127.0.0.1:${open},CONTROLLER://127.0.0.1:${controller},SASL://127.0.0.1:${sasl},SECURE://${host}:${tls}`;
    const login = (listener: string): string[] => [
      `listener.name.${listener}.plain.sasl.jaas.config=${MODULES}.plain.PlainLoginModule required user_${GuardedKafka.user}="${GuardedKafka.password}" user_${GuardedKafka.limited}="${GuardedKafka.password}";`,
      `listener.name.${listener}.scram-sha-512.sasl.jaas.config=${MODULES}.scram.ScramLoginModule required;`,
    ];
    // Of a property that is given twice the last one counts.
    const props = [
      `listeners=${listeners('127.0.0.1')}`,
      `advertised.listeners=${listeners('localhost')}`,
      'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT,SECURE:SASL_SSL',
      'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512',
      ...['sasl', 'secure'].flatMap(login),
      'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found=true',
      'super.users=User:ANONYMOUS',
      'ssl.keystore.type=PEM',
      `ssl.keystore.location=${join(this.#folder, 'broker.pem')}`,
    ];
    this.#pid = await startKafka(join(this.#folder, 'kafka'), this.#port, {
      KAFKA_PROPS: props.join('\n'),
      KAFKA_HEAP: '256m',
      KAFKA_WAIT: '120',
    });
  }

  /** By the tool that comes with the broker, which knows where its classes are. */
  async #addScramUser(): Promise<void> {
    const command = readFileSync(`/proc/${this.#pid ?? ''}/cmdline`, 'utf8').split('\0');
    const classes = command[command.indexOf('-cp') + 1] ?? '';
    const user = ['--entity-type', 'users', '--entity-name', GuardedKafka.user];
    const config = ['--alter', '--add-config', `SCRAM-SHA-512=[password=${GuardedKafka.password}]`];
    await run('java', [
      ...['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', classes, 'kafka.admin.ConfigCommand'],
      ...['--bootstrap-server', `127.0.0.1:${this.#port}`, ...config, ...user],
    ]);
  }

  async close(): Promise<void> {
    if (this.#pid !== undefined) await killKafka(this.#pid);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
