import { describe, expect, test } from "vitest";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { parseTraceparent } from "../runtime/trace_context.ts";
import { type Span, StageSpans } from "./stage_spans.ts";

const CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const UNSAMPLED = CALLER.replace(/01$/, "00");

function open() {
  const clock = new SimulatedClock();
  const kept: Span[] = [];
  const keep = (span: Span) => void kept.push(span);
  return { clock, kept, spans: new StageSpans({ clock, random: seededRandom(3), keep }) };
}

describe("StageSpans", () => {
  test("begins a trace where there is none, and goes on with the caller's", () => {
    const { spans, clock } = open();
    const own = parseTraceparent(spans.receiveBegan(undefined, clock.now(), true).trace);
    const other = parseTraceparent(spans.receiveBegan(undefined, clock.now(), true).trace);
    const callers = parseTraceparent(spans.receiveBegan(CALLER, clock.now(), true).trace);
    expect(own!.traceId).not.toBe(other!.traceId);
    expect(callers).toMatchObject({ traceId: parseTraceparent(CALLER)!.traceId, isSampled: true });
    expect(callers!.spanId).not.toBe(parseTraceparent(CALLER)!.spanId);
  });

  test("every stage is a child of the first, in its trace", async () => {
    const { spans, clock, kept } = open();
    const first = spans.receiveBegan(CALLER, clock.now(), true);
    await clock.advance(3);
    const append = spans.stageBegan("ledger.append", first.trace);
    await clock.advance(2);
    append!.ended({ seq: 1 });
    first.ended({ provider: "acme" });
    const { traceId, spanId } = parseTraceparent(first.trace)!;
    const now = clock.now();
    expect(kept).toEqual([
      {
        ...{ stage: "ledger.append", traceId, spanId: expect.any(String), parentId: spanId },
        ...{ startedAt: now - 2, endedAt: now, notes: { seq: 1 }, failure: null },
      },
      {
        ...{ stage: "provider.receive", traceId, spanId, parentId: "00f067aa0ba902b7" },
        ...{ startedAt: now - 5, endedAt: now, notes: { provider: "acme" }, failure: null },
      },
    ]);
    expect(kept[0]!.spanId).not.toBe(spanId);
  });

  test("keeps the notable, and one in a hundred of the rest, whatever the caller asks for", () => {
    const { spans, clock, kept } = open();
    for (let fact = 0; fact < 10_000; fact++) {
      spans.receiveBegan(CALLER, clock.now(), false).ended({});
    }
    expect(kept.length).toBeGreaterThan(60);
    expect(kept.length).toBeLessThan(140);
    kept.length = 0;
    for (let fact = 0; fact < 100; fact++) {
      spans.receiveBegan(UNSAMPLED, clock.now(), true).ended({});
    }
    expect(kept).toHaveLength(100);
  });

  test("makes nothing of stages that are not kept", () => {
    const { spans } = open();
    expect(spans.stageBegan("publish", UNSAMPLED)).toBeNull();
    expect(spans.stageBegan("publish", undefined)).toBeNull();
    expect(spans.stageBegan("publish", "nonsense")).toBeNull();
  });

  test("keeps what failed in any case", async () => {
    const { spans, clock, kept } = open();
    spans.receiveBegan(UNSAMPLED, clock.now(), false).failed("malformed", {});
    const startedAt = clock.monotonic();
    await clock.advance(4);
    spans.stageFailed("ledger.append", UNSAMPLED, startedAt, "fenced", { match: "arg-fra" });
    expect(kept.map(({ stage, failure }) => `${stage} ${failure}`)).toEqual([
      "provider.receive malformed",
      "ledger.append fenced",
    ]);
    expect(kept[1]!.endedAt - kept[1]!.startedAt).toBe(4);
  });

  test("tells time finer than the wall clock, and follows it when it is set", () => {
    const { kept } = open();
    const time = { wall: 1_000_000, monotonic: 17.9 };
    const clock = Object.assign(new SimulatedClock(), {
      now: () => Math.floor(time.wall),
      monotonic: () => time.monotonic,
    });
    const keep = (span: Span) => void kept.push(span);
    const spans = new StageSpans({ clock, random: seededRandom(3), keep });
    const pass = (ms: number) => void (time.wall += ms, time.monotonic += ms);
    const stage = spans.stageBegan("publish", CALLER);
    pass(0.4);
    stage!.ended({});
    expect(kept[0]!.endedAt - kept[0]!.startedAt).toBeCloseTo(0.4, 6);
    time.wall += 60_000;
    spans.stageBegan("publish", CALLER)!.ended({});
    expect(kept[1]!.startedAt - kept[0]!.startedAt).toBeGreaterThan(59_998);
    time.wall -= 120_000;
    spans.stageBegan("publish", CALLER)!.ended({});
    expect(kept[2]!.startedAt - kept[1]!.startedAt).toBeLessThan(-119_998);
  });
});
