/**
 * A timeline's lines in words.
 *
 * The server writes what happened as short words for programs, `goal:
 * goalAnnulled`, `annulled: offside`, `ended`; here they become what a fan
 * reads. A word that this page does not know yet is shown as it is, spaced out.
 */
import type {
  TimelineItem,
  TimelineItemCard,
  TimelineItemMethod,
} from "../../protocol/golazo_codec.ts";

const WORDS: Record<string, string> = {
  goalStands: "Goal stands",
  goalAnnulled: "Goal annulled",
  goalGiven: "Goal given",
  penaltyGiven: "Penalty given",
  penaltyCancelled: "Penalty cancelled",
  redCardGiven: "Red card given",
  redCardCancelled: "Red card cancelled",
  redCardDowngraded: "Red card becomes yellow",
  yellowUpgraded: "Yellow card becomes red",
  cardReassigned: "Card given to another player",
  cornerTakenBack: "Corner taken back",
  noChange: "Decision stands",
  firstHalfstarted: "Kick-off",
  firstHalfended: "Half-time",
  secondHalfstarted: "Second half",
  secondHalfended: "End of 90 minutes",
  extraTimeFirststarted: "Extra time",
  extraTimeFirstended: "Half-time of extra time",
  extraTimeSecondstarted: "Second half of extra time",
  extraTimeSecondended: "End of extra time",
  shootoutstarted: "Shootout",
  shootoutended: "End of the shootout",
};

export const METHOD_WORDS: Record<TimelineItemMethod, string> = {
  unknownMethod: "",
  open: "",
  penalty: "Penalty",
  ownGoal: "Own goal",
};

export const CARD_WORDS: Record<TimelineItemCard, string> = {
  noCard: "Card",
  yellow: "Yellow card",
  secondYellow: "Second yellow card",
  red: "Red card",
};

/** `goalAnnulled` → `Goal annulled`. */
function spoken(word: string): string {
  const text = WORDS[word] ?? word.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The word before the colon and the rest: `annulled: offside` is annulled for offside. */
function parted(text: string): [word: string, rest: string] {
  const colon = text.indexOf(": ");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 2)];
}

/** Why a line does not stand: `offside`. */
export function reasonOfStatus({ text }: Pick<TimelineItem, "text">): string {
  return parted(text)[1];
}

/** What a review has come to: `Goal annulled`; while it is open, what it is of. */
export function reviewWords({ text }: Pick<TimelineItem, "text">): string {
  const [reason, outcome] = parted(text);
  return outcome ? spoken(outcome) : `Check: ${spoken(reason).toLowerCase()}`;
}

export function periodWords({ phase, text }: Pick<TimelineItem, "phase" | "text">): string {
  return spoken(phase + text);
}

/** `Suspended: floodlights failed`. */
export function interruptionWords({ text }: Pick<TimelineItem, "text">): string {
  const [word, reason] = parted(text);
  return reason ? `${spoken(word)}: ${reason}` : spoken(word);
}

/** How a penalty was missed: `Penalty saved`. */
export function missWords({ text }: Pick<TimelineItem, "text">): string {
  if (text === "saved") return "Penalty saved";
  return text === "" ? "Penalty missed" : `Penalty missed: ${text}`;
}
