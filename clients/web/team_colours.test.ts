import { expect, test } from "vitest";
import { teamBadge, teamColour } from "./team_colours.ts";

const team = (code: string, id = code.toLowerCase()) => ({ id, name: code, code, country: "" });

test("teamBadge knows nations", () => {
  expect(teamBadge(team("FRA")))
    .toEqual({ figure: "columns", colours: ["#0b2a6f", "#fff", "#e1000f"] });
  expect(teamBadge(team("SUI")).figure).toBe("cross");
});

test("teamBadge gives any other team the same pair every time", () => {
  expect(teamBadge(team("XYZ"))).toEqual(teamBadge(team("XYZ")));
  expect(teamBadge(team("", "leeds-united")).colours.length).toBeGreaterThan(1);
});

test("teamColour is a colour that shows, in six digits", () => {
  expect(teamColour(team("ENG"))).toBe("#ce1124");
  expect(teamColour(team("GER"))).toBe("#dd0000");
  expect(teamColour(team("NZL"))).toBe("#ffffff");
});
