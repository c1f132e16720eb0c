import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Figures, keepFigures, readFigures } from "../drills/figures.ts";
import { BEGIN, END, withOutages } from "./outage_table.ts";

const ARCHITECTURE = fileURLToPath(new URL("../ARCHITECTURE.md", import.meta.url));

const owner: Figures = {
  ...{ drill: "kill_owner", runs: 50, seed: 7, date: "2026-11-22", commit: "2e84068" },
  times: { silence_ms: { median: 10, max: 20 }, silence_all_ms: { median: 2_949, max: 3_450 } },
  counts: { kills: 55 },
};

test("ARCHITECTURE.md has the table that `deno task outages` writes", () => {
  const text = readFileSync(ARCHITECTURE, "utf8");
  expect(text).toBe(withOutages(text, readFigures()));
});

describe("withOutages", () => {
  const document = `before\n${BEGIN}\nobsolete\n${END}\nafter\n`;

  test("writes what a drill has measured between the marks, and nothing else", () => {
    const written = withOutages(document, [owner]);
    expect(written).toContain(
      "| silence 2.9 / 3.5 s; kill_owner, 50 runs, 2026-11-22, 2e84068 |",
    );
    expect(written.startsWith(`before\n${BEGIN}\n\n| What goes away |`)).toBe(true);
    expect(written.endsWith(`\n${END}\nafter\n`)).toBe(true);
    expect(written).not.toContain("obsolete");
    expect(withOutages(written, [owner])).toBe(written);
  });

  test("of several times takes the worst", () => {
    const times = {
      a_recovery_ms: { median: 100, max: 9_000 },
      b_recovery_ms: { median: 2_000, max: 3_000 },
    };
    expect(withOutages(document, [{ ...owner, drill: "bad_network", runs: 1, times }]))
      .toContain("right again after 2.0 / 9.0 s; bad_network, 1 run,");
  });

  test("says what was not measured", () => {
    expect(withOutages(document, [])).toContain("| not yet (kill_owner) |");
  });

  test("needs its marks", () => {
    expect(() => withOutages("nothing", [])).toThrow("needed <!-- outages");
  });
});

test("keepFigures puts a record in the place of its drill's last one", () => {
  const folder = mkdtempSync(join(tmpdir(), "golazo-figures-"));
  const path = join(folder, "figures.json");
  try {
    keepFigures(owner, path);
    keepFigures({ ...owner, drill: "a_drill" }, path);
    keepFigures({ ...owner, runs: 51 }, path);
    expect(readFigures(path).map(({ drill, runs }) => [drill, runs]))
      .toEqual([["a_drill", 50], ["kill_owner", 51]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
