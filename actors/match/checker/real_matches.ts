/**
 * Real matches as a provider would have sent them, and how they really ended.
 *
 * A record knows its own result. So that no fact can borrow from it, everything
 * that tells the result is taken out first, and facts are made of the rest; what
 * is expected comes from the untouched record. Events of one minute are in no
 * proved order in the source; dismissals without a minute are left out.
 */
import { readFile } from "node:fs/promises";
import type { Period, Score, Side } from "../match_event.ts";
import type { MatchView } from "../match_view.ts";

export interface RealMatch {
  id: string;
  /** As a webhook's body would hold them, the fixture first. */
  facts: Record<string, unknown>[];
  expected: RealResult;
}

export interface RealResult {
  regular: Score;
  extraTime: Score | null;
  score: Score;
  shootout: (Score & { kicks: Score[] }) | null;
  winner: MatchView["winner"];
  decidedBy: MatchView["decidedBy"];
  /** Running score after each goal. */
  goals: Score[];
}

type Pair = [home: number, away: number];

interface RecordEvent {
  seq: number;
  type:
    | "period_start"
    | "period_end"
    | "goal"
    | "yellow"
    | "second_yellow"
    | "red"
    | "sub"
    | "pso_kick";
  period: keyof typeof PERIOD;
  min: number;
  stop: number;
  team: Side;
  player: string;
  playerId: string;
  ownGoal: boolean;
  penalty: boolean;
  off: string;
  offId: string;
  on: string;
  onId: string;
  n: number;
  scored: boolean;
}

interface Result {
  score: { ft90: Pair; aet: Pair | null; pens: Pair | null };
  decidedBy: "regulation" | "extra_time" | "shootout" | "draw";
  winner: Side | null;
  events: (RecordEvent & { score?: Pair; pens?: Pair })[];
}

interface MatchRecord {
  id: string;
  competition: string;
  stage: string;
  date: string;
  time: string;
  home: { code: string; name: string };
  away: { code: string; name: string };
  events: RecordEvent[];
}

type ToldRecord = Omit<MatchRecord, "events"> & Result;

const FILES = ["worldcup-2018-2022.jsonl", "shootouts.jsonl"];
const MINUTE = 60_000;
const PERIOD = {
  "1H": { period: "firstHalf", from: 1, to: 45, startsAt: 0 },
  "2H": { period: "secondHalf", from: 46, to: 90, startsAt: 65 },
  ET1: { period: "extraTimeFirst", from: 91, to: 105, startsAt: 125 },
  ET2: { period: "extraTimeSecond", from: 106, to: 120, startsAt: 150 },
  PSO: { period: "shootout", from: 121, to: 121, startsAt: 180 },
} as const satisfies Record<string, { period: Period; from: number; to: number; startsAt: number }>;
const CARD = { yellow: "yellow", second_yellow: "secondYellow", red: "red" } as const;

/** The distinct matches of the files in `folder`. */
export async function readRealMatches(folder: URL): Promise<RealMatch[]> {
  const matches = new Map<string, RealMatch>();
  for (const name of FILES) {
    const lines = (await readFile(new URL(name, folder), "utf8")).split("\n");
    for (const line of lines.filter((line) => line.trim() !== "")) {
      const record: ToldRecord = JSON.parse(line);
      const expected = resultOf(record);
      matches.set(record.id, { id: record.id, facts: factsOf(withoutResult(record)), expected });
    }
  }
  return [...matches.values()];
}

function withoutResult(record: ToldRecord): MatchRecord {
  const { score: _score, decidedBy: _by, winner: _winner, events, ...rest } = record;
  return { ...rest, events: events.map(({ score: _score, pens: _pens, ...event }) => event) };
}

function resultOf({ score, decidedBy, winner, events }: Result): RealResult {
  const { ft90, aet, pens } = score;
  const runs = (type: RecordEvent["type"], of: "score" | "pens") =>
    events.filter((event) => event.type === type).map((event) => scoreOf(event[of]!));
  return {
    regular: scoreOf(ft90),
    extraTime: aet && scoreOf([aet[0] - ft90[0], aet[1] - ft90[1]]),
    score: scoreOf(aet ?? ft90),
    shootout: pens && { ...scoreOf(pens), kicks: runs("pso_kick", "pens") },
    winner: winner ?? "draw",
    decidedBy: decidedBy === "extra_time"
      ? "extraTime"
      : decidedBy === "draw"
      ? "regulation"
      : decidedBy,
    goals: runs("goal", "score"),
  };
}

function scoreOf([home, away]: Pair): Score {
  return { home, away };
}

function factsOf(record: MatchRecord): Record<string, unknown>[] {
  const kickoffAt = Date.parse(`${record.date}T${record.time}:00Z`);
  const team = ({ code, name }: MatchRecord["home"]) => ({ id: code.toLowerCase(), name, code });
  const fixture = {
    id: `${record.id}-fixture`,
    type: "match.scheduled",
    occurredAt: kickoffAt - 24 * 60 * MINUTE,
    competition: record.competition,
    stage: record.stage,
    kickoffAt,
    home: team(record.home),
    away: team(record.away),
    format: { kind: record.stage.includes("group") ? "league" : "cup" },
  };
  const facts = record.events.map((event) => ({
    id: `${record.id}-${event.seq}`,
    revision: 1,
    occurredAt: kickoffAt + timeOf(event, record.events),
    ...bodyOf(event),
  }));
  return [fixture, ...facts];
}

/** Milliseconds since kick-off; the place in the record keeps times of one minute apart. */
function timeOf(event: RecordEvent, events: RecordEvent[]): number {
  const { from, to, startsAt } = PERIOD[event.period];
  const at = (minute: number) => (startsAt + minute) * MINUTE + event.seq;
  switch (event.type) {
    case "period_start":
      return at(0);
    case "period_end": {
      const inPeriod = events.filter(({ period }) => period === event.period);
      const added = Math.max(0, ...inPeriod.map(({ stop, n }) => stop ?? n ?? 0));
      return at(1 + to - from + added + 1);
    }
    case "pso_kick":
      return at(event.n);
    default:
      return at(event.min - from + event.stop + 0.5);
  }
}

function bodyOf(event: RecordEvent): Record<string, unknown> {
  const { period } = PERIOD[event.period];
  const { team: side, min: minute, stop } = event;
  const when = { period, minute, ...(stop > 0 ? { stoppage: stop } : {}) };
  const player = { id: event.playerId, name: event.player };
  switch (event.type) {
    case "period_start":
      return { type: "period.started", period };
    case "period_end":
      return { type: "period.ended", period };
    case "goal": {
      const method = event.ownGoal ? "ownGoal" : event.penalty ? "penalty" : "open";
      return { type: "goal.scored", side, method, player, ...when };
    }
    case "yellow":
    case "second_yellow":
    case "red":
      return { type: "card.shown", side, card: CARD[event.type], player, ...when };
    case "sub": {
      const off = { id: event.offId, name: event.off };
      return {
        type: "substitution.made",
        side,
        off,
        on: { id: event.onId, name: event.on },
        ...when,
      };
    }
    case "pso_kick":
      return { type: "shootout.kicked", side, number: event.n, scored: event.scored, player };
  }
}
