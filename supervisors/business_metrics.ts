/**
 * The series that this process shows to whoever scrapes it: their names, what
 * they count, by which labels and in which buckets.
 *
 * No label holds an id, a name or free text: the number of series stays fixed
 * however many matches and fans there are. What steps them is said by the sink
 * of business events alone.
 */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { LANES } from "../channels/publication.ts";
import { residentBytes } from "../runtime/platform.ts";

/** Gauges whose value somebody else knows, read when they are scraped. */
const observed = {
  golazo_dead_letters: "Deliveries set aside, waiting for an operator",
  golazo_owned_partitions: "Partitions whose lease this process holds",
  golazo_ledger_behind: "Committed entries that SQL has not confirmed",
  golazo_matches_awake: "Matches whose actor is loaded",
};
export type ObservedGauge = keyof typeof observed;

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

export function createRegistry(): Registry {
  return new Registry();
}

/** Each reads what stands in `reads` when it is scraped; one that throws stays as it was. */
export function createObservedGauges(
  registry: Registry,
  reads: ReadonlyMap<string, () => number | Promise<number>>,
  unreadable: (name: ObservedGauge, error: unknown) => void,
): void {
  for (const [name, help] of Object.entries(observed)) {
    new Gauge({
      ...{ name, help, registers: [registry] },
      async collect() {
        try {
          this.set(await reads.get(name)?.() ?? 0);
        } catch (error) {
          unreadable(name as ObservedGauge, error);
        }
      },
    });
  }
}

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics(registry: Registry) {
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
