import { describe, expect, test } from "vitest";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { OtlpSink } from "./otlp_sink_test_kit.ts";
import { createTelemetry } from "./telemetry_sink.ts";

function open(endpoint: string | null = null) {
  const clock = new SimulatedClock();
  const lines: string[] = [];
  const telemetry = createTelemetry({
    mode: "production",
    clock,
    write: (line) => lines.push(line),
    tracing: { endpoint, random: seededRandom(1), process: {} },
  });
  /** Lines of /metrics for one name, without comments. */
  const series = async (name: string) =>
    (await telemetry.metricsText()).split("\n").filter((line) => line.startsWith(name));
  return { ...telemetry, clock, lines, series };
}

type Said = (events: BusinessEvents) => void;

describe("createTelemetry", () => {
  test.each<[string, Said, string]>([
    ["socketOpened", (e) => e.socketOpened(), "golazo_connections 1"],
    ["socketClosed", (e) => e.socketClosed(4008), 'golazo_closed_total{code="4008"} 1'],
    ["socketClosed", (e) => e.socketClosed(3999), 'golazo_closed_total{code="other"} 1'],
    ["delivered", (e) => e.delivered("goal", 3), 'golazo_deliveries_total{lane="goal"} 3'],
    ["merged", (e) => e.merged("stats", 3), 'golazo_merged_total{lane="stats"} 3'],
    ["skipped", (e) => e.skipped("stats", 2), 'golazo_skipped_total{lane="stats"} 2'],
    [
      "requestRefused",
      (e) => e.requestRefused("http", "busy"),
      'golazo_refused_total{reason="busy"} 1',
    ],
    [
      "writeFenced",
      (e) => e.writeFenced("ledger"),
      'golazo_fenced_refused_total{store="ledger"} 1',
    ],
    [
      "factAnswered",
      (e) => e.factAnswered("m", "p", "duplicate"),
      'golazo_facts_total{outcome="duplicate"} 1',
    ],
    [
      "entryCommitted",
      (e) => e.entryCommitted("m", "goal.scored"),
      'golazo_entries_total{type="goal.scored"} 1',
    ],
    ["sourceDisagreed", (e) => e.sourceDisagreed("m", "p"), "golazo_disagreements_total 1"],
    ["disorderSeen", (e) => e.disorderSeen("m", "p"), "golazo_disorder_total 1"],
    ["eventUnhandled", (e) => e.eventUnhandled("match", "x"), "golazo_unhandled_events_total 1"],
    ["childRestarted", (e) => e.childRestarted("a", "r", 1, 200), "golazo_restarts_total 1"],
    ["childParked", (e) => e.childParked("a", "r"), "golazo_parked 1"],
    ["deadLetterKept", (e) => e.deadLetterKept("1", "m", "r"), "golazo_set_aside_total 1"],
    ["copyRebuilt", (e) => e.copyRebuilt("m", "r"), "golazo_rebuilt_total 1"],
    ["snapshotBuilt", (e) => e.snapshotBuilt(), "golazo_snapshot_builds_total 1"],
    ["warned", (e) => e.warned("look"), "golazo_warnings_total 1"],
    [
      "hopTook",
      (e) => e.hopTook("commit", 0.0021),
      'golazo_hop_seconds_bucket{le="0.003",hop="commit"} 1',
    ],
    ["hopTook", (e) => e.hopTook("receive", -1), 'golazo_hop_seconds_sum{hop="receive"} 0'],
    ["feedFellSilent", (e) => e.feedFellSilent("m", 0), "golazo_feed_silent 1"],
  ])("%s is counted", async (_name, say, expected) => {
    const { events, metricsText } = open();
    say(events);
    expect((await metricsText()).split("\n")).toContain(expected);
  });

  test("gauges go down again", async () => {
    const { events, series } = open();
    events.socketOpened();
    events.socketOpened();
    events.socketClosed(1000);
    events.childParked("a", "r");
    events.childUnparked("a");
    events.feedFellSilent("one", 0);
    events.feedFellSilent("one", 0);
    events.feedFellSilent("two", 0);
    events.entryCommitted("one", "feed.resumed");
    expect(await series("golazo_connections ")).toEqual(["golazo_connections 1"]);
    expect(await series("golazo_parked ")).toEqual(["golazo_parked 0"]);
    expect(await series("golazo_feed_silent ")).toEqual(["golazo_feed_silent 1"]);
  });

  test("observeGauge reads at each scrape, the latest reader counts", async () => {
    const { observeGauge, series } = open();
    let letters = 1;
    observeGauge("golazo_dead_letters", () => letters);
    letters = 5;
    expect(await series("golazo_dead_letters ")).toEqual(["golazo_dead_letters 5"]);
    observeGauge("golazo_dead_letters", () => 7);
    expect(await series("golazo_dead_letters ")).toEqual(["golazo_dead_letters 7"]);
  });

  test("a gauge that cannot be read stays as it was, and the others are there", async () => {
    const { observeGauge, series, lines } = open();
    let isAway = false;
    observeGauge("golazo_dead_letters", () => {
      return isAway ? Promise.reject(new Error("the store is away")) : Promise.resolve(4);
    });
    expect(await series("golazo_dead_letters ")).toEqual(["golazo_dead_letters 4"]);
    isAway = true;
    expect(await series("golazo_dead_letters ")).toEqual(["golazo_dead_letters 4"]);
    expect(await series("golazo_ledger_behind ")).toEqual(["golazo_ledger_behind 0"]);
    expect(lines.join()).toContain("the store is away");
  });

  test("makes nothing of stages where nobody collects them", () => {
    const { events } = open();
    const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    expect(events.receiveBegan(trace, 0, true)).toBeNull();
    expect(events.stageBegan("publish", trace)).toBeNull();
  });

  test("brings spans to their collector, the last of them when it stops", async () => {
    await using sink = await OtlpSink.open();
    const { events, series, stop } = open(sink.endpoint);
    events.receiveBegan(undefined, 0, true)!.ended({ provider: "acme" });
    await stop();
    expect(sink.spans).toMatchObject([{ name: "provider.receive" }]);
    expect(await series("golazo_spans_total")).toEqual([
      'golazo_spans_total{outcome="exported"} 1',
    ]);
  });

  test("two of them share nothing", async () => {
    const one = open();
    const other = open();
    one.events.socketOpened();
    expect(await other.series("golazo_connections ")).toEqual(["golazo_connections 0"]);
  });

  test("events may be taken off the object and wrapped", () => {
    const { events, lines } = open();
    const { warned } = events;
    warned("loose");
    new Proxy(events, {}).warned("wrapped");
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(["loose", "wrapped"]);
  });

  test("logs what somebody should read and nothing per socket", () => {
    const { events, lines } = open();
    for (let socket = 0; socket < 100; socket++) {
      events.socketOpened();
      events.delivered("goal", 1);
      events.skipped("stats", 1);
      events.hopTook("gateway", 0.001);
      events.requestRefused("socket", "busy");
      events.socketClosed(1000);
    }
    events.factAnswered("arg-fra", "demo", "accepted");
    expect(lines).toEqual([]);
    events.factAnswered("arg-fra", "demo", "rejected", "unknownType");
    events.entryCommitted("arg-fra", "goal.scored");
    events.entryCommitted("arg-fra", "possession.measured");
    events.childParked("match/arg-fra", "fell");
    const said = lines.map((line) => JSON.parse(line)).map(({ level, event }) =>
      `${level} ${event}`
    );
    expect(said).toEqual(["warn fact.rejected", "info entry.committed", "error child.parked"]);
  });

  test("watches how late the event loop is", async () => {
    const { clock, lagSeconds, series, stop } = open();
    await clock.advance(100);
    expect(lagSeconds()).toBe(0);
    stall(clock, 80);
    await clock.advance(100);
    expect(lagSeconds()).toBeCloseTo(0.08);
    expect(await series("golazo_eventloop_lag_seconds_count")).toEqual([
      "golazo_eventloop_lag_seconds_count 2",
    ]);
    await stop();
    await clock.advance(1_000);
    expect(lagSeconds()).toBeCloseTo(0.08);
  });
});

/** Time passes, but the timers are not looked at. */
function stall(clock: SimulatedClock, ms: number): void {
  const { monotonic } = clock;
  let late = ms;
  clock.monotonic = function () {
    const now = monotonic.call(this) + late;
    late = 0;
    clock.monotonic = monotonic;
    return now;
  };
}
