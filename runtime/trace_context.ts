/**
 * W3C Trace Context, level 1: what goes along so that the stages of one fact's
 * way find together, whichever process they were in.
 *
 * A traceparent is a peer's word until it is parsed: ids of zeros and versions
 * of the future say nothing to us.
 */

export interface TraceContext {
  /** 32 hexadecimal digits, of the whole way. */
  traceId: string;
  /** 16 hexadecimal digits, of the stage that what comes next belongs to. */
  spanId: string;
  /** Whether its stages are kept. */
  isSampled: boolean;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Null where it is none. */
export function parseTraceparent(text: string): TraceContext | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text) ?? [];
  if (traceId === undefined || /^0+$/.test(traceId) || /^0+$/.test(spanId!)) return null;
  return { traceId, spanId: spanId!, isSampled: (parseInt(flags!, 16) & 1) === 1 };
}

export function traceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-0${isSampled ? 1 : 0}`;
}
