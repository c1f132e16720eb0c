/**
 * The intake: what providers said and nobody has answered for yet.
 *
 * One stream a match, filled by any feed and emptied once the truth has the
 * fact. So a fact outlives the process between its arrival and its owner's
 * answer, and everything found here after a crash is offered again: the owner
 * knows what it has seen, so removing late is harmless and removing early never
 * happens.
 */
import type { Fact } from "../actors/match/match_event.ts";
import type { FactDelivery } from "../actors/ports/match_owners.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import type { Clock, Timer } from "../runtime/clock.ts";

/** A fact before it has a position. */
export interface ReceivedFact {
  fact: Fact;
  /** Milliseconds since 1970. */
  receivedAt: number;
  /** W3C traceparent. */
  trace?: string;
}

const PREFIX = "intake/";
const PAGE_ENTRIES = 1_000;
/** Removing is not urgent: one commit for a burst of answers. */
const REMOVE_AFTER_MS = 50;
const REMOVE_AT_ONCE = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class IntakeQueue {
  readonly #streams: StreamStore;
  readonly #clock: Clock;
  /** Answered positions by match, still in the store. */
  #answered = new Map<string, number[]>();
  #answeredCount = 0;
  #timer: Timer | null = null;

  constructor(streams: StreamStore, clock: Clock) {
    this.#streams = streams;
    this.#clock = clock;
  }

  /**
   * One commit; the deliveries come in the order of the facts. Nobody is told yes before the
   * ledger's own commit, which also brings this one to the disk: it need not wait for it twice.
   */
  async push(matchId: string, facts: ReceivedFact[]): Promise<FactDelivery[]> {
    const positions = await this.#streams.push(
      PREFIX + matchId,
      facts.map((received) => encoder.encode(JSON.stringify(received))),
      { relaxed: true },
    );
    return facts.map((received, at) => ({ ...received, intake: positions[at]! }));
  }

  /** Everything without a safe answer, oldest first. */
  async pending(matchId: string): Promise<FactDelivery[]> {
    await this.flush();
    const deliveries: FactDelivery[] = [];
    for (;;) {
      const after = deliveries.at(-1)?.intake ?? 0;
      const page = await this.#streams.read(PREFIX + matchId, after, PAGE_ENTRIES);
      for (const { position, bytes } of page) {
        deliveries.push({ ...JSON.parse(decoder.decode(bytes)), intake: position });
      }
      if (page.length < PAGE_ENTRIES) return deliveries;
    }
  }

  /** These have their safe answer; they leave the store within 50 ms. */
  done(matchId: string, settled: number[]): void {
    const positions = settled.filter((position) => position > 0);
    if (positions.length === 0) return;
    const answered = this.#answered.get(matchId);
    if (answered) answered.push(...positions);
    else this.#answered.set(matchId, [...positions]);
    this.#answeredCount += positions.length;
    this.#arm();
  }

  /** Of the matches that `isAsked`: those that have something waiting. */
  async matches(isAsked: (matchId: string) => boolean = () => true): Promise<string[]> {
    await this.flush();
    const names = await this.#streams.names(PREFIX);
    const asked = names.map((name) => name.slice(PREFIX.length)).filter(isAsked);
    const positions = await Promise.all(
      asked.map((matchId) => this.#streams.position(PREFIX + matchId)),
    );
    return asked.filter((_, at) => {
      const position = positions[at];
      return position && position.first <= position.top;
    });
  }

  /** Removes what is answered now; call it before the store closes. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    const answered = this.#answered;
    this.#answered = new Map();
    this.#answeredCount = 0;
    for (const [matchId, positions] of answered) {
      await this.#streams.remove(PREFIX + matchId, positions);
    }
  }

  #arm(): void {
    if (this.#answeredCount >= REMOVE_AT_ONCE) void this.#flushQuietly();
    else this.#timer ??= this.#clock.after(REMOVE_AFTER_MS, () => void this.#flushQuietly());
  }

  /** A removal that fails leaves answered facts behind: they are offered again, as duplicates. */
  async #flushQuietly(): Promise<void> {
    await this.flush().catch(() => {});
  }
}
