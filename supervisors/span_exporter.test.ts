import { describe, expect, test } from "vitest";
import { systemClock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { OtlpSink } from "./otlp_sink_test_kit.ts";
import { SpanExporter } from "./span_exporter.ts";
import type { Span } from "./stage_spans.ts";

const NOW = 1_671_375_600_000.25;

function span(at = 0): Span {
  return {
    stage: "ledger.append",
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: at.toString(16).padStart(16, "0"),
    parentId: "00f067aa0ba902b7",
    startedAt: NOW,
    endedAt: NOW + 1.5,
    notes: { match: "arg-fra", seq: 7 },
    failure: null,
  };
}

function open(endpoint: string, clock = new SimulatedClock()) {
  const counts = { exported: 0, failed: 0, dropped: 0 };
  const warnings: string[] = [];
  const exporter = new SpanExporter({
    ...{ endpoint, clock, process: { "service.name": "golazo" } },
    counted: (outcome, spans) => void (counts[outcome] += spans),
    warned: (message) => void warnings.push(message),
  });
  return { exporter, clock, counts, warnings };
}

/** What goes over real sockets takes real time. */
async function until(isSo: () => boolean): Promise<void> {
  const endsAt = performance.now() + 3_000;
  while (!isSo()) {
    if (performance.now() > endsAt) throw new Error("it never was so");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("SpanExporter", () => {
  test("brings a batch a second, as OTLP's JSON", async () => {
    await using sink = await OtlpSink.open();
    const { exporter, clock, counts } = open(`${sink.endpoint}/`);
    exporter.keep(span(1));
    exporter.keep({ ...span(2), parentId: null, failure: "fenced", stage: "provider.receive" });
    await clock.advance(limits.spansBatchMs - 1);
    expect(sink.requests).toEqual([]);
    await clock.advance(1);
    await until(() => counts.exported === 2);
    expect(sink.requests).toEqual(["POST /v1/traces application/json"]);
    const [first, second] = sink.spans;
    expect(first).toEqual({
      name: "ledger.append",
      kind: 1,
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      spanId: "0000000000000001",
      parentSpanId: "00f067aa0ba902b7",
      startTimeUnixNano: "1671375600000250000",
      endTimeUnixNano: "1671375600001750000",
      attributes: { "golazo.match": "arg-fra", "golazo.seq": "7" },
      status: {},
      process: { "service.name": "golazo" },
    });
    expect(second).toMatchObject({ kind: 2, status: { code: 2, message: "fenced" } });
    expect(second).not.toHaveProperty("parentSpanId");
    await clock.advance(3 * limits.spansBatchMs);
    expect(sink.requests).toHaveLength(1);
    await exporter.stop();
  });

  test("keeps no more than it may, and counts the rest", async () => {
    await using sink = await OtlpSink.open();
    const { exporter, counts } = open(sink.endpoint);
    for (let at = 1; at <= limits.spansWaitingMax + 5; at++) exporter.keep(span(at));
    expect(counts.dropped).toBe(5);
    await exporter.stop();
    expect(sink.spans).toHaveLength(limits.spansWaitingMax);
    expect(counts).toEqual({ exported: limits.spansWaitingMax, failed: 0, dropped: 5 });
  });

  test("a collector that is away costs its spans, and a line a minute", async () => {
    const sink = await OtlpSink.open();
    const { endpoint } = sink;
    await sink[Symbol.asyncDispose]();
    const { exporter, clock, counts, warnings } = open(endpoint);
    for (let second = 1; second <= 3; second++) {
      exporter.keep(span(second));
      await clock.advance(limits.spansBatchMs);
      await until(() => counts.failed === second);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^Cannot bring spans to OTEL_EXPORTER_OTLP_ENDPOINT/);
    await clock.advance(limits.spansWarnMs);
    exporter.keep(span(4));
    await clock.advance(limits.spansBatchMs);
    await until(() => warnings.length === 2);
    expect(counts).toEqual({ exported: 0, failed: 4, dropped: 0 });
    await exporter.stop();
  });

  test.each([500, 302])("a collector that answers %s has not taken them", async (status) => {
    await using sink = await OtlpSink.open();
    sink.status = status;
    const { exporter, counts, warnings } = open(sink.endpoint);
    exporter.keep(span());
    await exporter.stop();
    expect(counts.failed).toBe(1);
    expect(warnings).toHaveLength(1);
  });

  test("a slow collector is asked once at a time, and given up at its deadline", async () => {
    await using sink = await OtlpSink.open();
    sink.isSilent = true;
    const { exporter, clock, counts, warnings } = open(sink.endpoint);
    exporter.keep(span(1));
    await clock.advance(limits.spansBatchMs);
    await until(() => sink.requests.length === 1);
    for (let at = 2; at < limits.spansWaitingMax + 10; at++) exporter.keep(span(at));
    expect(counts.dropped).toBe(8);
    await clock.advance(limits.spansAnswerMsMax - 1);
    expect(sink.requests).toHaveLength(1);
    expect(counts.failed).toBe(0);
    await clock.advance(1);
    await until(() => counts.failed === 1);
    expect(warnings[0]).toMatch(/no answer within 3000 ms/);
    sink.isSilent = false;
    await exporter.stop();
    expect(counts.exported).toBe(limits.spansWaitingMax);
  });

  test("stop takes no longer than a second, however slow the collector", async () => {
    await using sink = await OtlpSink.open();
    sink.isSilent = true;
    const { exporter, counts } = open(sink.endpoint, systemClock as SimulatedClock);
    exporter.keep(span());
    const beganAt = performance.now();
    await exporter.stop();
    const tookMs = performance.now() - beganAt;
    expect(counts.failed).toBe(1);
    expect(tookMs).toBeGreaterThan(limits.spansFlushMsMax - 50);
    expect(tookMs).toBeLessThan(limits.spansAnswerMsMax);
  });
});
