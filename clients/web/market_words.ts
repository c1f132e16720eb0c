/**
 * What predictions are called in words: picks, places, points, how far a
 * settlement is. Pure text, no markup.
 */
import type { Settlement } from "../../protocol/golazo_codec.ts";
import type { MarketJson, MatchPicture } from "../sdk/mod.ts";
import { clockText } from "./kickoff_text.ts";

/** As the server writes it; a fan reads `pickText`. */
export function writeScore(home: number, away: number): string {
  return `${home}-${away}`;
}

export function readScore(pick: string): { home: number; away: number } | null {
  const found = /^(\d+)-(\d+)$/.exec(pick);
  return found && { home: Number(found[1]), away: Number(found[2]) };
}

/** `2 – 1`, `Argentina`, `Lionel Messi`, `54%`. */
export function pickText(market: MarketJson, pick: string, picture: MatchPicture): string {
  const score = market.market === "finalScore" ? readScore(pick) : null;
  if (score) return `${score.home} – ${score.away}`;
  if (market.market === "possession") return `${pick}%`;
  const listed = market.picks?.find((one) => one.pick === pick);
  if (market.market === "firstScorer") {
    if (pick === "none") return "Nobody";
    return listed?.label ?? playerName(picture, pick);
  }
  if (pick === "draw") return "A draw";
  if (pick === "home" || pick === "away") return picture[pick].name;
  return listed?.label ?? pick;
}

function playerName({ lineups }: MatchPicture, id: string): string {
  const members = lineups.flatMap(({ members }) => members);
  return members.find(({ player }) => player?.id === id)?.player?.name ?? id;
}

/** `1st`, `12th`, `23rd`, `1,002nd`. */
export function placeText(rank: number): string {
  const tens = rank % 100;
  const ending = tens > 10 && tens < 14 ? "th" : ["th", "st", "nd", "rd"][rank % 10] ?? "th";
  return `${countText(rank)}${ending}`;
}

export function pointsText(points: number): string {
  return points === 1 ? "1 point" : `${countText(points)} points`;
}

export function fansText(fans: number): string {
  return fans === 1 ? "1 fan" : `${countText(fans)} fans`;
}

export function countText(count: number): string {
  return count.toLocaleString("en");
}

/** `up 3`, `down 1`; empty where nothing moved. */
export function movementText(places: number): string {
  if (places === 0) return "";
  return places > 0 ? `up ${countText(places)}` : `down ${countText(-places)}`;
}

/** Boards know fans by the subjects of their tokens; a guest's is 16 random letters. */
export function fanName(user: string): string {
  const guest = /^guest-(.{4})/.exec(user);
  return guest ? `Guest ${guest[1]}` : user;
}

/** `Closes in 1:05`; days and hours where it is long. */
export function closesText(lockAt: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((lockAt - now) / 1_000));
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 48 * 60) return `Closes in ${Math.floor(minutes / 1_440)} days`;
  if (minutes >= 90) return `Closes in ${Math.floor(minutes / 60)} hours`;
  return `Closes in ${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

/** What a fan is told of a settlement, and how much of it is done. */
export function settlementText(
  { phase, chunks, committed, ranked, holdUntil, reason }: Settlement,
  now: number,
): { text: string; share: number | null } {
  if (phase === "settled" || phase === "unchanged") {
    return { text: "Points are final", share: null };
  }
  if (phase === "held") {
    const why = reason === "" ? "" : `: ${reason}`;
    return { text: `Points are on hold${why}`, share: null };
  }
  if (phase === "planned" && holdUntil > now) {
    return { text: `Points may still change until ${clockText(holdUntil)}`, share: null };
  }
  const share = chunks === 0 ? 0 : (committed + ranked) / (2 * chunks);
  return { text: "Points are being settled", share };
}

const AWAITED: Record<string, string> = {
  goal: "whether the goal stands",
  redCard: "whether the red card stands",
  penalty: "what becomes of the penalty",
  review: "how the review ends",
};

/** Why crowd and points cannot be relied on for a moment. */
export function suspendedText(reason: string): string {
  return `Nobody knows yet ${AWAITED[reason] ?? "what is decided"}: points may change`;
}
