import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { counted, type Crowd, crowdView, merged, NO_CROWD } from "./crowd.ts";

const view = (crowd: Crowd, top = 2) => crowdView(crowd, "finalScore", top);

describe("the crowd", () => {
  test("shows the commonest picks and the others as one", () => {
    let crowd = NO_CROWD;
    for (const pick of ["1-0", "2-1", "2-1", "0-0", "3-3", "0-0"]) {
      crowd = counted(crowd, "finalScore", pick);
    }
    expect(view(crowd)).toEqual({
      top: [{ pick: "0-0", fans: 2 }, { pick: "2-1", fans: 2 }],
      others: 2,
      fans: 6,
    });
    expect(crowdView(crowd, "possession", 3)).toEqual({ top: [], others: 0, fans: 0 });
  });

  test("shows no fewer than nobody before both gateways have spoken", () => {
    const moved = counted(NO_CROWD, "finalScore", "2-1", "1-0");
    expect(view(moved)).toEqual({ top: [{ pick: "2-1", fans: 1 }], others: 0, fans: 1 });
    expect(view(merged(moved, counted(NO_CROWD, "finalScore", "1-0")))).toEqual(view(moved));
  });

  test("counts every fan once, whichever gateways took the picks", () => {
    const pick = fc.constantFrom("0-0", "1-0", "2-1");
    const picks = fc.array(fc.record({ fan: fc.nat(5), gateway: fc.nat(2), pick }));
    fc.assert(fc.property(picks, (picks) => {
      const gateways = [NO_CROWD, NO_CROWD, NO_CROWD];
      const last = new Map<number, string>();
      for (const { fan, gateway, pick } of picks) {
        const before = last.get(fan) ?? null;
        gateways[gateway] = counted(gateways[gateway]!, "finalScore", pick, before);
        last.set(fan, pick);
      }
      const recounted = [...last.values()].reduce(
        (crowd, pick) => counted(crowd, "finalScore", pick),
        NO_CROWD,
      );
      expect(view(gateways.reduce(merged))).toEqual(view(recounted));
      expect(view(gateways.reverse().reduce(merged))).toEqual(view(recounted));
    }));
  });
});
