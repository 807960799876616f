import { fromMessage, PoisonMessage, type ReceivedEvent } from '../eventstream/cloud-event.ts';
import type { EventLog, ReceivedMessage } from '../eventstream/event-log.ts';
import { Expiry, type KeptPart, placeOf } from '../eventstream/expiry.ts';
import type { OutboxMark, OutboxReadModel } from '../eventstream/outbox.store.ts';
import { type LogCheck, SequenceCheck } from '../eventstream/sequence-check.ts';
import { TOPICS } from '../shared/event.ts';

export interface VerifyEventsDeps {
  readonly outbox: OutboxReadModel;
  readonly log: ReadableLog;
  /** Where events went before that: what it still holds is not missed in the other one. */
  readonly former?: ReadableLog | undefined;
}

type ReadableLog = Pick<EventLog, 'browse' | 'beginnings'>;

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
    const read: LogRead[] = [];
    for (const each of former === undefined ? [log] : [former, log])
      read.push(await readLog(each, check, signal));
    const expiry = new Expiry(read, marks);
    for (const mark of marks) check.entry(mark, expiry.mayCover(mark));
    const unreadable = read.reduce((sum, one) => sum + one.unreadable, 0);
    const result = check.result(expiry.any);
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

interface LogRead extends KeptPart {
  readonly unreadable: number;
}

async function readLog(log: ReadableLog, check: SequenceCheck, signal: AbortSignal): Promise<LogRead> {
  const oldest = new Map<string, ReceivedEvent>();
  let unreadable = 0;
  await log.browse({
    topics: TOPICS,
    follow: false,
    signal,
    handle: (message) => {
      const event = readable(message);
      if (event === undefined) {
        unreadable++;
        return;
      }
      if (!oldest.has(placeOf(message))) oldest.set(placeOf(message), event);
      check.message({ ...event, aggregate: `${event.aggregateType}:${event.aggregateId}` });
    },
  });
  // After that: what was deleted meanwhile is not missed either.
  return { beginnings: await log.beginnings(TOPICS), oldest, unreadable };
}

function readable(message: ReceivedMessage): ReceivedEvent | undefined {
  try {
    return fromMessage(message);
  } catch (error) {
    if (error instanceof PoisonMessage) return undefined;
    throw error;
  }
}
