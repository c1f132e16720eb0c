/**
 * A provider's JSON → a canonical fact, or what is wrong with it.
 *
 * Strict on purpose: an unknown field is a typo and an unknown type is a feed
 * that knows more than we do; both are told by name rather than half taken.
 * Owner's facts are refused here, so nobody outside can settle a match.
 */
import {
  fieldPath,
  type FieldProblem,
  found,
  isObject,
  time,
  whole,
} from "../fixture/field_rules.ts";
import { idText, matchId } from "../fixture/fixture_fields.ts";
import { FACT_FIELDS, type FactFields, readBody, withPeriod } from "./fact_fields.ts";
import { type FactBody, OWNER, type OwnerFactBody, type ProviderFact } from "./match_event.ts";

export interface FactProblem {
  code: "unknownKind" | "ownerOnly" | "malformed";
  /** The field that is wrong: `facts[2].minute`. */
  field: string;
  /** What was needed, what was found. */
  reason: string;
}

const OWNER_TYPES: Record<OwnerFactBody["type"], true> = {
  "period.implied": true,
  "source.changed": true,
  "feed.silenced": true,
  "feed.resumed": true,
  "feed.heard": true,
  "kicks.released": true,
  "entry.quarantined": true,
  "match.settled": true,
};

const anyValue = (value: unknown) => value;
const envelope: FactFields = {
  required: { id: idText, type: anyValue, occurredAt: time },
  optional: { revision: whole(1, 1_000_000) },
};

export function isOwnerType(type: string): type is OwnerFactBody["type"] {
  return Object.hasOwn(OWNER_TYPES, type);
}

/** Reads one fact; `path` is where it stood, for the problem's field. */
export function parseFact(
  provider: string,
  value: unknown,
  path: string,
): { fact: ProviderFact } | { problem: FactProblem } {
  if (!isObject(value)) return malformed(path, `needs an object, found ${found(value)}`);
  const { type } = value;
  const field = fieldPath(path, "type");
  if (typeof type !== "string") return malformed(field, `needs a type, found ${found(type)}`);
  if (provider === OWNER || isOwnerType(type)) {
    const reason = `needs a type that providers may say, found ${found(type)}`;
    return { problem: { code: "ownerOnly", field, reason } };
  }
  if (!Object.hasOwn(FACT_FIELDS, type)) {
    const reason = `needs one of ${Object.keys(FACT_FIELDS).join(", ")}, found ${found(type)}`;
    return { problem: { code: "unknownKind", field, reason } };
  }
  const problems: FieldProblem[] = [];
  const whole = "minute" in fieldsOf(type) ? withPeriod(value) : value;
  const body = readBody(type as FactBody["type"], whole, path, problems, envelope);
  if (problems[0] !== undefined) return malformed(problems[0].path, problems[0].reason);
  nameProvider(body, provider);
  if (isObject(body.changes)) nameProvider(body.changes, provider);
  return { fact: { revision: 1, ...body, provider } as ProviderFact };
}

/** What is wrong with a fact whose fields were amended; null: nothing. */
export function problemOf(fact: ProviderFact): FieldProblem | null {
  const { provider: _provider, id: _id, revision: _revision, occurredAt: _at, ...rest } = fact;
  const { type, ...body } = rest;
  const problems: FieldProblem[] = [];
  readBody(type, body, "", problems);
  return problems[0] ?? null;
}

/** A match's id, which is also its channel's slug. */
export function parseMatchId(
  value: unknown,
  path: string,
): { matchId: string } | { problem: FactProblem } {
  const problems: FieldProblem[] = [];
  const read = matchId(value, path, problems);
  return problems[0] === undefined ? { matchId: read } : malformed(path, problems[0].reason);
}

function fieldsOf(type: string) {
  const { required, optional } = FACT_FIELDS[type as FactBody["type"]];
  return { ...required, ...optional };
}

/** An id alone names a fact of the same provider. */
function nameProvider(body: Record<string, unknown>, provider: string): void {
  for (const name of ["target", "review"]) {
    const id = body[name];
    if (typeof id === "string") body[name] = { provider, id };
  }
}

function malformed(field: string, reason: string): { problem: FactProblem } {
  return { problem: { code: "malformed", field, reason } };
}
