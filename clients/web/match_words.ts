/**
 * What a match is called in words: phases, reviews, scores and the one sentence
 * that is read aloud when something happens. Pure text, no markup.
 */
import type {
  Phase,
  Publication,
  ReviewReason,
  Score,
  Side,
  TimelineItem,
} from "../../protocol/golazo_codec.ts";
import type { MatchPicture } from "../sdk/mod.ts";

const PHASES: Record<Phase, string> = {
  unknownPhase: "",
  scheduled: "Kick-off to come",
  firstHalf: "First half",
  halfTime: "Half-time",
  secondHalf: "Second half",
  awaitingExtraTime: "Extra time to come",
  extraTimeFirst: "Extra time, first half",
  extraTimeHalfTime: "Half-time of extra time",
  extraTimeSecond: "Extra time, second half",
  awaitingShootout: "Shootout to come",
  shootout: "Penalty shootout",
  finished: "Full time",
  settled: "Full time",
  suspended: "Suspended",
  postponed: "Postponed",
  abandoned: "Abandoned",
  cancelled: "Cancelled",
  awarded: "Awarded",
};

const REVIEWS: Record<ReviewReason, string> = {
  unknownReason: "Checking an incident",
  goal: "Checking the goal",
  penalty: "Checking a penalty",
  redCard: "Checking a red card",
  secondYellow: "Checking a second yellow card",
  mistakenIdentity: "Checking who was booked",
  corner: "Checking a corner",
};

export type Stage = "live" | "upcoming" | "over";

export function stageOf(phase: Phase): Stage {
  if (phase === "scheduled" || phase === "postponed") return "upcoming";
  const isOver = phase === "finished" || phase === "settled" || phase === "abandoned" ||
    phase === "cancelled" || phase === "awarded";
  return isOver ? "over" : "live";
}

/** `3 – 2`. */
export function scoreText(score: Score | undefined): string {
  return `${score?.home ?? 0} – ${score?.away ?? 0}`;
}

export function sideName(picture: MatchPicture, side: Side): string {
  return side === "home" ? picture.home.name : side === "away" ? picture.away.name : "";
}

/** The phase with how it came about: `After extra time`. */
export function phaseText({ state }: MatchPicture): string {
  if (state.phase !== "finished" && state.phase !== "settled") return PHASES[state.phase];
  if (state.shootout) return "After penalties";
  return state.extraTime ? "After extra time" : PHASES.finished;
}

/** Who won and how, once that is known: `Argentina win 4 – 2 on penalties`. */
export function resultText(picture: MatchPicture): string {
  const { winner, phase, shootout } = picture.state;
  if (stageOf(phase) !== "over" || winner === "undecided") return "";
  if (winner === "draw") return "A draw";
  const side: Side = winner === "homeWins" ? "home" : "away";
  if (!shootout || phase === "awarded") return `${sideName(picture, side)} win`;
  const ahead = side === "home"
    ? shootout
    : { ...shootout, home: shootout.away, away: shootout.home };
  return `${sideName(picture, side)} win ${scoreText(ahead)} on penalties`;
}

export function reviewText(reason: ReviewReason): string {
  return REVIEWS[reason];
}

/** `45+2’`. */
export function whenText({ minute, stoppage }: Pick<TimelineItem, "minute" | "stoppage">): string {
  return stoppage > 0 ? `${minute}+${stoppage}’` : `${minute}’`;
}

/** `Argentina 3, France 2`. */
export function scoreSentence(picture: MatchPicture): string {
  const { home = 0, away = 0 } = picture.state.score ?? {};
  return `${picture.home.name} ${home}, ${picture.away.name} ${away}`;
}

/** One short sentence for what changed and a listener must know; empty for the rest. */
export function sentenceFor(
  before: MatchPicture,
  after: MatchPicture,
  { goal, kick, state, item }: Publication,
): string {
  if (goal?.kind === "scored") {
    return `Goal for ${sideName(after, goal.side)}. ${scoreSentence(after)}.`;
  }
  if (goal?.kind === "annulled") return `Goal annulled. ${scoreSentence(after)}.`;
  if (goal) return `Score corrected. ${scoreSentence(after)}.`;
  if (kick) {
    const outcome = kick.scored ? "scored" : "missed";
    const { home, away } = after;
    return `${
      sideName(after, kick.side)
    } ${outcome}. Shootout: ${home.name} ${kick.home}, ${away.name} ${kick.away}.`;
  }
  if (item?.kind === "card" && item.colour !== "yellow" && item.status === "standing") {
    return `Red card, ${sideName(after, item.side)}.`;
  }
  if (!state) return "";
  if (state.review && !before.state.review) return `VAR: ${reviewText(state.review.reason)}.`;
  if (state.phase !== before.state.phase && state.phase !== "settled") {
    return `${phaseText(after)}. ${resultText(after) || scoreSentence(after)}.`;
  }
  if (!state.review && before.state.review) return `VAR check over. ${scoreSentence(after)}.`;
  return "";
}
