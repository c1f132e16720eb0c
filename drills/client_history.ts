/**
 * One client's log, read as a client would have to read it.
 *
 * Holds that within an epoch every offset follows the one before, that
 * "recovered" brings exactly what was missed, and that an offset never says
 * two things, to this client or to another. What it saw in the end, and every
 * time a score fell, is left for whoever knows the ledger.
 */
import { encodePublication, type Publication, type Subscribed } from "../protocol/golazo_codec.ts";
import { fallsBetween, type Score } from "./reference_score.ts";
import type { HeardFrame, Position } from "./subscriber.ts";

export interface ClientLog {
  name: string;
  log: readonly HeardFrame[];
}

/** A match as the client sees it. */
export interface Picture extends Position {
  score: Score;
  phase: string;
  /** Lines of the timeline by id, each as text. */
  timeline: Map<number, string>;
  /** Ledger entries behind the last snapshot. */
  snapshotSeq: number;
}

export interface Fall {
  channel: string;
  side: keyof Score;
  by: number;
  /** It came with the snapshot of a new epoch. */
  isReset: boolean;
}

export interface ClientHistory {
  violations: string[];
  /** By channel. */
  pictures: Map<string, Picture>;
  falls: Fall[];
  recovered: number;
  snapshots: number;
}

/** @param said what each (channel, epoch, offset) said, shared by all clients of a drill */
export function readClientHistory(client: ClientLog, said: Map<string, string>): ClientHistory {
  const history: ClientHistory = {
    violations: [],
    pictures: new Map(),
    falls: [],
    recovered: 0,
    snapshots: 0,
  };
  const blame = (what: string) => void history.violations.push(`${client.name}: ${what}`);
  const numbers = new Map<string, string>();

  const showScore = (channel: string, picture: Picture, score: Score, isReset: boolean) => {
    for (const fall of fallsBetween(picture.score, score)) {
      history.falls.push({ channel, isReset, ...fall });
    }
    picture.score = { ...score };
  };

  const take = (channel: string, publication: Publication) => {
    const picture = history.pictures.get(channel);
    if (picture === undefined) return blame(`a publication of ${channel} before any snapshot`);
    const { offset, goal, state, item } = publication;
    if (offset > 0) {
      if (offset !== picture.offset + 1) {
        blame(`offset ${offset} of ${channel} came after ${picture.offset}`);
      }
      picture.offset = offset;
      const name = `${channel} ${picture.epoch} ${offset}`;
      const bytes = textOf(publication);
      const known = said.get(name) ?? bytes;
      said.set(name, known);
      if (known !== bytes) blame(`${name} said ${known} before and now ${bytes}`);
    }
    if (goal) showScore(channel, picture, goal, false);
    if (state) {
      picture.phase = state.phase;
      if (state.score) showScore(channel, picture, state.score, false);
    }
    if (item) showItem(picture, item);
  };

  const recover = (subscribed: Subscribed) => {
    const { channel, epoch, offset, publications } = subscribed;
    const picture = history.pictures.get(channel);
    history.recovered += 1;
    if (picture === undefined || picture.epoch !== epoch) {
      return blame(`${channel} was recovered in an epoch that the client was not in`);
    }
    for (const publication of publications) take(channel, publication);
    if (picture.offset !== offset) {
      blame(`recovery of ${channel} promised offset ${offset} and brought ${picture.offset}`);
    }
    picture.offset = offset;
  };

  const restart = ({ channel, epoch, offset, match }: Subscribed) => {
    const before = history.pictures.get(channel);
    if (before) history.snapshots += 1;
    if (before?.epoch === epoch && offset < before.offset) {
      blame(`the snapshot of ${channel} went back from ${before.offset} to ${offset}`);
    }
    if (!match?.state?.score) return blame(`${channel} came without a snapshot`);
    const picture: Picture = {
      epoch,
      offset,
      score: before?.score ?? { home: 0, away: 0 },
      phase: match.state.phase,
      timeline: new Map(),
      snapshotSeq: match.seq,
    };
    history.pictures.set(channel, picture);
    for (const item of match.timeline) showItem(picture, item);
    showScore(channel, picture, match.state.score, before !== undefined && before.epoch !== epoch);
  };

  for (const { socket, frame: { subscribed, publication } } of client.log) {
    if (subscribed) {
      numbers.set(`${socket}/${subscribed.number}`, subscribed.channel);
      if (subscribed.recovered) recover(subscribed);
      else restart(subscribed);
    } else if (publication) {
      const channel = numbers.get(`${socket}/${publication.channel}`);
      if (channel === undefined) {
        blame(`a publication on the unknown number ${publication.channel}`);
      } else take(channel, publication);
    }
  }
  return history;
}

function showItem(picture: Picture, item: NonNullable<Publication["item"]>): void {
  if (item.status === "removed") picture.timeline.delete(item.id);
  else picture.timeline.set(item.id, JSON.stringify(item));
}

/** The bytes of a publication but the channel's number, which is the socket's own. */
function textOf(publication: Publication): string {
  const bytes = encodePublication({ ...publication, channel: 0 });
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
