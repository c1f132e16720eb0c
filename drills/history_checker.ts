/**
 * Holds a drill's evidence against what Golazo promises.
 *
 * Shares no code with the server: it has the provider's memory of what it was
 * told, the clients' logs, the files on the disk, and its own way of counting a
 * score. Answers what was broken, one sentence each; an empty list is the proof.
 *
 *   1  per match seq without a gap, equal in ledger and SQL, and every client
 *      that came back ends where a newcomer begins
 *   2  no client sees a score fall without an entry that makes it fall
 *   4  no write with an old fence accepted: of a match's entries none has a lower
 *      one than the entry before
 *   7  no offset of an epoch says two things
 *   8  restarts within intensity
 *   and: a fact that was answered with 2xx is in the ledger exactly once
 */
import {
  type ClientHistory,
  type ClientLog,
  type Picture,
  readClientHistory,
} from "./client_history.ts";
import { referenceScore, scoreFalls } from "./reference_score.ts";
import type { StoredEntry, StoredHistory, StoredLedgers } from "./stored_history.ts";
import type { PostedFact } from "./webhook_source.ts";

/** As `/api/ops/supervisors` lists it. */
export interface SupervisedLine {
  id: string;
  state: string;
  restartAt: number | null;
  restartsInWindow: number;
  restartsTotal: number;
  children?: SupervisedLine[];
}

export interface Evidence {
  stored: StoredHistory;
  posted: readonly PostedFact[];
  /** Clients that were there all the time. */
  clients: ClientLog[];
  /** One that joined when all was over. */
  newcomer: ClientLog;
  supervisors: SupervisedLine[];
  /** Ledgers as they were just before files were damaged: their tails may have been taken back. */
  beforeDamage: StoredLedgers[];
}

export interface Findings {
  violations: string[];
  entries: number;
  recovered: number;
  snapshots: number;
  /** Goals that were shown and taken back by a new epoch. */
  takenBack: number;
}

const RESTARTS_MAX = 5;
/** Of facts that are an owner's own. */
const OWNER = "golazo";

export function checkHistory(evidence: Evidence): Findings {
  const { stored, posted, clients, newcomer } = evidence;
  const said = new Map<string, string>();
  const fresh = readClientHistory(newcomer, said);
  const histories = clients.map((client) => ({ client, ...readClientHistory(client, said) }));
  const falls = histories.map((history) => checkFalls(history, evidence));
  const violations = [
    ...checkLedgers(stored),
    ...checkAnswers(stored.ledger, posted, "the ledger"),
    ...fresh.violations,
    ...checkNewcomer(fresh, stored.ledger),
    ...histories.flatMap((history) => [
      ...history.violations,
      ...checkArrival(history.client.name, history, fresh),
    ]),
    ...falls.flatMap((found) => found.violations),
    ...checkRestarts(evidence.supervisors),
  ];
  const sum = (of: (history: ClientHistory) => number) =>
    histories.reduce((total, history) => total + of(history), 0);
  return {
    violations,
    entries: [...stored.ledger.values()].reduce((total, entries) => total + entries.length, 0),
    recovered: sum((history) => history.recovered),
    snapshots: sum((history) => history.snapshots),
    takenBack: falls.reduce((total, found) => total + found.takenBack, 0),
  };
}

/** Every fact answered with 2xx is there once, no fact is there twice, none that was refused. */
export function checkAnswers(
  ledgers: StoredLedgers,
  posted: readonly PostedFact[],
  where: string,
): string[] {
  const counts = new Map<string, number>();
  for (const [match, entries] of ledgers) {
    for (const { fact: { id, revision } } of entries) {
      const name = `${match} ${id}@${revision}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return posted.flatMap(({ match, fact: { id, revision }, answer }) => {
    const name = `${match} ${id}@${revision}`;
    const count = counts.get(name) ?? 0;
    const isTaken = answer === "accepted" || answer === "duplicate";
    const isRight = isTaken ? count === 1 : answer === "unknown" ? count <= 1 : count === 0;
    return isRight ? [] : [`${name} was answered "${answer}" and is in ${where} ${count} times`];
  });
}

/** `fences` of the entries of each match, in order of seq. */
export function checkFences(fences: ReadonlyMap<string, readonly number[]>): string[] {
  return [...fences].flatMap(([match, tokens]) => {
    const at = tokens.findIndex((token, index) => token < (tokens[index - 1] ?? 0));
    if (at < 0) return [];
    return [`entry ${at + 1} of ${match} has fence ${tokens[at]} after ${tokens[at - 1]}`];
  });
}

function checkLedgers({ ledger, sql }: StoredHistory): string[] {
  const matches = new Set([...ledger.keys(), ...sql.keys()]);
  return [...matches].flatMap((match) => {
    const inLedger = ledger.get(match) ?? [];
    const inSql = sql.get(match) ?? [];
    const different = inLedger.findIndex((entry, at) => !isSameEntry(entry, inSql[at]));
    return [
      ...holes(`the ledger of ${match}`, inLedger),
      ...holes(`match_ledger of ${match}`, inSql),
      ...(inLedger.length === inSql.length
        ? []
        : [`${match} has ${inLedger.length} entries in the ledger and ${inSql.length} in SQL`]),
      ...(different < 0 || inSql[different] === undefined
        ? []
        : [`entry ${different + 1} of ${match} is not the same in ledger and SQL`]),
    ];
  });
}

function holes(what: string, entries: StoredEntry[]): string[] {
  const at = entries.findIndex(({ seq }, index) => seq !== index + 1);
  return at < 0 ? [] : [`${what} has seq ${entries[at]!.seq} where ${at + 1} must be`];
}

function isSameEntry(a: StoredEntry, b: StoredEntry | undefined): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** The same value with its names in order. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const names = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(names.map(([name, inner]) => [name, sorted(inner)]));
}

function checkNewcomer({ pictures }: ClientHistory, ledgers: StoredLedgers): string[] {
  return [...pictures].flatMap(([channel, { snapshotSeq, score }]) => {
    const entries = ledgers.get(matchOf(channel)) ?? [];
    const counted = referenceScore(entries);
    // After the newcomer left, an owner may still note that a feed fell silent.
    const later = entries.slice(snapshotSeq).map(({ fact }) => fact);
    const isShownAll = snapshotSeq <= entries.length &&
      later.every(({ provider }) => provider === OWNER);
    const unseen = later.map(({ type }) => `, ${type}`).join("");
    return [
      ...(isShownAll
        ? []
        : [`a newcomer to ${channel} is shown seq ${snapshotSeq} of ${entries.length}${unseen}`]),
      ...(score.home === counted.home && score.away === counted.away ? [] : [
        `a newcomer to ${channel} is shown ${score.home}-${score.away}, ` +
        `its ledger counts ${counted.home}-${counted.away}`,
      ]),
    ];
  });
}

/** Who was there all the time sees what a newcomer is shown. */
function checkArrival(name: string, { pictures }: ClientHistory, fresh: ClientHistory): string[] {
  return [...fresh.pictures].flatMap(([channel, there]) => {
    const here = pictures.get(channel);
    if (here === undefined) return [`${name} never saw ${channel}`];
    const isSame = textOf(here) === textOf(there) && isSameTimeline(here, there);
    return isSame
      ? []
      : [`${name} sees ${channel} as ${textOf(here)}, a newcomer as ${textOf(there)}`];
  });
}

function textOf({ epoch, offset, score, phase, timeline }: Picture): string {
  return `${score.home}-${score.away} ${phase}, ${timeline.size} lines, ${offset} of ${epoch}`;
}

function isSameTimeline({ timeline: a }: Picture, { timeline: b }: Picture): boolean {
  return a.size === b.size && [...a].every(([id, line]) => b.get(id) === line);
}

/** What a client saw fall is at most what the ledger's entries made fall. */
function checkFalls(
  { client, falls }: ClientHistory & { client: ClientLog },
  { stored: { ledger }, beforeDamage }: Evidence,
): { violations: string[]; takenBack: number } {
  const violations: string[] = [];
  const due = new Map<string, number>();
  const allow = (match: string, entries: StoredEntry[], from: number) => {
    for (const { side, by } of scoreFalls(entries, from)) {
      const name = `${match} ${side}`;
      due.set(name, (due.get(name) ?? 0) + by);
    }
  };
  for (const [match, entries] of ledger) allow(match, entries, 0);
  for (const [match, entries] of beforeDamage.flatMap((ledgers) => [...ledgers])) {
    const kept = ledger.get(match) ?? [];
    const lostFrom = entries.findIndex((entry, at) => !isSameEntry(entry, kept[at]));
    if (lostFrom >= 0) allow(match, entries, lostFrom);
  }
  let takenBack = 0;
  // A reset may take back what was due anyway: what is due goes to the others first.
  const inTurn = [...falls].sort((a, b) => Number(a.isReset) - Number(b.isReset));
  for (const { channel, side, by, isReset } of inTurn) {
    const name = `${matchOf(channel)} ${side}`;
    const left = (due.get(name) ?? 0) - by;
    due.set(name, Math.max(0, left));
    if (left >= 0) continue;
    if (isReset && beforeDamage.length > 0) takenBack -= left;
    else violations.push(`${client.name} saw ${side} of ${channel} fall by ${-left} for nothing`);
  }
  return { violations, takenBack };
}

function checkRestarts(lines: SupervisedLine[]): string[] {
  return lines.flatMap(({ id, state, restartsInWindow, children = [] }) => [
    ...(restartsInWindow > RESTARTS_MAX && state !== "parked"
      ? [`${id} is ${state} after ${restartsInWindow} restarts in its window`]
      : []),
    ...checkRestarts(children),
  ]);
}

function matchOf(channel: string): string {
  return channel.slice("match:".length);
}
