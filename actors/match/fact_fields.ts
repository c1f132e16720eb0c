/**
 * Which fields a fact of each type has and what each must be.
 *
 * One table for whole facts, for amendments of them and for what an amendment
 * makes of its target, so the three cannot disagree.
 */
import {
  format,
  idText,
  nameText,
  noteText,
  score,
  side,
  team,
} from "../fixture/fixture_fields.ts";
import {
  between,
  fieldPath,
  type FieldProblem,
  type Fields,
  flag,
  found,
  isObject,
  list,
  oneOf,
  pattern,
  record,
  type Rule,
  time,
  whole,
} from "../fixture/field_rules.ts";
import { periodOfMinute } from "./match_clock.ts";
import { type FactBody, type FactRef, PERIODS, type Team } from "./match_event.ts";

export interface FactFields {
  required: Fields;
  optional: Fields;
}

export const LINEUP_PLAYERS_MAX = 60;

const period = oneOf(PERIODS);
const periodOfPlay = oneOf(PERIODS.filter((name) => name !== "shootout"));
const minute = whole(0, 150);
const stoppage = whole(0, 60);
const player = record({ name: nameText }, { id: idText });
const lineupPlayer = record(
  { name: nameText, starting: flag },
  { id: idText, number: whole(0, 999), position: noteText },
);
const providerName = pattern("a provider's name of a-z, 0-9 and -", /^[a-z0-9-]{1,64}$/);
const refObject = record({ provider: providerName, id: idText });
/** Another fact: `{provider, id}`, or the id alone for one of the same provider. */
const ref: Rule<FactRef | string> = (value, path, problems) =>
  typeof value === "object" ? refObject(value, path, problems) : idText(value, path, problems);

/** Goals and missed penalties are of play; a shootout's kicks have facts of their own. */
const inPlay = { minute, period: periodOfPlay };
/** Cards and substitutions may also come during the shootout. */
const inMatch = { minute, period };
const inReview = { minute, period, stoppage };

export const FACT_FIELDS: Record<FactBody["type"], FactFields> = {
  "match.scheduled": {
    required: {
      competition: nameText,
      stage: noteText,
      kickoffAt: time,
      home: team,
      away: team,
      format,
    },
    optional: { venue: noteText, clockRate: between(0.01, 3_600) },
  },
  "match.rescheduled": { required: { kickoffAt: time }, optional: {} },
  "lineup.published": {
    required: { side, players: list(lineupPlayer, LINEUP_PLAYERS_MAX) },
    optional: {},
  },
  "period.started": { required: { period }, optional: {} },
  "period.ended": { required: { period }, optional: {} },
  "stoppage.announced": { required: { period: periodOfPlay, minutes: stoppage }, optional: {} },
  "goal.scored": {
    required: { side, method: oneOf(["open", "penalty", "ownGoal"]), ...inPlay },
    optional: { player, assist: player, stoppage },
  },
  "penalty.missed": {
    required: { side, ...inPlay },
    optional: { player, how: oneOf(["saved", "wide", "woodwork"]), stoppage },
  },
  "card.shown": {
    required: { side, card: oneOf(["yellow", "secondYellow", "red"]), ...inMatch },
    optional: { player, onPitch: flag, stoppage },
  },
  "substitution.made": {
    required: { side, ...inMatch },
    optional: { off: player, on: player, stoppage },
  },
  "review.opened": {
    required: {
      reason: oneOf(
        ["goal", "penalty", "redCard", "secondYellow", "mistakenIdentity", "corner"],
      ),
    },
    optional: { target: ref, ...inReview },
  },
  "review.closed": {
    required: {
      outcome: oneOf([
        "goalStands",
        "goalAnnulled",
        "goalGiven",
        "penaltyGiven",
        "penaltyCancelled",
        "redCardGiven",
        "redCardCancelled",
        "redCardDowngraded",
        "yellowUpgraded",
        "cardReassigned",
        "cornerTakenBack",
        "noChange",
      ]),
    },
    optional: { review: ref, ...inReview },
  },
  // The longest shootout on record had 56 kicks.
  "shootout.kicked": {
    required: { side, number: whole(1, 120), scored: flag },
    optional: { player },
  },
  "kick.retaken": { required: { target: ref }, optional: { reason: noteText } },
  "goal.annulled": { required: { target: ref }, optional: { reason: noteText } },
  "event.amended": {
    required: { target: ref, changes: amendment },
    optional: { reason: noteText },
  },
  "event.voided": { required: { target: ref }, optional: { reason: noteText } },
  "match.suspended": { required: {}, optional: { reason: noteText } },
  "match.resumed": { required: {}, optional: {} },
  "match.abandoned": { required: {}, optional: { reason: noteText } },
  "match.postponed": { required: {}, optional: { reason: noteText } },
  "match.cancelled": { required: {}, optional: { reason: noteText } },
  "match.awarded": { required: { winner: side, score }, optional: { reason: noteText } },
  "possession.measured": { required: { home: whole(0, 100), away: whole(0, 100) }, optional: {} },
};

/** Fields that name the fact; another name or type would be another fact. */
const FIXED_FIELDS = ["type", "id", "provider", "revision", "occurredAt", "changes"];

/** Whole fields to replace; whether they suit the target shows once that is known. */
function amendment(
  value: unknown,
  path: string,
  problems: FieldProblem[],
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  if (!isObject(value) || Object.keys(value).length === 0) {
    problems.push({ path, reason: `needs an object of fields to change, found ${found(value)}` });
    return read;
  }
  for (const [name, to] of Object.entries(withPeriod(value))) {
    const candidates = FIXED_FIELDS.includes(name) ? [] : RULES_BY_FIELD.get(name) ?? [];
    const attempts = candidates.map((rule) => attempt(rule, to, fieldPath(path, name)));
    const right = attempts.find((one) => one.problems.length === 0);
    if (right !== undefined) read[name] = right.read;
    else if (attempts[0] !== undefined) problems.push(...attempts[0].problems);
    else {
      const reason = `needs a field that a correction can change, found ${name}`;
      problems.push({ path: fieldPath(path, name), reason });
    }
  }
  return read;
}

function attempt(rule: Rule<unknown>, value: unknown, path: string) {
  const problems: FieldProblem[] = [];
  return { read: rule(value, path, problems), problems };
}

/** Every rule that some type has for a field of that name. */
const RULES_BY_FIELD = new Map<string, Rule<unknown>[]>();
for (const { required, optional } of Object.values(FACT_FIELDS)) {
  for (const [name, rule] of [...Object.entries(required), ...Object.entries(optional)]) {
    RULES_BY_FIELD.set(name, [...(RULES_BY_FIELD.get(name) ?? []), rule]);
  }
}

/** Fills in the period that a minute tells, where none is given. */
export function withPeriod(value: Record<string, unknown>): Record<string, unknown> {
  if (value.period !== undefined || !Number.isInteger(value.minute)) return value;
  const period = periodOfMinute(value.minute as number);
  return period === null ? value : { ...value, period };
}

/** Rules between fields, and the type's own for each: what is wrong with a whole body. */
export function readBody(
  type: FactBody["type"],
  value: Record<string, unknown>,
  path: string,
  problems: FieldProblem[],
  envelope: FactFields = { required: {}, optional: {} },
): Record<string, unknown> {
  const { required, optional } = FACT_FIELDS[type];
  const read: Record<string, unknown> = record(
    { ...envelope.required, ...required },
    { ...envelope.optional, ...optional },
  )(value, path, problems);
  if (problems.length > 0) return read;
  if (type === "possession.measured" && Number(read.home) + Number(read.away) !== 100) {
    const reason = `needs home and away to be 100 together, found ${read.home} and ${read.away}`;
    problems.push({ path: fieldPath(path, "away"), reason });
  }
  if (type === "match.scheduled" && (read.home as Team).id === (read.away as Team).id) {
    const reason = `needs another team than home, found ${found((read.away as Team).id)}`;
    problems.push({ path: fieldPath(path, "away.id"), reason });
  }
  return read;
}
