/**
 * A provider: posts signed facts and remembers what it was told of each.
 *
 * "unknown" is an answer too: the connection broke or the server said come
 * back, so the fact may be in the ledger once or not at all. A source that
 * resends asks again until it knows; one that does not is the harder test, as
 * then nothing repairs what the server lost after it had said yes.
 */
import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { signatureHeaders, webhookKey } from "../feed/webhook_signature.ts";

export interface SourceFact {
  id: string;
  revision: number;
  type: string;
  occurredAt: number;
  [field: string]: unknown;
}

export interface PostedFact {
  match: string;
  fact: SourceFact;
  answer: "accepted" | "duplicate" | "refused" | "unknown";
  /** The code of a refusal. */
  code: string | null;
  /** Every reply it got: HTTP status (null: none came) and Retry-After in seconds. */
  replies: { status: number | null; retryAfter: number | null }[];
}

export interface PostOptions {
  /** Posts again until there is an answer, at most so long. */
  resendForMs?: number;
}

interface FactResult {
  outcome: "accepted" | "duplicate" | "rejected";
  code?: string;
}

const PROVIDER = "drill";
const SECRET = `whsec_${Buffer.alloc(24, "drill").toString("base64")}`;
const ANSWER_MS_MAX = 15_000;
const RESEND_AFTER_MS = 200;

export class WebhookSource {
  /** What makes a server know this provider. */
  static readonly settings = { [`GOLAZO_FEED_SECRET_${PROVIDER.toUpperCase()}`]: SECRET };

  readonly posted: PostedFact[] = [];
  readonly #address: () => string;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #listeners = new Set<(fact: SourceFact) => void>();

  /** @param address of the server at that moment */
  constructor(address: () => string) {
    this.#address = address;
  }

  /** Resolves with what is known of the facts; never rejects. */
  post(match: string, facts: SourceFact[], options: PostOptions = {}): Promise<PostedFact[]> {
    const posted = facts.map((fact): PostedFact => ({
      match,
      fact,
      answer: "unknown",
      code: null,
      replies: [],
    }));
    this.posted.push(...posted);
    const task = this.#deliver(match, posted, options.resendForMs ?? 0).then(() => posted);
    this.#underWay.add(task);
    for (const listener of this.#listeners) facts.forEach(listener);
    return task.finally(() => this.#underWay.delete(task));
  }

  /** Hears of each fact as it is sent, until the answer is called. */
  onPost(listener: (fact: SourceFact) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Resolves once nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #deliver(match: string, posted: PostedFact[], resendForMs: number): Promise<void> {
    const until = performance.now() + resendForMs;
    for (;;) {
      await this.#tryOnce(match, posted);
      const isAnswered = posted.every(({ answer }) => answer !== "unknown");
      if (isAnswered || performance.now() >= until) return;
      const seconds = posted[0]?.replies.at(-1)?.retryAfter ?? null;
      await pause(seconds === null ? RESEND_AFTER_MS : seconds * 1_000);
    }
  }

  async #tryOnce(match: string, posted: PostedFact[]): Promise<void> {
    const body = JSON.stringify({ match, facts: posted.map(({ fact }) => fact) });
    const headers = signatureHeaders(webhookKey(SECRET), randomUUID(), Date.now(), body);
    const note = (status: number | null, retryAfter: number | null) => {
      for (const { replies } of posted) replies.push({ status, retryAfter });
    };
    try {
      const reply = await fetch(`${this.#address()}/api/feed/${PROVIDER}`, {
        method: "POST",
        headers,
        body,
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      const said = await reply.json();
      const retryAfter = reply.headers.get("retry-after");
      note(reply.status, retryAfter === null ? null : Number(retryAfter));
      if (reply.status >= 500) return;
      posted.forEach((one, at) => this.#heard(one, reply.status, said.code, said.facts?.[at]));
    } catch {
      note(null, null);
    }
  }

  #heard(one: PostedFact, status: number, code: string, result: FactResult | undefined): void {
    const isTaken = status === 200 && result !== undefined && result.outcome !== "rejected";
    one.answer = isTaken ? (result.outcome as "accepted" | "duplicate") : "refused";
    one.code = isTaken ? null : result?.code ?? code;
  }
}
