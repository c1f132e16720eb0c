/**
 * A match as the HTTP routes write it → the picture that the socket continues.
 *
 * The list is fetched as JSON because caches may answer it; from then on the
 * tracked channels keep it true. Only what a list shows is read.
 */
import type {
  Kick,
  Phase,
  ReviewReason,
  Score,
  Side,
  Team,
  Winner,
} from "../../protocol/golazo_codec.ts";
import type { MatchPicture } from "../sdk/mod.ts";

export interface MatchJson {
  id: string;
  competition: string;
  stage: string;
  venue?: string | null;
  home: TeamJson;
  away: TeamJson;
  /** ISO 8601. */
  kickoffAt: string;
  clockRate: number;
  phase: Phase;
  phaseStartedAt: number | null;
  running: boolean;
  stoppageAnnounced: number;
  review: { reason: ReviewReason; since: number } | null;
  score: Score;
  extraTime?: Score | null;
  shootout: { home: number; away: number; kicks: KickJson[] } | null;
  winner: Side | "draw" | null;
  feedSilentSince: number | null;
  note?: string;
  stale?: boolean;
}

interface TeamJson {
  id: string;
  name: string;
  code?: string;
  country?: string | null;
}

interface KickJson {
  number: number;
  side: Side;
  scored: boolean;
}

const WINNERS: Record<string, Winner> = { home: "homeWins", away: "awayWins", draw: "draw" };

export function pictureFromJson(json: MatchJson): MatchPicture {
  const { id, competition, stage, clockRate, shootout } = json;
  const kicks = (shootout?.kicks ?? []).map((kick): Kick => ({
    number: kick.number,
    side: kick.side,
    scored: kick.scored,
    home: 0,
    away: 0,
    player: "",
  }));
  return {
    id,
    competition,
    stage,
    venue: json.venue ?? "",
    home: teamFromJson(json.home),
    away: teamFromJson(json.away),
    clockRate,
    state: {
      phase: json.phase,
      phaseStartedAt: json.phaseStartedAt ?? 0,
      running: json.running,
      stoppageAnnounced: json.stoppageAnnounced,
      review: json.review ?? undefined,
      score: json.score,
      extraTime: json.extraTime ?? undefined,
      shootout: shootout
        ? {
          kicks,
          home: shootout.home,
          away: shootout.away,
          first: kicks[0]?.side ?? "unknownSide",
        }
        : undefined,
      winner: WINNERS[json.winner ?? ""] ?? "undecided",
      feedSilentSince: json.feedSilentSince ?? 0,
      kickoffAt: Date.parse(json.kickoffAt),
      note: json.note ?? "",
      stale: json.stale ?? false,
    },
    timeline: [],
    lineups: [],
  };
}

function teamFromJson({ code, country, ...team }: TeamJson): Team {
  return { ...team, code: code ?? "", country: country ?? "" };
}
