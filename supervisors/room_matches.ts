/**
 * What matches do to their rooms: opens one as soon as its match is listed, and
 * slows it at a goal, a red card and a review.
 *
 * A match's room has its id and so its owner: only matches of this process are
 * looked at. The first look is what a match is compared with, and the room itself
 * knows whether it has heard of the last moment before; a lost nudge is made up
 * for within seconds.
 */
import type { MatchView } from "../actors/match/match_view.ts";
import { type SuspendedBy, suspendedBy, weightOf } from "../actors/prediction/suspension.ts";
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
  readonly #opened = new Set<string>();
  #listed = new Set<string>();
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
    if (view === undefined) return this.#forget(matchId);
    const at = clock.now();
    // A goal while its room cannot be opened is a change to what was seen first.
    if (before === undefined) this.#seen.set(matchId, view);
    if (!this.#opened.has(matchId)) {
      await rooms.tell(matchId, { kind: "open", room: roomOf(view) });
      for (const { moment, matchSeq } of latestMoments(before ?? view)) {
        await rooms.tell(matchId, { kind: "pace", moment, at, matchSeq, isFirstLook: true });
      }
      this.#opened.add(matchId);
    }
    if (before === undefined || before.seq === view.seq) return;
    const matchSeq = view.seq;
    for (const moment of momentsBetween(before, view)) {
      await rooms.tell(matchId, { kind: "pace", moment, at, matchSeq, isFirstLook: false });
    }
    this.#seen.set(matchId, view);
  }

  #forget(matchId: string): void {
    this.#seen.delete(matchId);
    this.#opened.delete(matchId);
  }

  async #lookAtAll(): Promise<void> {
    const { directory, events, isOwned } = this.#options;
    try {
      const listed = new Set((await directory.ids()).filter(isOwned));
      // A match may be heard of before it is listed: only one that was listed can be taken off.
      for (const matchId of this.#listed.difference(listed)) this.#forget(matchId);
      this.#listed = listed;
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
  if (by !== null) moments.push(momentOf(by));
  if (before.review === null && after.review !== null) moments.push("reviewOpened");
  if (before.review !== null && after.review === null) moments.push("reviewClosed");
  return moments;
}

/** What slowed the room of a match last, unless nobody was there to tell it. */
function latestMoments(view: MatchView): { moment: PaceMoment; matchSeq: number }[] {
  const item = view.timeline.findLast((item) => weightOf(item) !== null);
  return item ? [{ moment: momentOf(weightOf(item)!), matchSeq: item.id }] : [];
}

/** A penalty that is scored is a goal; one that is missed slows like one. */
function momentOf(by: SuspendedBy): PaceMoment {
  return by === "redCard" ? by : "goal";
}

export function roomOf({ id, home, away }: MatchView): RoomFacts {
  return { title: `${home.name} – ${away.name}`, matchId: id, owner: null };
}
