/**
 * What becomes of business events: a counter, a log line, or both.
 *
 * One function an event, so what an event causes is read in one place. Nothing
 * per socket is logged. The metrics are this process's own, scraped at /metrics
 * of the admin listener. Spans are made where a collector is configured and
 * nowhere else.
 */
import { closeCode } from "../protocol/close_code.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import type { Random } from "../runtime/random.ts";
import { BusinessLog, type BusinessLogOptions } from "./business_log.ts";
import {
  createMetrics,
  createObservedGauges,
  createRegistry,
  type Metrics,
  type ObservedGauge,
} from "./business_metrics.ts";
import { watchEventLoop } from "./event_loop_lag.ts";
import { SpanExporter } from "./span_exporter.ts";
import { StageSpans } from "./stage_spans.ts";

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

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const registry = createRegistry();
  const metrics = createMetrics(registry);
  const log = new BusinessLog(options);
  const lag = watchEventLoop(options.clock, (seconds) => metrics.lag.observe(seconds));
  const reads = new Map<string, () => number | Promise<number>>();
  const unreadable = (name: ObservedGauge, error: unknown) =>
    log.say("warn", "gauge.unreadable", { name, reason: reasonOf(error) });
  createObservedGauges(registry, reads, unreadable);
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
