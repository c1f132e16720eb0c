/**
 * Where every feed ends: values of a provider in, an answer for each fact out.
 *
 * Webhooks, the replay and operators all come through here, so "accepted" has
 * one meaning: the truth has the fact. What is malformed is answered at once
 * and never stored; what is valid is stored before anybody decides about it.
 */
import { parseFact } from "../actors/match/parse_fact.ts";
import type { ProviderFact } from "../actors/match/match_event.ts";
import type { FactAnswer, MatchOwners } from "../actors/ports/match_owners.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { DisorderReport } from "./disorder_report.ts";
import type { ReceivedFact } from "./intake_queue.ts";
import type { SafeDelivery } from "./safe_delivery.ts";

export interface Submission {
  provider: string;
  matchId: string;
  /** Facts as the provider wrote them; none means "still here". */
  values: unknown[];
  /** When the first byte came, milliseconds since 1970. */
  receivedAt: number;
  /** W3C traceparent. */
  trace?: string;
}

/** The answer to one fact; `id` and `revision` as the provider wrote them, null where unreadable. */
export interface IntakeResult {
  id: string | null;
  revision: number | null;
  outcome: "accepted" | "duplicate" | "rejected";
  code?: string;
  /** Only where the fact could not be read: which part of it. */
  field?: string;
  reason?: string;
}

export type SubmissionResult =
  | { outcome: "answered"; results: IntakeResult[] }
  /** No fixture of that id, and no valid `match.scheduled` to make one; `results` are the unreadable. */
  | { outcome: "unknownMatch"; results: IntakeResult[] };

export interface IntakeParts {
  delivery: SafeDelivery;
  owners: MatchOwners;
  disorder: DisorderReport;
  events: BusinessEvents;
  clock: Clock;
}

/** A fact that could be read, and its place in the submission. */
interface Readable {
  at: number;
  fact: ProviderFact;
}

/** What could be read, and in their places the answers to what could not. */
interface Reading {
  readable: Readable[];
  results: IntakeResult[];
}

/** Goals, cards and reviews, and what may take one of them back: their way is always traced. */
const NOTABLE: ReadonlySet<ProviderFact["type"]> = new Set<ProviderFact["type"]>([
  ...["goal.scored", "goal.annulled", "card.shown", "review.opened", "review.closed"] as const,
  ...["shootout.kicked", "kick.retaken", "event.amended", "event.voided"] as const,
]);

export class Intake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /**
   * Answers in the order of the values.
   * @throws {Failure} retryable, `ownerUnavailable` among them, where no answer came within
   * `limits.intakeAnswerMsMax`: send the same again, what was taken meanwhile is a duplicate.
   */
  async submit(submission: Submission): Promise<SubmissionResult> {
    const { provider, matchId, values, receivedAt } = submission;
    const reading = read(submission);
    const isNotable = reading.readable.some(({ fact }) => NOTABLE.has(fact.type));
    // A sign of life is no fact: it goes no way.
    const stage = values.length === 0
      ? null
      : this.#parts.events.receiveBegan(submission.trace, receivedAt, isNotable);
    const notes = { match: matchId, provider, facts: values.length };
    try {
      const traced = { ...submission, trace: stage?.trace ?? submission.trace };
      const result = await this.#withinPatience(traced, reading);
      const refusal = refusalOf(result);
      if (refusal === null) stage?.ended(notes);
      else stage?.failed(refusal, notes);
      return result;
    } catch (error) {
      stage?.failed(error instanceof Failure ? error.code : "internal", notes);
      throw error;
    }
  }

  async #withinPatience(submission: Submission, reading: Reading): Promise<SubmissionResult> {
    let deadline: Timer | undefined;
    const late = new Promise<never>((_, reject) => {
      deadline = this.#parts.clock.after(limits.intakeAnswerMsMax, () =>
        reject(
          new Failure(
            "ownerUnavailable",
            `Cannot answer for match ${submission.matchId} as its owner had to within ` +
              `${limits.intakeAnswerMsMax} ms and did not`,
            { retryable: true },
          ),
        ));
    });
    try {
      return await Promise.race([this.#submit(submission, reading), late]);
    } finally {
      deadline?.cancel();
    }
  }

  async #submit(
    submission: Submission,
    { readable, results }: Reading,
  ): Promise<SubmissionResult> {
    const { provider, matchId, values } = submission;
    const { owners, events } = this.#parts;
    if (readable.length > 0 || values.length === 0) {
      const isKnown = await owners.knows(matchId);
      if (!isKnown && !announces(readable)) {
        return { outcome: "unknownMatch", results: results.filter(Boolean) };
      }
      if (readable.length === 0) owners.heard(matchId, provider);
      else {
        if (!isKnown) readable.sort(fixtureFirst);
        const answers = await this.#deliver(submission, readable);
        for (const [index, { at, fact }] of readable.entries()) {
          results[at] = { id: fact.id, revision: fact.revision, ...answers[index]! };
        }
      }
    }
    for (const { outcome, code } of results) events.factAnswered(matchId, provider, outcome, code);
    return { outcome: "answered", results };
  }

  async #deliver(submission: Submission, readable: Readable[]): Promise<FactAnswer[]> {
    const { delivery, disorder } = this.#parts;
    const { matchId, receivedAt, trace } = submission;
    for (const { fact } of readable) disorder.saw(matchId, fact);
    return await delivery.deliver(
      matchId,
      readable.map(({ fact }): ReceivedFact => ({ fact, receivedAt, trace })),
    );
  }
}

function read({ provider, values }: Submission): Reading {
  const results: IntakeResult[] = [];
  const readable: Readable[] = [];
  for (const [at, value] of values.entries()) {
    const parsed = parseFact(provider, value, `facts[${at}]`);
    if ("fact" in parsed) readable.push({ at, fact: parsed.fact });
    else results[at] = { ...nameOf(value), outcome: "rejected", ...parsed.problem };
  }
  return { readable, results };
}

/** Why not all of it was taken, in one word; null where it was. */
function refusalOf(result: SubmissionResult): string | null {
  if (result.outcome === "unknownMatch") return "unknownMatch";
  return result.results.find(({ outcome }) => outcome === "rejected")?.code ?? null;
}

function announces(readable: Readable[]): boolean {
  return readable.some(({ fact }) => fact.type === "match.scheduled");
}

/** A match exists from its fixture on, so that goes first; the rest keep their order. */
function fixtureFirst(a: Readable, b: Readable): number {
  const rank = ({ fact }: Readable) => fact.type === "match.scheduled" ? 0 : 1;
  return rank(a) - rank(b) || a.at - b.at;
}

/** The name of a fact that could not be read, as far as it has one. */
function nameOf(value: unknown): { id: string | null; revision: number | null } {
  const { id, revision } = (value ?? {}) as { id?: unknown; revision?: unknown };
  return {
    id: typeof id === "string" ? id : null,
    revision: typeof revision === "number" ? revision : null,
  };
}
