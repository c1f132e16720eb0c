/**
 * The HTTP answer to submitted facts, the same for providers and operators.
 *
 * 200 means that every fact has its own answer, a duplicate being a good one;
 * 422 that nothing in the request could be used; 503 that the same request has
 * to come again.
 */
import type { BusinessEvents } from "../runtime/business_events.ts";
import { Failure } from "../runtime/failure.ts";
import { type HttpReply, jsonReply, type Problem, problemReply } from "../runtime/http_route.ts";
import type { Intake, IntakeResult, Submission, SubmissionResult } from "./intake.ts";

/** Long enough for an owner to be restarted or taken over, short enough for a match. */
const RETRY_AFTER_MS = 2_000;

export async function submissionReply(
  intake: Pick<Intake, "submit">,
  events: BusinessEvents,
  submission: Submission,
): Promise<HttpReply> {
  const match = submission.matchId;
  let result: SubmissionResult;
  try {
    result = await intake.submit(submission);
  } catch (error) {
    return refusedReply(events, unavailable(error));
  }
  if (result.outcome === "unknownMatch") {
    return refusedReply(events, withFacts(unknownMatch(match), result.results));
  }
  const problem = unusable(result.results);
  if (problem) return refusedReply(events, problem);
  return jsonReply({ match, facts: result.results }, 200, { "cache-control": "no-store" });
}

/** Turns a request away, and says so. */
export function refusedReply(events: BusinessEvents, problem: Problem): HttpReply {
  events.requestRefused("feed", problem.code);
  return problemReply(problem);
}

export function unknownMatch(match: string): Problem {
  return {
    status: 422,
    code: "unknownMatch",
    field: "match",
    detail: `Cannot take facts of match ${match} as it needs a match.scheduled first: none came`,
  };
}

/** @throws what is not a retryable failure of the world. */
export function unavailable(error: unknown): Problem {
  if (!(error instanceof Failure) || !error.retryable) throw error;
  return {
    status: 503,
    code: error.code,
    detail: error.message,
    retryAfterMs: RETRY_AFTER_MS,
  };
}

/** Where not one fact could be read, the first one's problem is the request's. */
function unusable(results: IntakeResult[]): Problem | null {
  const [first] = results;
  if (!first || results.some(({ field }) => field === undefined)) return null;
  const detail = `Cannot take any of the facts: ${first.field} ${first.reason}`;
  return withFacts({ status: 422, code: first.code!, field: first.field!, detail }, results);
}

/** The problem with what is wrong in each fact beside it. */
function withFacts(problem: Problem, facts: IntakeResult[]): Problem {
  return facts.length === 0 ? problem : { ...problem, facts } as Problem;
}
