/**
 * A platform for tests: time moves only when told to, sockets do only what the
 * script says, and every frame that the client sent can be read.
 */
import { decodeClientFrame, encodeServerFrame } from "../../protocol/golazo_codec.ts";
import type { ClientFrame, ServerFrameInit } from "../../protocol/golazo_codec.ts";
import type {
  Attention,
  ClientPlatform,
  HttpAnswer,
  HttpQuestion,
  TransportEvents,
} from "./client_platform.ts";

export class ScriptedSocket {
  readonly sent: ClientFrame[] = [];
  isClosed = false;
  readonly #events: TransportEvents;

  constructor(events: TransportEvents) {
    this.#events = events;
  }

  open(): void {
    this.#events.opened();
  }

  /** Frames back to back in one message. */
  receive(...frames: ServerFrameInit[]): void {
    this.receiveBytes(...frames.map((frame) => encodeServerFrame(frame)));
  }

  receiveBytes(...pieces: Uint8Array[]): void {
    this.#events.received(Uint8Array.from(pieces.flatMap((piece) => [...piece])));
  }

  drop(code = 1006): void {
    this.#events.closed(code);
  }
}

export class ScriptedPlatform implements ClientPlatform {
  readonly sockets: ScriptedSocket[] = [];
  readonly urls: string[] = [];
  readonly stored = new Map<string, string>();
  readonly questions: HttpQuestion[] = [];
  /** What the next questions are answered with; without one, nobody answers. */
  answer: (question: HttpQuestion) => Partial<HttpAnswer> | null = () => null;
  attention: Attention = { rest: () => {}, wake: () => {}, hide: () => {} };
  /** What the next random fractions are. */
  nextFraction = 0.5;
  #ids = 0;
  #now = 1_671_375_600_000;
  #timers: { dueAt: number; task: () => void }[] = [];

  /** The socket that was opened last. */
  get socket(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("Cannot script a socket: none was opened");
    return socket;
  }

  openTransport(url: string, subprotocol: string, events: TransportEvents) {
    const socket = new ScriptedSocket(events);
    this.urls.push(`${url} ${subprotocol}`);
    this.sockets.push(socket);
    return {
      send: (bytes: Uint8Array) => void socket.sent.push(decodeClientFrame(bytes)),
      close: () => void (socket.isClosed = true),
    };
  }

  request(question: HttpQuestion): Promise<HttpAnswer> {
    this.questions.push(question);
    const answer = this.answer(question);
    if (answer === null) return Promise.reject(new Error("nobody answers"));
    return Promise.resolve({ status: 200, value: null, retryAfterMs: 0, ...answer });
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, task: () => void): () => void {
    const timer = { dueAt: this.#now + delayMs, task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  fraction(): number {
    return this.nextFraction;
  }

  randomBytes(count: number): Uint8Array {
    this.#ids += 1;
    return Uint8Array.from({ length: count }, (_, at) => at + this.#ids);
  }

  load(key: string): string | null {
    return this.stored.get(key) ?? null;
  }

  store(key: string, value: string): void {
    this.stored.set(key, value);
  }

  watchAttention(attention: Attention): void {
    this.attention = attention;
  }

  /** The device sleeps: time passes and no timer fires. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  /** Lets time pass, firing what falls due. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ dueAt }) => dueAt <= end)
        .sort((a, b) => a.dueAt - b.dueAt);
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.dueAt);
      next.task();
    }
    this.#now = end;
  }
}
