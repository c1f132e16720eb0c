/**
 * What becomes of business events: a counter, a log line, or both.
 *
 * One function an event, so what an event causes is read in one place. Nothing
 * per socket is logged and no label holds an id, a name or free text: the number
 * of series stays fixed however many matches and fans there are. The registry
 * is this process's own, scraped at /metrics of the admin listener. Spans are
 * made where a collector is configured and nowhere else.
 */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { LANES } from "../channels/publication.ts";
import { closeCode } from "../protocol/close_code.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { residentBytes } from "../runtime/platform.ts";
import type { Random } from "../runtime/random.ts";
import { BusinessLog, type BusinessLogOptions } from "./business_log.ts";
import { watchEventLoop } from "./event_loop_lag.ts";
import { SpanExporter } from "./span_exporter.ts";
import { StageSpans } from "./stage_spans.ts";

/** Gauges whose value somebody else knows, read when they are scraped. */
const observed = {
  golazo_dead_letters: "Deliveries set aside, waiting for an operator",
  golazo_owned_partitions: "Partitions whose lease this process holds",
  golazo_ledger_behind: "Committed entries that SQL has not confirmed",
  golazo_matches_awake: "Matches whose actor is loaded",
};
export type ObservedGauge = keyof typeof observed;

export interface Telemetry {
  events: BusinessEvents;
  log: BusinessLog;
  /** Reads the gauge with `read` from now on; one that cannot be read stays as it was. */
  observeGauge(name: ObservedGauge, read: () => number | Promise<number>): void;
  /** Prometheus text, version 0.0.4. */
  metricsText(): Promise<string>;
  /** Its content type. */
  metricsType: string;
  /** How late the event loop is, in seconds. */
  lagSeconds(): number;
  /** What was collected and not sent is sent, within a second. */
  stop(): Promise<void>;
}

export interface Tracing {
  /** Of the collector; null: nobody collects spans. */
  endpoint: string | null;
  random: Random;
  /** What tells this process from others. */
  process: Record<string, string>;
}

export interface TelemetryOptions extends BusinessLogOptions {
  clock: Clock;
  tracing: Tracing;
}

/** Facts that come many times a minute and change nothing that anybody would look up. */
const UNLOGGED_ENTRIES = ["possession.measured"];

/**
 * From a hop inside the process (0.5 ms) to a storm (5 s); 3, 10 and 20 ms are promised bounds of a
 * goal, 2 and 100 ms of a settlement's chunk, about which they are closer.
 */
const HOP_BUCKETS = [
  ...[0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075],
  ...[0.1, 0.15, 0.25, 0.5, 1, 5],
];
/** Stores that refuse an old fence. */
const FENCED = ["ledger", "snapshot", "channel", "sql"];
const HOPS = ["receive", "decide", "commit", "publish", "gateway_first", "gateway"];
const LAG_BUCKETS = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const registry = new Registry();
  const metrics = createMetrics(registry);
  const log = new BusinessLog(options);
  const lag = watchEventLoop(options.clock, (seconds) => metrics.lag.observe(seconds));
  const reads = new Map<string, () => number | Promise<number>>();
  for (const [name, help] of Object.entries(observed)) {
    new Gauge({
      ...{ name, help, registers: [registry] },
      async collect() {
        try {
          this.set(await reads.get(name)?.() ?? 0);
        } catch (error) {
          log.say("warn", "gauge.unreadable", { name, reason: reasonOf(error) });
        }
      },
    });
  }
  const { endpoint, random, process } = options.tracing;
  const exporter = endpoint === null ? null : new SpanExporter({
    ...{ endpoint, process, clock: options.clock },
    counted: (outcome, spans) => metrics.spans.inc({ outcome }, spans),
    warned: (message) => events.warned(message),
  });
  const spans = exporter === null
    ? null
    : new StageSpans({ clock: options.clock, random, keep: (span) => exporter.keep(span) });
  const events = createEvents(metrics, log, spans);

  return {
    events,
    log,
    observeGauge: (name, read) => void reads.set(name, read),
    metricsText: () => registry.metrics(),
    metricsType: registry.contentType,
    lagSeconds: () => lag.lagSeconds(),
    async stop() {
      lag.cancel();
      await exporter?.stop();
    },
  };
}

/** A client may close with any code that it likes; each must not become a series of its own. */
function codeLabel(code: number): string {
  const isKnown = (code >= 1000 && code <= 1015) || Object.values<number>(closeCode).includes(code);
  return isKnown ? String(code) : "other";
}

type Metrics = ReturnType<typeof createMetrics>;

function createMetrics(registry: Registry) {
  const registers = [registry];
  const counter = <L extends string = never>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Memory that the kernel counts as this process's",
    registers,
    collect() {
      this.set(residentBytes());
    },
  });
  const metrics = {
    connections: gauge("golazo_connections", "Open sockets"),
    closed: counter("golazo_closed_total", "Sockets closed, by close code", "code"),
    deliveries: counter("golazo_deliveries_total", "Publications put on sockets", "lane"),
    skipped: counter("golazo_skipped_total", "Publications kept from slow sockets", "lane"),
    merged: counter("golazo_merged_total", "Volatile values that a later one replaced", "lane"),
    refused: counter("golazo_refused_total", "Requests turned away without effect", "reason"),
    fenced: counter("golazo_fenced_refused_total", "Writes refused for an old fence", "store"),
    facts: counter("golazo_facts_total", "Facts answered to providers", "outcome"),
    entries: counter("golazo_entries_total", "Entries committed to ledgers", "type"),
    disagreements: counter("golazo_disagreements_total", "Facts that differ from the source's"),
    disorder: counter("golazo_disorder_total", "Facts that came in another order"),
    silent: gauge("golazo_feed_silent", "Matches in play whose source has fallen silent"),
    unhandled: counter("golazo_unhandled_events_total", "Events that a machine has no word for"),
    restarts: counter("golazo_restarts_total", "Children started again after their end"),
    parked: gauge("golazo_parked", "Children that rest until an operator unparks them"),
    setAside: counter("golazo_set_aside_total", "Deliveries that became dead letters"),
    rebuilt: counter("golazo_rebuilt_total", "Copies rebuilt from their truth"),
    settlements: counter(
      "golazo_settlements_total",
      "Runs of settlements by how they ended, and those held as their sums differ",
      "state",
    ),
    built: counter("golazo_snapshot_builds_total", "Matches folded to be shown whole"),
    warnings: counter("golazo_warnings_total", "Lines that an operator should read"),
    spans: counter(
      "golazo_spans_total",
      "Spans for the collector, by what became of them",
      "outcome",
    ),
    hop: new Histogram({
      name: "golazo_hop_seconds",
      help: "One hop of a goal's way",
      labelNames: ["hop"],
      buckets: HOP_BUCKETS,
      registers,
    }),
    lag: new Histogram({
      name: "golazo_eventloop_lag_seconds",
      help: "How late timers fire",
      buckets: LAG_BUCKETS,
      registers,
    }),
  };
  // A series that is not there until something happens hides its first step from who counts.
  for (const lane of LANES) {
    for (const lanes of [metrics.deliveries, metrics.skipped, metrics.merged]) {
      lanes.inc({ lane }, 0);
    }
  }
  for (const store of FENCED) metrics.fenced.inc({ store }, 0);
  for (const hop of HOPS) metrics.hop.zero({ hop });
  return metrics;
}

function createEvents(
  metrics: Metrics,
  log: BusinessLog,
  spans: StageSpans | null,
): BusinessEvents {
  /** Matches that are silent now; what ends a silence is an entry of the match's ledger. */
  const silent = new Set<string>();
  const noteSilence = () => metrics.silent.set(silent.size);

  return {
    factAnswered(match, provider, outcome, code) {
      metrics.facts.inc({ outcome });
      if (outcome === "rejected") log.say("warn", "fact.rejected", { match, provider, code });
    },
    requestRefused(where, reason) {
      metrics.refused.inc({ reason });
      // A provider is one of a few and should hear of it; a crowd at the door is counted.
      if (where === "feed") log.say("warn", "request.refused", { where, reason });
    },
    sourceDisagreed(match, provider) {
      metrics.disagreements.inc();
      log.say("info", "source.disagreed", { match, provider });
    },
    disorderSeen: () => metrics.disorder.inc(),
    feedFellSilent(match, sinceMs) {
      silent.add(match);
      noteSilence();
      log.say("warn", "feed.silenced", { match, since: new Date(sinceMs).toISOString() });
    },
    entryCommitted(match, type) {
      metrics.entries.inc({ type });
      if (type === "feed.resumed" || type === "match.settled") {
        silent.delete(match);
        noteSilence();
      }
      if (!UNLOGGED_ENTRIES.includes(type)) log.say("info", "entry.committed", { match, type });
    },
    eventUnhandled(actor, type) {
      metrics.unhandled.inc();
      log.say("warn", "event.unhandled", { actor, type });
    },
    writeFenced(store) {
      metrics.fenced.inc({ store });
      log.say("warn", "write.fenced", { store });
    },
    childRestarted(id, reason, attempt, delayMs) {
      metrics.restarts.inc();
      log.say("warn", "child.restarted", { id, reason, attempt, delayMs });
    },
    childParked(id, reason) {
      metrics.parked.inc();
      log.say("error", "child.parked", { id, reason });
    },
    childUnparked(id) {
      metrics.parked.dec();
      log.say("info", "child.unparked", { id });
    },
    deadLetterKept(id, actor, reason) {
      metrics.setAside.inc();
      log.say("error", "letter.kept", { id, actor, reason });
    },
    copyRebuilt(what, reason) {
      metrics.rebuilt.inc();
      log.say("warn", "copy.rebuilt", { what, reason });
    },
    settlementEnded(match, run, state, predictions) {
      metrics.settlements.inc({ state });
      log.say("info", "settlement.ended", { match, run, state, predictions });
    },
    settlementHeld(match, run, reason) {
      metrics.settlements.inc({ state: "held" });
      log.say("error", "settlement.held", { match, run, reason });
    },
    fontsMissed: (scripts, debianPackages) =>
      log.say("info", "cards.boxes", {
        scripts: scripts.join(", "),
        remedy: `install ${debianPackages.join(" and ")}`,
      }),
    auditSealed: (seal, signature) => log.say("info", "audit.sealed", { seal, signature }),
    snapshotBuilt: () => metrics.built.inc(),
    socketOpened: () => metrics.connections.inc(),
    socketClosed(code) {
      metrics.connections.dec();
      metrics.closed.inc({ code: codeLabel(code) });
    },
    delivered: (lane, sockets) => metrics.deliveries.inc({ lane }, sockets),
    skipped: (lane, sockets) => metrics.skipped.inc({ lane }, sockets),
    merged: (lane, sockets) => metrics.merged.inc({ lane }, sockets),
    // Two machines' clocks differ: a hop between them may seem to end before it began.
    hopTook: (hop, seconds) => metrics.hop.observe({ hop }, Math.max(0, seconds)),
    receiveBegan: (...received) => spans === null ? null : spans.receiveBegan(...received),
    stageBegan: (stage, trace) => spans === null ? null : spans.stageBegan(stage, trace),
    stageFailed: (...failed) => spans?.stageFailed(...failed),
    warned(message) {
      metrics.warnings.inc();
      log.say("warn", "warned", { message });
    },
  };
}
