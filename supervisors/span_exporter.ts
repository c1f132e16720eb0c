/**
 * Spans on their way to a collector, by OTLP over HTTP.
 *
 * Nothing waits for it and nothing is kept for it: a bounded queue, a batch a
 * second, one request at a time with a deadline. What does not fit, or was not
 * taken, is gone and counted; a collector that is away is told of once a minute.
 */
import { type Clock, every, type Timer } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { otlpJson } from "./otlp_json.ts";
import type { Span } from "./stage_spans.ts";

export interface SpanExporterOptions {
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`: the address before `/v1/traces`. */
  endpoint: string;
  /** What tells this process from others. */
  process: Record<string, string>;
  clock: Clock;
  counted(outcome: "exported" | "failed" | "dropped", spans: number): void;
  warned(message: string): void;
}

export class SpanExporter {
  readonly #options: SpanExporterOptions;
  readonly #url: string;
  readonly #timer: Timer;
  readonly #end = new AbortController();
  #waiting: Span[] = [];
  #underWay: Promise<void> = Promise.resolve();
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: SpanExporterOptions) {
    this.#options = options;
    this.#url = `${options.endpoint.replace(/\/+$/, "")}/v1/traces`;
    this.#timer = every(options.clock, limits.spansBatchMs, () => this.#export());
  }

  keep(span: Span): void {
    if (this.#waiting.length < limits.spansWaitingMax) this.#waiting.push(span);
    else this.#options.counted("dropped", 1);
  }

  /** What waits is sent, within a second. */
  async stop(): Promise<void> {
    this.#timer.cancel();
    const late = new Error(`the process ends within ${limits.spansFlushMsMax} ms`);
    const timer = this.#options.clock.after(limits.spansFlushMsMax, () => this.#end.abort(late));
    await this.#underWay;
    await this.#export();
    timer.cancel();
  }

  /** Never rejects. */
  #export(): Promise<void> {
    const spans = this.#waiting.splice(0);
    if (spans.length > 0) this.#underWay = this.#send(spans);
    return this.#underWay;
  }

  async #send(spans: Span[]): Promise<void> {
    const { counted, process } = this.#options;
    try {
      await this.#post(otlpJson(spans, process));
      counted("exported", spans.length);
    } catch (error) {
      counted("failed", spans.length);
      this.#warn(error);
    }
  }

  async #post(body: string): Promise<void> {
    const given = new AbortController();
    const late = new Error(`no answer within ${limits.spansAnswerMsMax} ms`);
    const timer = this.#options.clock.after(limits.spansAnswerMsMax, () => given.abort(late));
    try {
      const reply = await fetch(this.#url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        // Where spans go is a setting's word, not a redirect's.
        redirect: "error",
        signal: AbortSignal.any([given.signal, this.#end.signal]),
      });
      await reply.body?.cancel();
      if (!reply.ok) throw new Error(`needed the status 200, found ${reply.status}`);
    } finally {
      timer.cancel();
    }
  }

  #warn(error: unknown): void {
    const now = this.#options.clock.monotonic();
    if (now - this.#warnedAt < limits.spansWarnMs) return;
    this.#warnedAt = now;
    this.#options.warned(
      `Cannot bring spans to OTEL_EXPORTER_OTLP_ENDPOINT, so they are lost: ${reasonOf(error)}`,
    );
  }
}
