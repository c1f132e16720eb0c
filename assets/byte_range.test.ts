import { describe, expect, test } from "vitest";
import { parseRange } from "./byte_range.ts";

describe("parseRange", () => {
  test("reads one range of either form, cut at the end", () => {
    expect(parseRange("bytes=0-0", 10)).toEqual({ first: 0, last: 0 });
    expect(parseRange("bytes=3-", 10)).toEqual({ first: 3, last: 9 });
    expect(parseRange("bytes=3-99", 10)).toEqual({ first: 3, last: 9 });
    expect(parseRange("bytes=-4", 10)).toEqual({ first: 6, last: 9 });
    expect(parseRange("bytes=-99", 10)).toEqual({ first: 0, last: 9 });
    expect(parseRange("Bytes=1-2", 10)).toEqual({ first: 1, last: 2 });
  });

  test("knows what lies outside", () => {
    for (const header of ["bytes=10-", "bytes=10-12", "bytes=-0"]) {
      expect(parseRange(header, 10), header).toBe("unsatisfiable");
    }
    expect(parseRange("bytes=-1", 0)).toBe("unsatisfiable");
  });

  test("ignores what is no single range", () => {
    const strange = [
      "bytes=-",
      "bytes=5-4",
      "bytes=0-1,3-4",
      "lines=0-1",
      "bytes=a-b",
      "bytes=0x1-2",
    ];
    for (const header of [...strange, "", `bytes=${"9".repeat(16)}-`]) {
      expect(parseRange(header, 10), header).toBeNull();
    }
  });
});
