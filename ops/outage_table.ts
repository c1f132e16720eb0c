/**
 * The table of outages in ARCHITECTURE.md, with what drills have measured.
 *
 * What is promised is written here, what was found is in drills/figures.json;
 * nobody types a figure into a document.
 */
import type { Figures } from "../drills/figures.ts";

interface Outage {
  away: string;
  goesOn: string;
  comesBack: string;
  /** Null: no drill takes it away. */
  measured: { drill: string; what: string; time: RegExp } | null;
}

export const BEGIN = "<!-- outages: written by `deno task outages` -->";
export const END = "<!-- /outages -->";

const outages: Outage[] = [
  {
    away: "the one process of the embedded form",
    goesOn: "nothing",
    comesBack: "the platform starts it again; clients resume, no gap, no double",
    measured: { drill: "kill_server", what: "silence", time: /^silence_all_ms$/ },
  },
  {
    away: "an owner",
    goesOn: "sockets, pages, snapshots",
    comesBack: "another node after its lease (3 s) and a fold; no gap, no double",
    measured: { drill: "kill_owner", what: "silence", time: /^silence_all_ms$/ },
  },
  {
    away: "an owner that freezes and wakes up",
    goesOn: "the same",
    comesBack: "another node, as above; ledger, snapshots and SQL refuse what it still writes",
    measured: { drill: "zombie_owner", what: "silence", time: /^silence_all_ms$/ },
  },
  {
    away: "one master of a Redis Cluster",
    goesOn: "sockets; matches of the other masters",
    comesBack: "its replica; a new owner begins a new epoch, clients resync",
    measured: { drill: "redis_failover", what: "silence", time: /^silence_ms$/ },
  },
  {
    away: "a connection to Redis or MySQL: slow, silent, half open, reset",
    goesOn: "sockets stay, the feed answers 503",
    comesBack: "owners and gateways reconnect and compare; another node where it took too long",
    measured: { drill: "bad_network", what: "right again after", time: /_recovery_ms$/ },
  },
  {
    away: "what Redis held",
    goesOn: "sockets stay",
    comesBack: "owners refill it from SQL and their memory; new epoch, clients resync",
    measured: { drill: "redis_loss", what: "resynced after", time: /^resync_ms$/ },
  },
  {
    away: "MySQL",
    goesOn: "scores go on",
    comesBack: "no 2xx until it is back; what waited is written in order",
    measured: { drill: "mysql_loss", what: "caught up after", time: /^caught_up_ms$/ },
  },
  {
    away: "a gateway that is told to go",
    goesOn: "the others; its own fans hear every goal until it is their turn",
    comesBack: "its clients resume elsewhere, spread over its farewell and 5 s; nothing missed",
    measured: { drill: "drain", what: "everybody back after", time: /^back_ms$/ },
  },
];

/** The document with the table between its two marks. @throws {Error} where they are missing. */
export function withOutages(document: string, figures: Figures[]): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) {
    throw new Error(`Cannot write the table of outages: needed ${BEGIN} and then ${END}`);
  }
  return document.slice(0, begin + BEGIN.length) + `\n\n${tableOf(figures)}\n` +
    document.slice(end);
}

function tableOf(figures: Figures[]): string {
  const lines = outages.map(({ away, goesOn, comesBack, measured }) =>
    row(away, goesOn, comesBack, textOf(measured, figures))
  );
  const head = ["What goes away", "What goes on", "What comes back, and how", "Measured"];
  const note = "Measured: median / worst of all runs, by `deno task drill NAME --keep`.";
  return [row(...head), row(...head.map(() => "---")), ...lines, "", note, ""].join("\n");
}

function row(...cells: string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Of several times of a drill the worst counts. */
function textOf(measured: Outage["measured"], figures: Figures[]): string {
  if (measured === null) return "–";
  const found = figures.find(({ drill }) => drill === measured.drill);
  if (found === undefined) return `not yet (${measured.drill})`;
  const times = Object.entries(found.times).filter(([name]) => measured.time.test(name));
  if (times.length === 0) return `not yet (${measured.drill})`;
  const worst = (of: "median" | "max") => Math.max(...times.map(([, time]) => time[of]));
  const { drill, runs, date, commit } = found;
  return `${measured.what} ${seconds(worst("median"))} / ${seconds(worst("max"))} s; ` +
    `${drill}, ${runs} ${runs === 1 ? "run" : "runs"}, ${date}, ${commit}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
