/**
 * Facts by hand, for the admin listener.
 *
 * An operator works under a provider's rules: the same parser, the same
 * intake, the same ledger. So what a person corrects can be corrected again,
 * and is told to fans like any other fact. Who may come here is decided where
 * these routes are mounted.
 */
import { OPERATOR } from "../../actors/match/match_event.ts";
import type { MatchOwners } from "../../actors/ports/match_owners.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock } from "../../runtime/clock.ts";
import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  type Route,
} from "../../runtime/http_route.ts";
import { type Random, randomId } from "../../runtime/random.ts";
import type { DisorderReport } from "../disorder_report.ts";
import {
  checkFacts,
  checkMatchId,
  parseObject,
  type Read,
  readBody,
  traceOf,
} from "../feed_request.ts";
import type { Intake } from "../intake.ts";
import { refusedReply, submissionReply, unavailable, unknownMatch } from "../submission_reply.ts";

export interface OperatorRouteParts {
  intake: Pick<Intake, "submit">;
  owners: MatchOwners;
  disorder: DisorderReport;
  events: BusinessEvents;
  clock: Clock;
  random: Random;
}

/** What an operator calls a correction, and the fact that it is. */
const CORRECTIONS = {
  annul: "goal.annulled",
  amend: "event.amended",
  void: "event.voided",
} as const;

interface OperatorRequest {
  matchId: string;
  body: Record<string, unknown>;
}

export function operatorRoutes(parts: OperatorRouteParts): Route[] {
  const corrections = Object.entries(CORRECTIONS).map(([word, type]): Route => ({
    method: "POST",
    path: `/api/ops/matches/:match/${word}`,
    answer: (request) => answerFacts(parts, request, ({ body }) => ({ read: [{ ...body, type }] })),
  }));
  return [
    {
      method: "POST",
      path: "/api/ops/matches/:match/facts",
      answer: (request) => answerFacts(parts, request, ({ body }) => checkFacts(body.facts)),
    },
    ...corrections,
    {
      method: "POST",
      path: "/api/ops/matches/:match/source",
      answer: (request) => answerSource(parts, request),
    },
    {
      method: "GET",
      path: "/api/ops/disorder",
      answer: () => jsonReply({ feeds: parts.disorder.lines() }),
    },
  ];
}

async function answerFacts(
  parts: OperatorRouteParts,
  request: HttpRequest,
  factsOf: (asked: OperatorRequest) => Read<unknown[]>,
): Promise<HttpReply> {
  const { intake, events, clock } = parts;
  const receivedAt = clock.now();
  const asked = await readOperator(request);
  if ("problem" in asked) return refusedReply(events, asked.problem);
  const facts = factsOf(asked.read);
  if ("problem" in facts) return refusedReply(events, facts.problem);
  return await submissionReply(intake, events, {
    provider: OPERATOR,
    matchId: asked.read.matchId,
    values: facts.read.map((value) => named(parts, value, receivedAt)),
    receivedAt,
    trace: traceOf(request.headers),
  });
}

async function answerSource(parts: OperatorRouteParts, request: HttpRequest): Promise<HttpReply> {
  const { owners, events } = parts;
  const asked = await readOperator(request);
  if ("problem" in asked) return refusedReply(events, asked.problem);
  const { matchId, body: { provider } } = asked.read;
  if (typeof provider !== "string" || provider === "") {
    return refusedReply(events, {
      status: 400,
      code: "bodyMalformed",
      field: "provider",
      detail: "Cannot change the source as it must be named: found no provider",
    });
  }
  try {
    if (!await owners.knows(matchId)) return refusedReply(events, unknownMatch(matchId));
    const answer = await owners.changeSource(matchId, provider);
    if (answer.outcome === "rejected") {
      return refusedReply(events, { status: 422, code: answer.code, detail: answer.reason });
    }
    return jsonReply({ match: matchId, source: provider, outcome: answer.outcome });
  } catch (error) {
    return refusedReply(events, unavailable(error));
  }
}

async function readOperator(request: HttpRequest): Promise<Read<OperatorRequest>> {
  const match = checkMatchId(request.params.match);
  if ("problem" in match) return match;
  const bytes = await readBody(request);
  if ("problem" in bytes) return bytes;
  const object = parseObject(bytes.read);
  if ("problem" in object) return object;
  return { read: { matchId: match.read, body: object.read } };
}

/** A person need not make up an id, a revision and a time. */
function named(parts: OperatorRouteParts, value: unknown, now: number): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return { id: `hand-${randomId(parts.random)}`, revision: 1, occurredAt: now, ...value };
}
