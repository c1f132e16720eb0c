/**
 * A match as the HTTP routes write it.
 *
 * The names are the protocol's, so a page can go from one to the other. The
 * kick-off is ISO 8601 for people; other times are milliseconds since 1970, as
 * the clock needs them. What never happened is not shown.
 */
import { countryOf } from "./country_code.ts";
import { minuteLabel } from "./match_clock.ts";
import type { Team } from "./match_event.ts";
import type { MatchView, TimelineItem } from "./match_view.ts";

export interface TimelineItemJson extends TimelineItem {
  /** "45+2" */
  label: string;
}

export interface TeamJson extends Team {
  /** Names the flag it plays under; null for clubs. */
  country: string | null;
}

export interface MatchJson extends Pick<MatchView, Carried> {
  home: TeamJson;
  away: TeamJson;
  /** ISO 8601. */
  kickoffAt: string;
  timeline: TimelineItemJson[];
}

type Carried = typeof CARRIED[number];

/** Written as the view has them. */
const CARRIED = [
  "id",
  "seq",
  "phase",
  "phaseStartedAt",
  "running",
  "stoppageAnnounced",
  "clockRate",
  "review",
  "score",
  "played",
  "regular",
  "extraTime",
  "shootout",
  "winner",
  "decidedBy",
  "competition",
  "stage",
  "venue",
  "format",
  "possession",
  "lineups",
  "source",
  "feedSilentSince",
  "shadowed",
  "disagreements",
  "note",
] as const satisfies (keyof MatchView)[];

export function matchJson(view: MatchView): MatchJson {
  const carried = Object.fromEntries(CARRIED.map((name) => [name, view[name]]));
  return {
    ...carried as Pick<MatchView, Carried>,
    home: teamJson(view.home),
    away: teamJson(view.away),
    kickoffAt: new Date(view.kickoffAt).toISOString(),
    timeline: view.timeline
      .filter(({ status }) => status !== "removed")
      .map((item) => ({ ...item, label: minuteLabel(item.minute, item.stoppage) })),
  };
}

function teamJson(team: Team): TeamJson {
  return { ...team, country: countryOf(team) };
}
