/**
 * Reading what a provider or an operator posted, up to but not into its facts.
 *
 * A peer's mistake is a value: each step gives what was read or the problem to
 * answer with, which names the field and has had no effect.
 */
import { found } from "../actors/fixture/field_rules.ts";
import { parseMatchId } from "../actors/match/parse_fact.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import type { HttpRequest, Problem, RequestHeaders } from "../runtime/http_route.ts";
import { limits } from "../runtime/limits.ts";
import { parseTraceparent } from "../runtime/trace_context.ts";

export type Read<T> = { read: T } | { problem: Problem };

export async function readBody(request: HttpRequest): Promise<Read<Uint8Array>> {
  try {
    return { read: await request.body(limits.intakeBodyBytesMax) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "bodyTooLarge") throw error;
    return { problem: { status: 413, code: error.code, detail: error.message } };
  }
}

export function parseObject(body: Uint8Array): Read<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    return malformed("", `Cannot read the body as it must be JSON in UTF-8: ${reasonOf(error)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return malformed(
      "",
      `Cannot read the body as it must be a JSON object: found ${found(value)}`,
    );
  }
  return { read: value as Record<string, unknown> };
}

export function checkMatchId(value: unknown): Read<string> {
  const parsed = parseMatchId(value, "match");
  if ("matchId" in parsed) return { read: parsed.matchId };
  return malformed("match", `Cannot tell the match as its id ${parsed.problem.reason}`);
}

export function checkFacts(value: unknown): Read<unknown[]> {
  if (!Array.isArray(value)) {
    return malformed(
      "facts",
      `Cannot read the facts as they must be a list: found ${found(value)}`,
    );
  }
  if (value.length > limits.intakeFactsMax) {
    return {
      problem: {
        status: 413,
        code: "tooManyFacts",
        field: "facts",
        detail: `Cannot take the facts as one request may bring ${limits.intakeFactsMax}: ` +
          `found ${value.length}`,
      },
    };
  }
  return { read: value };
}

/** The W3C traceparent of the request, if it is one. */
export function traceOf(headers: RequestHeaders): string | undefined {
  const trace = headers.get("traceparent") ?? "";
  return parseTraceparent(trace) === null ? undefined : trace;
}

function malformed(field: string, detail: string): { problem: Problem } {
  return {
    problem: { status: 400, code: "bodyMalformed", detail, ...(field === "" ? {} : { field }) },
  };
}
