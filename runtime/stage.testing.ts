/**
 * Stages written down as lines, for tests of those who tell of them:
 * `publish of 00-a match=arg-fra`, `ledger.append of 00-a failed fenced`.
 *
 * Every trace is kept; the first stage names its own "own".
 */
import type { BusinessEvents } from "./business_events.ts";
import type { OpenStage, StageNotes } from "./stage.ts";

export function stagesInto(
  lines: string[],
): Pick<BusinessEvents, "receiveBegan" | "stageBegan" | "stageFailed"> {
  const open = (what: string, trace: string): OpenStage => ({
    trace,
    ended: (notes) => void lines.push(`${what}${written(notes)}`),
    failed: (code, notes) => void lines.push(`${what} failed ${code}${written(notes)}`),
  });
  return {
    receiveBegan: (trace, receivedAt, isNotable) => {
      const notable = isNotable ? " notable" : "";
      return open(`provider.receive of ${trace} at ${receivedAt}${notable}`, "own");
    },
    stageBegan: (stage, trace) => trace === undefined ? null : open(`${stage} of ${trace}`, trace),
    stageFailed: (stage, trace, _startedAt, code, notes) => {
      if (trace !== undefined) open(`${stage} of ${trace}`, trace).failed(code, notes);
    },
  };
}

function written(notes: StageNotes): string {
  return Object.entries(notes).map(([name, value]) => ` ${name}=${value}`).join("");
}
