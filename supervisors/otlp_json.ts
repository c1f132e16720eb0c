/**
 * Spans as OTLP's JSON: what `POST /v1/traces` takes.
 *
 * OTLP 1.x: ids in hexadecimal, 64-bit numbers as text, enums as numbers.
 * Whatever we note of a stage is named `golazo.…`.
 */
import type { StageNotes } from "../runtime/stage.ts";
import type { Span } from "./stage_spans.ts";

const KIND = { internal: 1, server: 2, producer: 4, consumer: 5 };
const STATUS_ERROR = 2;

/** `process`: what tells this one from others, such as `service.instance.id`. */
export function otlpJson(spans: readonly Span[], process: Record<string, string>): string {
  const scopeSpans = [{ scope: { name: "golazo" }, spans: spans.map(otlpSpan) }];
  return JSON.stringify({
    resourceSpans: [{ resource: { attributes: attributes(process) }, scopeSpans }],
  });
}

function otlpSpan({ stage, traceId, spanId, parentId, startedAt, endedAt, notes, failure }: Span) {
  const named = Object.entries(notes).map(([name, value]) => [`golazo.${name}`, value]);
  return {
    ...{ traceId, spanId, name: stage, kind: kindOf(stage) },
    ...(parentId === null ? {} : { parentSpanId: parentId }),
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: attributes(Object.fromEntries(named)),
    status: failure === null ? {} : { code: STATUS_ERROR, message: failure },
  };
}

function kindOf(stage: Span["stage"]): number {
  if (stage === "provider.receive") return KIND.server;
  if (stage === "publish") return KIND.producer;
  return stage === "gateway.fanout" ? KIND.consumer : KIND.internal;
}

/** Microseconds are what a double has room for since 1970. */
function nanoseconds(ms: number): string {
  return `${Math.round(ms * 1_000)}000`;
}

function attributes(values: StageNotes) {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === "string" ? { stringValue: value } : { intValue: String(value) },
  }));
}
