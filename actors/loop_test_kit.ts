/**
 * What the loop's tests build on: the smallest actor there can be, on the real
 * embedded stores, and a history that does as it is told.
 *
 * The actor writes down words. A word that begins with "~" is a volatile
 * change, "phase…" a new phase, "wake…" sets a deadline, "no" is rejected, a
 * word said before is a duplicate; which word makes the actor throw is up to
 * the test.
 */
import { assign, setup } from "xstate";
import { decodePublication } from "../channels/publication.ts";
import { ChannelPublisher } from "../channels/channel_publisher.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { SqliteStream } from "../db/embedded/sqlite_stream.ts";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import type { ActorDefinition, Committed } from "./actor_definition.ts";
import { ActorLoop, type Answer, type LoopOptions } from "./actor_loop.ts";
import { Ledger } from "./ledger.ts";
import type { History } from "./ports/history.ts";

export interface Said {
  word: string;
}
export type Body = { word: string } | { skipped: number };
interface Context {
  words: string[];
  wakeAt: number | null;
}
type Event = { type: "word.said" | "word.skipped"; entry: Committed<Body> };

export const WAKE_AFTER_MS = 5_000;

const machine = setup({
  types: {
    context: {} as Context,
    events: {} as Event,
    input: {} as { id: string },
  },
  actions: {
    write: assign(({ context, event }) => written(context, event.entry)),
    announce: () => {},
  },
}).createMachine({
  context: { words: [], wakeAt: null },
  on: {
    "word.said": { actions: ["write", "announce"] },
    "word.skipped": { actions: ["announce"] },
  },
});

/** The word over which folds throw, as a bug in the machine would. */
let cursed: string | null = null;
export function curse(word: string | null): void {
  cursed = word;
}

function written({ words, wakeAt }: Context, { recordedAt, body }: Committed<Body>): Context {
  if (!("word" in body)) return { words, wakeAt };
  if (body.word === cursed) throw new Error(`the word ${cursed} is cursed`);
  if (body.word === "woken") wakeAt = null;
  else if (body.word.startsWith("wake")) wakeAt = recordedAt + WAKE_AFTER_MS;
  return { words: [...words, body.word], wakeAt };
}

export type WordMachine = typeof machine;
export const wordDefinition: ActorDefinition<Said, Body, string, WordMachine> = {
  kind: "words",
  machine,
  machineVersion: 1,
  input: (id) => ({ id }),
  event: (entry) => ({ type: "word" in entry.body ? "word.said" : "word.skipped", entry }) as Event,
  decide({ context }, { word }) {
    if (word === "no") return { outcome: "rejected", code: "refused", reason: "no is refused" };
    if (context.words.includes(word)) return { outcome: "duplicate" };
    return { outcome: "accepted", entries: word.split("+").map((word) => ({ word })) };
  },
  changes: (_before, _after, { body }) =>
    "word" in body ? [{ durable: !body.word.startsWith("~"), update: body.word }] : [],
  nextDeadline: ({ context }) => context.wakeAt,
  atDeadline: () => [{ word: "woken" }],
  deliveryKey: ({ word }) => word,
  quarantine: (seq) => ({ skipped: seq }),
  quarantinedSeq: (body) => "skipped" in body ? body.skipped : null,
  isNewPhase: (before, after) => phasesOf(before) !== phasesOf(after),
};

function phasesOf({ context }: { context: Context }): number {
  return context.words.filter((word) => word.startsWith("phase")).length;
}

/** SQL as far as a loop knows it; `held` keeps it from confirming. */
export class TestHistory implements History<Body> {
  readonly entries: Committed<Body>[] = [];
  /** Given and not confirmed, as a test wants it. */
  waiting: Committed<Body>[] = [];
  refuses: Error | null = null;
  #held: PromiseWithResolvers<void> | null = null;

  hold(): void {
    this.#held = Promise.withResolvers();
  }

  release(): void {
    this.#held?.resolve();
    this.#held = null;
  }

  async write(_id: string, _fence: number, entries: Committed<Body>[]): Promise<void> {
    await this.#held?.promise;
    if (this.refuses !== null) throw this.refuses;
    this.entries.push(...entries.filter(({ seq }) => seq > this.entries.length));
  }

  top(): Promise<number> {
    return Promise.resolve(this.entries.length);
  }

  after(_id: string, seq: number): Promise<Committed<Body>[]> {
    return Promise.resolve(this.entries.slice(seq));
  }

  unconfirmed(): Committed<Body>[] {
    return this.waiting;
  }
}

export const ID = "a";
type Options = LoopOptions<Said, Body, string, WordMachine>;

/** One entity's stores, on which loops come and go. */
export function loopStage() {
  const clock = new SimulatedClock();
  const heard: string[] = [];
  const events = listening(heard);
  const broker = new MemoryBroker(events);
  const open = () => new SqliteFile(":memory:", { synchronous: "off" });
  const [hot, cache] = [open(), open()];
  const stream = new SqliteStream(hot, broker, seededRandom(1));
  const channels = new SqliteStream(cache, broker, seededRandom(2));
  const cells = new SqliteCell(hot, clock);
  const history = new TestHistory();
  const publisher = new ChannelPublisher<string>({
    stream: channels,
    broker,
    channelOf: (id) => id,
    encode: (word) => ({ lane: "event", key: "", body: new TextEncoder().encode(word) }),
  });
  const answers: string[] = [];
  const options: Options = {
    definition: wordDefinition,
    id: ID,
    fence: 1,
    stream,
    cells,
    publisher,
    history,
    clock,
    events,
    answered: ({ word }: Said, answer: Answer) => void answers.push(`${word} ${answer.outcome}`),
    poisoned: () => Promise.resolve("retry"),
    origin: () => ({ receivedAt: 0 }),
  };
  const start = (change: Partial<Options> = {}) => ActorLoop.start({ ...options, ...change });
  const ledger = new Ledger<Body>(stream, wordDefinition.kind, ID);
  return {
    ...{ clock, heard, stream, channels, cells, history, publisher, options, start, ledger },
    /** Of deliveries, since the last time. */
    takeAnswers: () => answers.splice(0),
    words: async () => wordsOf(await ledger.after(0)),
    /** The channel's history, by offset. */
    published: async () =>
      (await channels.read(`channel/${ID}`, 0, 10_000)).map(({ position, bytes }) =>
        `${position} ${new TextDecoder().decode(decodePublication(bytes).body)}`
      ),
    close() {
      hot.close();
      cache.close();
    },
  };
}

export type LoopStage = ReturnType<typeof loopStage>;

export function wordsOf(entries: Committed<Body>[]): string[] {
  return entries.map(({ body }) => "word" in body ? body.word : `(${body.skipped} skipped)`);
}

/** Lets everything that needs no time happen. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function listening(heard: string[]): BusinessEvents {
  const listen: Partial<BusinessEvents> = {
    copyRebuilt: (what, reason) => void heard.push(`rebuilt ${what}: ${reason}`),
    writeFenced: (store) => void heard.push(`fenced ${store}`),
    eventUnhandled: (actor, type) => void heard.push(`unhandled ${actor} ${type}`),
    entryCommitted: (id, type) => void heard.push(`committed ${id} ${type}`),
  };
  return Object.assign(Object.create(silentEvents), listen);
}
