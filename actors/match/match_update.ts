/**
 * What changed in a match, for everyone downstream: channels, rooms,
 * predictions, history. Types here; `changesBetween` compares two views.
 *
 * The order inside one entry is the order of urgency: goal, state, kick, then
 * the timeline's lines, so a goal is on the wire before its scorer is encoded.
 */
import type { LineupPlayer, Side } from "./match_event.ts";
import type { MatchView, ShootoutKick, TimelineItem } from "./match_view.ts";

export type MatchUpdate =
  /** The score changed. Durable, lane one. */
  | {
    kind: "goal";
    what: "scored" | "annulled" | "corrected";
    side: Side;
    home: number;
    away: number;
    minute: number;
    stoppage: number;
  }
  /** Anything of the state but score alone: phase, review, stoppage, silence, shootout corrected, … Durable, lane one. */
  | { kind: "state"; view: MatchView }
  /** One shootout kick. Durable, lane one. */
  | { kind: "kick"; kick: ShootoutKick }
  /** A timeline line is new or reads otherwise. Durable. */
  | { kind: "item"; item: TimelineItem }
  | { kind: "lineup"; side: Side; players: LineupPlayer[] }
  /** Volatile: the latest is enough. */
  | { kind: "possession"; home: number; away: number };
