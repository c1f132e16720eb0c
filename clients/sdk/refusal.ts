/**
 * What the server said instead of an answer.
 *
 * `code` is for programs, the message for people. `isForNow`: the same question
 * may be answered later, so it is asked again and nothing is taken back.
 */
import type { HttpAnswer } from "./client_platform.ts";

export class Refusal extends Error {
  readonly code: string;
  readonly isForNow: boolean;
  /** 0: the server does not say when. */
  readonly retryAfterMs: number;

  constructor(code: string, reason: string, isForNow = false, retryAfterMs = 0) {
    super(reason);
    this.name = "Refusal";
    this.code = code;
    this.isForNow = isForNow;
    this.retryAfterMs = retryAfterMs;
  }
}

export function refusalOf({ status, value, retryAfterMs }: HttpAnswer): Refusal {
  const problem = (value ?? {}) as { code?: string; detail?: string; retryAfterMs?: number };
  const code = problem.code ?? `http${status}`;
  const reason = problem.detail ?? `The server answered ${status}`;
  const isForNow = status === 429 || status >= 500;
  // The problem has milliseconds, the header whole seconds.
  return new Refusal(code, reason, isForNow, problem.retryAfterMs ?? retryAfterMs);
}
