/**
 * What happens in business terms, one function each.
 *
 * Code that does a thing says so here and nowhere else; which log line, counter
 * or span comes of it is decided by the one sink that supervisors/ injects.
 */
import type { OpenStage, Stage, StageNotes } from "./stage.ts";

export interface BusinessEvents {
  /** A provider's fact got its answer. */
  factAnswered(
    match: string,
    provider: string,
    outcome: "accepted" | "duplicate" | "rejected",
    code?: string,
  ): void;
  /** A request was turned away before it had any effect. */
  requestRefused(where: "feed" | "http" | "socket", reason: string): void;
  /** A fact of a provider that is not the match's source differed from what the source says. */
  sourceDisagreed(match: string, provider: string): void;
  /** Facts came in another order than they happened. */
  disorderSeen(match: string, provider: string): void;
  feedFellSilent(match: string, sinceMs: number): void;
  entryCommitted(match: string, type: string): void;
  /** An actor met an event that its machine has no word for. */
  eventUnhandled(actor: string, type: string): void;
  /** A write with an old fence was refused by a store. */
  writeFenced(store: string): void;
  childRestarted(id: string, reason: string, attempt: number, delayMs: number): void;
  childParked(id: string, reason: string): void;
  childUnparked(id: string): void;
  deadLetterKept(id: string, actor: string, reason: string): void;
  /** A stored thing could not be read and was rebuilt from its truth. */
  copyRebuilt(what: string, reason: string): void;
  /** A match was folded to be shown whole: once a change, however many ask. */
  snapshotBuilt(): void;
  socketOpened(): void;
  socketClosed(code: number): void;
  delivered(lane: string, sockets: number): void;
  skipped(lane: string, sockets: number): void;
  /** Volatile values that a later one of the same key replaced before they were written. */
  merged(lane: string, sockets: number): void;
  /** One hop of a goal's way, in seconds. */
  hopTook(hop: string, seconds: number): void;
  /**
   * Facts came in, at `receivedAt` milliseconds since 1970, with the caller's traceparent if it
   * had one. Notable ones are always traced. Null where nobody collects spans.
   */
  receiveBegan(
    trace: string | undefined,
    receivedAt: number,
    isNotable: boolean,
  ): OpenStage | null;
  /** Null where the trace is not kept, or nobody collects spans: then nothing is made for it. */
  stageBegan(stage: Stage, trace: string | undefined): OpenStage | null;
  /** A stage that began then, by the monotonic clock, did not come to its end: always kept. */
  stageFailed(
    stage: Stage,
    trace: string | undefined,
    startedAt: number,
    code: string,
    notes: StageNotes,
  ): void;
  /** A run of a match's settlement came to its end. */
  settlementEnded(match: string, run: number, state: string, predictions: number): void;
  /** Its points are not what was planned: nothing goes on until somebody has looked. */
  settlementHeld(match: string, run: number, reason: string): void;
  /** The heads of all audit chains were signed: whoever keeps the log can hold the database to it. */
  auditSealed(seal: number, signature: string): void;
  /** Share cards show boxes in the place of these scripts' letters until the packages are installed. */
  fontsMissed(scripts: string[], debianPackages: string[]): void;
  /** Anything an operator should read, with its remedy. */
  warned(message: string): void;
}

/** A sink that does nothing, for tests that look elsewhere. */
export const silentEvents: BusinessEvents = new Proxy({} as BusinessEvents, {
  get: () => () => {},
});
