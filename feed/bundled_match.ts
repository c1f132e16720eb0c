/**
 * The matches that come with Golazo, read and checked.
 *
 * A file holds one real match: its fixture, where its facts can be looked up,
 * and every fact with the second at which it happened, counted from kick-off
 * on the wall clock, breaks included. Each fact passes the same parser as a
 * provider's, so a file that loads can be played.
 */
import { readdir, readFile } from "node:fs/promises";
import { parseFact } from "../actors/match/parse_fact.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";

/** The provider name of bundled matches. */
export const REPLAY = "replay";

export const BUNDLED_FOLDER = new URL("./bundled/", import.meta.url);

export interface TimedFact {
  /** Seconds since kick-off. */
  at: number;
  /** A fact without `occurredAt`. */
  value: Record<string, unknown>;
}

export interface BundledMatch {
  /** The slug: match id of its first round. */
  id: string;
  title: string;
  sources: string[];
  /** Body of `match.scheduled`; the kick-off is the real one. */
  scheduled: Record<string, unknown>;
  /** In order of `at`. */
  facts: TimedFact[];
  /** Second of the first word of a shootout. */
  shootoutAt: number | null;
  /** Second of the fact that ends the play. */
  finalWhistleAt: number;
}

/** Leaves room for `-r<round>` within a match id. */
const SLUG = /^[a-z0-9-]{1,56}$/;
const ENDINGS = ["period.ended", "shootout.kicked", "match.abandoned", "match.awarded"];
/** Any time does for the parser: the real one is set when the match is played. */
const SOME_TIME = 1_671_375_600_000;

/**
 * Every bundled match, in order of file name.
 * @throws {Failure} `bundledMatchInvalid`
 */
export async function loadBundledMatches(folder: URL = BUNDLED_FOLDER): Promise<BundledMatch[]> {
  const matches: BundledMatch[] = [];
  try {
    for (const name of (await readdir(folder)).filter((name) => name.endsWith(".json")).sort()) {
      const file = new URL(name, folder);
      matches.push(parseBundledMatch(file.pathname, await readFile(file, "utf8")));
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw invalid(folder.pathname, reasonOf(error));
  }
  if (matches.length === 0) throw invalid(folder.pathname, "the folder holds no match");
  return matches;
}

/** @throws {Failure} `bundledMatchInvalid` naming the file, what is wrong and what to do. */
export function parseBundledMatch(file: string, text: string): BundledMatch {
  const match = readShape(file, text);
  const need = (condition: boolean, what: string) => {
    if (!condition) throw invalid(file, what);
  };
  const check = (field: string, value: unknown) => {
    const parsed = parseFact(REPLAY, value, field);
    if ("problem" in parsed) {
      throw invalid(file, `${parsed.problem.field} ${parsed.problem.reason}`);
    }
    return parsed.fact;
  };

  check("scheduled", scheduledFact(match.scheduled, SOME_TIME));
  const names = new Set<string>();
  let before = -Infinity;
  for (const [index, { at, value }] of match.facts.entries()) {
    const fact = check(`facts[${index}]`, { ...value, occurredAt: SOME_TIME });
    const name = `${fact.id}, revision ${fact.revision}`;
    need(Number.isFinite(at), `facts[${index}].at must be seconds since kick-off`);
    need(at >= before, `facts[${index}].at is ${at}, before the ${before} of the fact above`);
    need(!names.has(name), `facts[${index}] has the name of another: ${name}`);
    need(fact.type !== "match.scheduled", `facts[${index}] is a second fixture`);
    names.add(name);
    before = at;
  }

  const ending = match.facts.findLast(({ value }) => ENDINGS.includes(value.type as string));
  need(ending !== undefined, "no fact ends the match");
  const shootout = match.facts.find(({ value }) =>
    value.period === "shootout" || value.type === "shootout.kicked"
  );
  return { ...match, shootoutAt: shootout?.at ?? null, finalWhistleAt: ending!.at };
}

/** The fact that announces a bundled match. */
export function scheduledFact(
  scheduled: Record<string, unknown>,
  occurredAt: number,
): Record<string, unknown> {
  return { ...scheduled, type: "match.scheduled", id: "scheduled", revision: 1, occurredAt };
}

function readShape(
  file: string,
  text: string,
): Omit<BundledMatch, "shootoutAt" | "finalWhistleAt"> {
  let match: unknown;
  try {
    match = JSON.parse(text);
  } catch (error) {
    throw invalid(file, `it must be JSON: ${reasonOf(error)}`);
  }
  if (!isObject(match)) throw invalid(file, "it must be a JSON object");
  const { id, title, sources, scheduled, facts } = match;
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  if (typeof id !== "string" || !SLUG.test(id)) {
    throw invalid(file, "id must be 1 to 56 of a-z, 0-9 and -");
  }
  if (!isText(title)) throw invalid(file, "title must be a text");
  if (!Array.isArray(sources) || sources.length === 0 || !sources.every(isText)) {
    throw invalid(file, "sources must say where the facts can be looked up");
  }
  if (!isObject(scheduled)) throw invalid(file, "scheduled must be the body of a match.scheduled");
  if (!Array.isArray(facts) || !facts.every(isObject)) {
    throw invalid(file, "facts must be a list of objects");
  }
  return {
    id,
    title: title as string,
    sources,
    scheduled,
    facts: facts.map(({ at, ...body }) => ({ at: at as number, value: ownFact(body) })),
  };
}

/** Fills in what is the same in all bundled facts: the revision, and whose facts they name. */
function ownFact(body: Record<string, unknown>): Record<string, unknown> {
  const value: Record<string, unknown> = { revision: 1, ...body };
  for (const ref of ["target", "review"]) {
    const named = value[ref];
    if (isObject(named)) value[ref] = { ...named, provider: REPLAY };
  }
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(file: string, what: string): Failure {
  return new Failure(
    "bundledMatchInvalid",
    `Cannot play the bundled match in ${file} as ${what}. ` +
      "Restore the file from the release, or take it out of the folder.",
  );
}
