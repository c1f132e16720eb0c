/**
 * One match as its channel tells it: a snapshot, then publications.
 *
 * The fold is pure and every publication is whole, so applying one twice gives
 * the same picture. A score is what the last Goal or MatchState said, never a
 * count of our own: a goal that was annulled lowers it by saying the new score.
 */
import type {
  Kick,
  Lineup,
  MatchSnapshot,
  MatchState,
  Possession,
  Publication,
  Team,
  TimelineItem,
} from "../../protocol/golazo_codec.ts";
import type { ChannelEvent } from "./channel_book.ts";

export interface MatchPicture {
  id: string;
  competition: string;
  stage: string;
  venue: string;
  home: Team;
  away: Team;
  /** Above 1: a replay that runs so much faster. */
  clockRate: number;
  state: MatchState;
  /** In the order of play; what never happened is not in it, what was annulled is. */
  timeline: TimelineItem[];
  lineups: Lineup[];
  possession?: Possession;
}

const NOBODY: Team = { id: "", name: "", code: "", country: "" };

/** @throws {Error} where the snapshot has no state, which no server of this version sends. */
export function pictureOf(snapshot: MatchSnapshot): MatchPicture {
  const { state, home, away } = snapshot;
  if (!state) throw new Error(`Cannot show match ${snapshot.id}: its snapshot has no state`);
  return {
    id: snapshot.id,
    competition: snapshot.competition,
    stage: snapshot.stage,
    venue: snapshot.venue,
    home: home ?? NOBODY,
    away: away ?? NOBODY,
    clockRate: snapshot.clockRate,
    state,
    timeline: inOrder(snapshot.timeline),
    lineups: snapshot.lineups,
    possession: snapshot.possession,
  };
}

export function foldPublication(picture: MatchPicture, publication: Publication): MatchPicture {
  const { goal, state, kick, item, lineup, possession } = publication;
  if (goal) return withState(picture, { score: { home: goal.home, away: goal.away } });
  if (state) return { ...picture, state };
  if (kick) return withState(picture, { shootout: withKick(picture.state.shootout, kick) });
  if (item) {
    const others = picture.timeline.filter((other) => other.id !== item.id);
    return { ...picture, timeline: inOrder([...others, item]) };
  }
  if (lineup) {
    const others = picture.lineups.filter((other) => other.side !== lineup.side);
    return { ...picture, lineups: [...others, lineup] };
  }
  return possession ? { ...picture, possession } : picture;
}

function withState(picture: MatchPicture, change: Partial<MatchState>): MatchPicture {
  return { ...picture, state: { ...picture.state, ...change } };
}

function withKick(shootout: MatchState["shootout"], kick: Kick): MatchState["shootout"] {
  const others = (shootout?.kicks ?? []).filter((other) => other.number !== kick.number);
  return {
    kicks: [...others, kick].sort((a, b) => a.number - b.number),
    home: kick.home,
    away: kick.away,
    first: shootout?.first ?? kick.side,
  };
}

function inOrder(items: readonly TimelineItem[]): TimelineItem[] {
  return items
    .filter((item) => item.status !== "removed")
    .sort((a, b) => a.order - b.order || a.id - b.id);
}

/** Holds the picture of one match and says what each change was. */
export class MatchStore {
  picture: MatchPicture | null;
  /** Set once the server has said that there is no such match. */
  refusal: { code: string; reason: string } | null = null;
  readonly #onChange: MatchListener;

  /** `before` is what is known already, from a list or a cache. */
  constructor(before: MatchPicture | null, onChange: MatchListener) {
    this.picture = before;
    this.#onChange = onChange;
  }

  /** The listener for the match's channel. */
  readonly receive = (event: ChannelEvent): void => {
    const before = this.picture;
    if (event.kind === "refused") this.refusal = event;
    else if (event.kind === "snapshot") this.picture = pictureOf(event.match);
    else if (before && event.kind === "publication") {
      this.picture = foldPublication(before, event.publication);
    }
    this.#onChange({ before, event });
  };
}

export type MatchListener = (change: { before: MatchPicture | null; event: ChannelEvent }) => void;
