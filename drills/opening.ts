/**
 * The facts with which a simple match of a drill begins: fixture and kick-off.
 */
import type { SourceFact } from "./webhook_source.ts";

export function opening(): SourceFact[] {
  const occurredAt = Date.now();
  return [
    {
      id: "fixture",
      revision: 1,
      occurredAt,
      type: "match.scheduled",
      competition: "Drill League",
      stage: "",
      kickoffAt: occurredAt,
      home: { id: "home", name: "Home" },
      away: { id: "away", name: "Away" },
      format: { kind: "league" },
    },
    { id: "kick-off", revision: 1, occurredAt, type: "period.started", period: "firstHalf" },
  ];
}
