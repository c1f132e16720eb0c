/**
 * What matches do to their rooms: opens one as soon as its match is listed, and
 * slows it at a goal, a red card and a review.
 *
 * A match's room has its id and so its owner: only matches of this process are
 * looked at. The first look is what a match is compared with; a lost nudge is
 * made up for within seconds.
 */
import type { MatchView } from "../actors/match/match_view.ts";
import { suspendedBy } from "../actors/prediction/suspension.ts";
import type { PaceMoment } from "../actors/room/pace_rules.ts";
import type { RoomFacts } from "../actors/room/room_entry.ts";
import type { MatchDirectory } from "../channels/match_directory.ts";
import type { MatchReader } from "../channels/match_reader.ts";
import type { MatchSignal } from "../channels/match_signal.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { type Clock, every, type Timer } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { RoomSupervisor } from "./room_supervisor.ts";

export interface RoomMatchesOptions {
  rooms: Pick<RoomSupervisor, "tell">;
  reader: MatchReader;
  directory: MatchDirectory;
  signal: MatchSignal;
  clock: Clock;
  events: BusinessEvents;
  isOwned(matchId: string): boolean;
}

export class RoomMatches {
  readonly #options: RoomMatchesOptions;
  /** As it was at the last look, by match. */
  readonly #seen = new Map<string, MatchView>();
  /** Looks of one match follow each other. */
  readonly #looking = new Map<string, Promise<void>>();
  #timer: Timer | null = null;
  #leave: () => void = () => {};

  constructor(options: RoomMatchesOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { signal, clock } = this.#options;
    const lookAtAll = () => this.#lookAtAll();
    this.#leave = await signal.hear((matchId) => void this.look(matchId), lookAtAll);
    this.#timer = every(clock, limits.roomMatchesLookMs, lookAtAll);
    void lookAtAll();
  }

  stop(): void {
    this.#leave();
    this.#timer?.cancel();
  }

  look(matchId: string): Promise<void> {
    const before = this.#looking.get(matchId) ?? Promise.resolve();
    const looking = before.then(() => this.#look(matchId)).catch((error) => {
      this.#options.events.warned(`Cannot follow ${matchId} for its room: ${reasonOf(error)}`);
    }).finally(() => {
      if (this.#looking.get(matchId) === looking) this.#looking.delete(matchId);
    });
    this.#looking.set(matchId, looking);
    return looking;
  }

  async #look(matchId: string): Promise<void> {
    const { reader, rooms, isOwned, clock } = this.#options;
    const view = isOwned(matchId) ? (await reader.read(matchId))?.view : undefined;
    const before = this.#seen.get(matchId);
    if (view === undefined) return void this.#seen.delete(matchId);
    if (before?.seq === view.seq) return;
    if (before === undefined) await rooms.tell(matchId, { kind: "open", room: roomOf(view) });
    else {
      const at = clock.now();
      for (const moment of momentsBetween(before, view)) {
        await rooms.tell(matchId, { kind: "pace", moment, at });
      }
    }
    this.#seen.set(matchId, view);
  }

  async #lookAtAll(): Promise<void> {
    const { directory, events, isOwned } = this.#options;
    try {
      const listed = (await directory.ids()).filter(isOwned);
      for (const matchId of this.#seen.keys()) {
        if (!listed.includes(matchId)) this.#seen.delete(matchId);
      }
      for (const matchId of listed) await this.look(matchId);
    } catch (error) {
      events.warned(`Cannot look at the matches for their rooms: ${reasonOf(error)}`);
    }
  }
}

/** What of the latest changes slows a room, in order. */
export function momentsBetween(before: MatchView, after: MatchView): PaceMoment[] {
  const moments: PaceMoment[] = [];
  const by = suspendedBy(before, after);
  // A penalty that is scored is a goal; one that is missed slows like one.
  if (by !== null) moments.push(by === "redCard" ? by : "goal");
  if (before.review === null && after.review !== null) moments.push("reviewOpened");
  if (before.review !== null && after.review === null) moments.push("reviewClosed");
  return moments;
}

export function roomOf({ id, home, away }: MatchView): RoomFacts {
  return { title: `${home.name} – ${away.name}`, matchId: id, owner: null };
}
