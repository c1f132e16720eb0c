import { expect, test } from "vitest";
import { chainText } from "./case_view.ts";
import type { AuditRow } from "./mod_api.ts";

const row = (number: number, change: Partial<AuditRow> = {}): { owner: string; row: AuditRow } => ({
  owner: "room x",
  row: {
    ...{ number, at: 0, actor: { user: "mo", role: "moderator" }, kind: "mute", target: "ana" },
    ...{ reason: "", before: null, after: 1, undoes: null },
    ...{ previous: `h${number - 1}`, hash: `h${number}` },
    ...change,
  },
});

test("the chain's state is said in words", () => {
  const whole = [row(3), row(2), row(1)];
  expect(chainText({ actions: whole, before: null })).toBe("Chain: 3 linked, from the first on");
  expect(chainText({ actions: [row(9), row(8)], before: 8 })).toBe("Chain: 2 linked");
  expect(chainText({ actions: [row(3), row(1)], before: null }))
    .toBe("Chain: broken between 1 and 3");
  expect(chainText({ actions: [row(3, { previous: "other" }), row(2)], before: 2 }))
    .toBe("Chain: broken between 2 and 3");
  expect(chainText({ actions: [row(3), row(2)], before: null })).toBe("Chain: cut, it begins at 2");
});
