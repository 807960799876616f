import { fromMessage, PoisonMessage } from '../eventstream/cloud-event.ts';
import type { EventLog, ReceivedMessage } from '../eventstream/event-log.ts';
import type { OutboxMark, OutboxReadModel } from '../eventstream/outbox.store.ts';
import { type LogCheck, SequenceCheck } from '../eventstream/sequence-check.ts';
import { TOPICS } from '../shared/event.ts';

export interface VerifyEventsDeps {
  readonly outbox: OutboxReadModel;
  readonly log: Pick<EventLog, 'kind' | 'browse'>;
  /** Where events went before that: what it still holds is not missed in the other one. */
  readonly former?: Pick<EventLog, 'kind' | 'browse'> | undefined;
}

export interface EventsVerified extends LogCheck {
  readonly clean: boolean;
  /** Messages that are no CloudEvent: whoever wrote them, it was not the outbox. */
  readonly unreadable: number;
}

const PAGE = 1000;

/** Compares the outbox with the event log. Reads all of both, on a running shop too. */
export class VerifyEvents {
  readonly #deps: VerifyEventsDeps;

  constructor(deps: VerifyEventsDeps) {
    this.#deps = deps;
  }

  /** @throws DomainError unavailable when the log cannot be reached */
  async run(signal: AbortSignal = new AbortController().signal): Promise<EventsVerified> {
    // First the outbox: what is published while the log is read is then not missed in it.
    const marks: OutboxMark[] = [];
    for await (const mark of this.#marks()) marks.push(mark);
    const check = new SequenceCheck();
    const { former, log } = this.#deps;
    const read = [];
    for (const each of former === undefined ? [log] : [former, log])
      read.push(await readLog(each, check, signal));
    const trimmed = read.some((one) => one.trimmed);
    const unreadable = read.reduce((sum, one) => sum + one.unreadable, 0);
    for (const mark of marks) check.entry(mark, trimmed);
    const result = check.result(trimmed);
    return { clean: result.problemCount === 0, ...result, unreadable };
  }

  async *#marks(): AsyncGenerator<OutboxMark> {
    for (let after = ''; ; ) {
      const page = await this.#deps.outbox.marksAfter(after, PAGE);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.id;
    }
  }
}

async function readLog(
  log: Pick<EventLog, 'kind' | 'browse'>,
  check: SequenceCheck,
  signal: AbortSignal,
): Promise<{ readonly trimmed: boolean; readonly unreadable: number }> {
  const firsts = new Map<string, string>();
  let unreadable = 0;
  await log.browse({
    topics: TOPICS,
    follow: false,
    signal,
    handle: (message) => {
      const place = `${message.topic} ${message.partition}`;
      if (!firsts.has(place)) firsts.set(place, message.position);
      if (!tell(check, message)) unreadable++;
    },
  });
  // Kafka counts from 0, the table from 1.
  const start = log.kind === 'kafka' ? '0' : '1';
  return { trimmed: [...firsts.values()].some((position) => position !== start), unreadable };
}

/** @returns false for a message that cannot be read */
function tell(check: SequenceCheck, message: ReceivedMessage): boolean {
  try {
    const event = fromMessage(message);
    check.message({ ...event, aggregate: `${event.aggregateType}:${event.aggregateId}` });
    return true;
  } catch (error) {
    if (error instanceof PoisonMessage) return false;
    throw error;
  }
}
