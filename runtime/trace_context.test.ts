import { describe, expect, test } from "vitest";
import { parseTraceparent, traceparent } from "./trace_context.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

describe("traceparent", () => {
  test.each([true, false])("is parsed to what it was made of, sampled %s", (isSampled) => {
    const context = { traceId: TRACE, spanId: SPAN, isSampled };
    expect(parseTraceparent(traceparent(context))).toEqual(context);
  });

  test.each([
    ["nothing", ""],
    ["a trace of zeros", `00-${"0".repeat(32)}-${SPAN}-01`],
    ["a span of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["another version", `01-${TRACE}-${SPAN}-01`],
    ["capital letters", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ["something behind it", `00-${TRACE}-${SPAN}-01-x`],
    ["half of it", `00-${TRACE}`],
  ])("is not %s", (_what, text) => {
    expect(parseTraceparent(text)).toBeNull();
  });

  test("keeps the sampled flag among others", () => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-03`)?.isSampled).toBe(true);
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-02`)?.isSampled).toBe(false);
  });
});
