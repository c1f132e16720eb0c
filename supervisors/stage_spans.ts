/**
 * Spans out of stages: who is sampled, whose child it is, when it was.
 *
 * The first stage decides for the whole trace and says so in the traceparent:
 * what is notable always, of the rest one in a hundred, whatever the caller's
 * own flag says. A stage that failed is kept in any case. All stages are
 * children of the first, so the traceparent that a fact came to its owner with
 * is the one that every envelope carries, unchanged.
 */
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Random } from "../runtime/random.ts";
import type { OpenStage, Stage, StageNotes } from "../runtime/stage.ts";
import { parseTraceparent, type TraceContext, traceparent } from "../runtime/trace_context.ts";

export interface Span {
  stage: Stage;
  traceId: string;
  spanId: string;
  /** Null: it is the trace's first. */
  parentId: string | null;
  /** Milliseconds since 1970, with fractions. */
  startedAt: number;
  endedAt: number;
  notes: StageNotes;
  /** Null where it came to its end. */
  failure: string | null;
}

export interface SpanPorts {
  clock: Clock;
  random: Random;
  keep(span: Span): void;
}

type Listener = Pick<BusinessEvents, "receiveBegan" | "stageBegan" | "stageFailed">;

/** A wall clock that was set is noticed by this; else readings differ by their rounding. */
const CLOCK_SET_MS = 10;

export class StageSpans implements Listener {
  readonly #ports: SpanPorts;
  /** Wall minus monotonic: the most seen, as the wall's milliseconds are rounded down. */
  #offset: number;

  constructor(ports: SpanPorts) {
    this.#ports = ports;
    this.#offset = this.#offsetNow();
  }

  receiveBegan(trace: string | undefined, receivedAt: number, isNotable: boolean): OpenStage {
    const parent = trace === undefined ? null : parseTraceparent(trace);
    const { random } = this.#ports;
    const own = {
      traceId: parent?.traceId ?? this.#newId(16),
      spanId: this.#newId(8),
      isSampled: isNotable || random.fraction() < limits.tracedShare,
    };
    return this.#open("provider.receive", own, parent?.spanId ?? null, receivedAt);
  }

  stageBegan(stage: Stage, trace: string | undefined): OpenStage | null {
    const parent = trace === undefined ? null : parseTraceparent(trace);
    if (parent === null || !parent.isSampled) return null;
    const own = { ...parent, spanId: this.#newId(8) };
    return this.#open(stage, own, parent.spanId, this.#wall(this.#ports.clock.monotonic()));
  }

  stageFailed(
    stage: Stage,
    trace: string | undefined,
    startedAt: number,
    code: string,
    notes: StageNotes,
  ): void {
    const parent = trace === undefined ? null : parseTraceparent(trace);
    if (parent === null) return;
    const own = { ...parent, spanId: this.#newId(8) };
    this.#open(stage, own, parent.spanId, this.#wall(startedAt)).failed(code, notes);
  }

  #open(
    stage: Stage,
    own: TraceContext,
    parentId: string | null,
    startedAt: number,
  ): OpenStage {
    const { traceId, spanId, isSampled } = own;
    const { clock, keep } = this.#ports;
    const end = (notes: StageNotes, failure: string | null, at: number) => {
      const endedAt = Math.max(startedAt, this.#wall(at));
      keep({ stage, traceId, spanId, parentId, startedAt, endedAt, notes, failure });
    };
    return {
      trace: traceparent(own),
      ended: (notes, endedAt = clock.monotonic()) => void (isSampled && end(notes, null, endedAt)),
      failed: (code, notes) => end(notes, code, clock.monotonic()),
    };
  }

  #newId(bytes: number): string {
    const id = this.#ports.random.bytes(bytes);
    // An id of zeros is none.
    id[0]! |= 1;
    return Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** Finer than the wall clock tells it. */
  #wall(monotonic: number): number {
    const offset = this.#offsetNow();
    const isSet = Math.abs(offset - this.#offset) > CLOCK_SET_MS;
    if (isSet || offset > this.#offset) this.#offset = offset;
    return monotonic + this.#offset;
  }

  #offsetNow(): number {
    const { clock } = this.#ports;
    return clock.now() - clock.monotonic();
  }
}
