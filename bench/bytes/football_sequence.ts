/**
 * Thirty events of a match as in Centrifugo's published test of compression
 * (centrifuge, `_examples/compression_playground`): two teams of eleven names; an
 * event is a goal, a yellow card, a red card or a substitution of any player of
 * either side, all equally likely, three minutes of ninety after the last.
 *
 * What its view shows is kept here by a count of our own, so what ours shows can
 * be held against it after each event. The draw is ours, as Go's is not at hand;
 * so it is made for many seeds, from theirs on. Minutes are halved: theirs knows
 * no half-time, which would be a publication more.
 */
import type { MatchPicture } from "../../clients/sdk/match_store.ts";
import type { TimelineItem } from "../../protocol/mod.ts";
import type { Random } from "../../runtime/random.ts";

export const EVENTS = 30;

const KINDS = ["goal", "yellow", "red", "substitution"] as const;
const SIDES = ["home", "away"] as const;
const NAMES = {
  home: [
    "John Doe",
    "Jane Smith",
    "Alex Johnson",
    "Chris Lee",
    "Pat Kim",
    "Sam Morgan",
    "Jamie Brown",
    "Casey Davis",
    "Morgan Garcia",
    "Taylor White",
    "Jordan Martinez",
  ],
  away: [
    "Robin Wilson",
    "Drew Taylor",
    "Jessie Bailey",
    "Casey Flores",
    "Jordan Walker",
    "Charlie Green",
    "Alex Adams",
    "Morgan Thompson",
    "Taylor Clark",
    "Jordan Hernandez",
    "Jamie Lewis",
  ],
};

type Side = (typeof SIDES)[number];
type Kind = (typeof KINDS)[number];

/** What the test's view shows: per side the score, per player what befell him and when. */
export interface ShownMatch {
  home: ShownTeam;
  away: ShownTeam;
}

interface ShownTeam {
  score: number;
  players: Record<string, [kind: Kind, minute: number][]>;
}

export interface SequenceEvent {
  fact: Record<string, unknown>;
  /** What is shown from then on. */
  shown: ShownMatch;
}

/** What everybody knows before the first event: names, and that it has begun. */
export function openingFacts(kickoffAt: number): Record<string, unknown>[] {
  const team = (name: string) => ({ id: name.toLowerCase().replace(" ", "-"), name });
  const fact = (id: string, type: string, body: object) => {
    return { id, revision: 1, type, occurredAt: kickoffAt, ...body };
  };
  return [
    fact("fixture", "match.scheduled", {
      ...{ competition: "La Liga", stage: "Matchday 1", kickoffAt, format: { kind: "league" } },
      ...{ home: team("Real Madrid"), away: team("Barcelona") },
    }),
    ...SIDES.map((side) => {
      const players = NAMES[side].map((name) => ({ name, starting: true }));
      return fact(`lineup-${side}`, "lineup.published", { side, players });
    }),
    fact("kick-off", "period.started", { period: "firstHalf" }),
  ];
}

export function footballSequence(random: Random, kickoffAt: number): SequenceEvent[] {
  const shown: ShownMatch = { home: newTeam("home"), away: newTeam("away") };
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.fraction() * from.length)]!;
  return Array.from({ length: EVENTS }, (_, index) => {
    const [kind, side] = [pick(KINDS), pick(SIDES)];
    const name = pick(NAMES[side]);
    const minute = 1 + Math.floor(index * 1.5);
    shown[side].players[name]!.push([kind, minute]);
    if (kind === "goal") shown[side].score += 1;
    const time = { period: "firstHalf", minute, occurredAt: kickoffAt + minute * 60_000 };
    const fact = { id: `event-${index}`, revision: 1, side, ...time, ...bodyOf(kind, { name }) };
    return { fact, shown: structuredClone(shown) };
  });
}

/** The same of our own view. */
export function shownOf({ state, timeline }: MatchPicture): ShownMatch {
  const shown: ShownMatch = { home: newTeam("home"), away: newTeam("away") };
  for (const side of SIDES) shown[side].score = state.score?.[side] ?? 0;
  for (const item of timeline) {
    const kind = kindOf(item);
    const name = kind === "substitution" ? item.other?.name : item.player?.name;
    if (kind === null || name === undefined || item.side === "unknownSide") continue;
    shown[item.side].players[name]?.push([kind, item.minute]);
  }
  return shown;
}

function newTeam(side: Side): ShownTeam {
  return { score: 0, players: Object.fromEntries(NAMES[side].map((name) => [name, []])) };
}

function bodyOf(kind: Kind, player: { name: string }): Record<string, unknown> {
  switch (kind) {
    case "goal":
      return { type: "goal.scored", method: "open", player };
    case "substitution":
      return { type: "substitution.made", off: player };
    case "yellow":
    case "red":
      return { type: "card.shown", card: kind, player };
  }
}

function kindOf(item: TimelineItem): Kind | null {
  switch (item.kind) {
    case "goal":
    case "substitution":
      return item.kind;
    case "card":
      return item.colour === "red" ? "red" : "yellow";
    default:
      return null;
  }
}
