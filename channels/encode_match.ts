/**
 * A match in protocol's words: domain → bytes, once.
 *
 * The goal goes out as the small message that decodes alone; its scorer and the
 * rest of the line follow as an item. Names of phases, kinds and sides are the
 * same in the domain and in the protocol, so nothing is translated but absence.
 */
import { countryOf } from "../actors/match/country_code.ts";
import type { LineupPlayer, Player, Side, Team } from "../actors/match/match_event.ts";
import type { MatchUpdate } from "../actors/match/match_update.ts";
import type { MatchView, TimelineItem } from "../actors/match/match_view.ts";
import {
  encodePublication,
  encodeSubscribed,
  type LineupInit,
  type MatchStateInit,
  type PlayerInit,
  type PublicationInit,
  type TeamInit,
  type TimelineItemInit,
} from "../protocol/golazo_codec.ts";
import type { Encoded } from "./channel_publisher.ts";
import type { Lane } from "./publication.ts";

/** One change as a publication; `offset` null for a volatile one. */
export function encodeMatchUpdate(update: MatchUpdate, offset: number | null): Encoded {
  const { lane, body } = publicationOf(update);
  const key = offset === null ? update.kind : "";
  return { lane, key, body: encodePublication(offset === null ? body : { ...body, offset }) };
}

/** The whole match as the snapshot member of `Subscribed`. */
export function encodeMatchSnapshot(view: MatchView, stale: boolean): Uint8Array {
  return encodeSubscribed({
    match: {
      id: view.id,
      competition: view.competition,
      stage: view.stage,
      home: teamOf(view.home),
      away: teamOf(view.away),
      clockRate: view.clockRate,
      seq: view.seq,
      state: matchStateOf(view, stale),
      timeline: view.timeline.filter(({ status }) => status !== "removed").map(itemOf),
      lineups: (["home", "away"] as const)
        .filter((side) => view.lineups[side].length > 0)
        .map((side) => lineupOf(side, view.lineups[side])),
      possession: view.possession ?? undefined,
      venue: view.venue ?? "",
    },
  });
}

function teamOf(team: Team): TeamInit {
  return { ...team, country: countryOf(team) ?? "" };
}

function publicationOf(update: MatchUpdate): { lane: Lane; body: PublicationInit } {
  switch (update.kind) {
    case "goal": {
      const { what, side, home, away, minute, stoppage } = update;
      return { lane: "goal", body: { goal: { kind: what, side, home, away, minute, stoppage } } };
    }
    case "state":
      return { lane: "goal", body: { state: matchStateOf(update.view) } };
    case "kick":
      return { lane: "goal", body: { kick: kickOf(update.kick) } };
    case "item":
      return { lane: "event", body: { item: itemOf(update.item) } };
    case "lineup":
      return { lane: "event", body: { lineup: lineupOf(update.side, update.players) } };
    case "possession":
      return { lane: "stats", body: { possession: { home: update.home, away: update.away } } };
  }
}

export function matchStateOf(view: MatchView, stale = false): MatchStateInit {
  const { shootout } = view;
  return {
    phase: view.phase,
    phaseStartedAt: view.phaseStartedAt ?? 0,
    running: view.running,
    stoppageAnnounced: view.stoppageAnnounced,
    review: view.review ?? undefined,
    score: view.score,
    regular: view.regular,
    extraTime: view.extraTime ?? undefined,
    shootout: shootout === null ? undefined : {
      kicks: shootout.kicks.map(kickOf),
      home: shootout.home,
      away: shootout.away,
      first: shootout.first ?? "unknownSide",
    },
    winner: winnerOf(view.winner),
    feedSilentSince: view.feedSilentSince ?? 0,
    kickoffAt: view.kickoffAt,
    note: view.note,
    played: view.decidedBy === "award" ? view.played : undefined,
    stale,
  };
}

function winnerOf(winner: MatchView["winner"]): MatchStateInit["winner"] {
  switch (winner) {
    case "home":
      return "homeWins";
    case "away":
      return "awayWins";
    case "draw":
      return "draw";
    case null:
      return "undecided";
  }
}

type KickView = NonNullable<MatchView["shootout"]>["kicks"][number];

function kickOf(kick: KickView) {
  const { number, side, scored, home, away, player } = kick;
  return { number, side, scored, home, away, player: player?.name ?? "" };
}

function itemOf(item: TimelineItem): TimelineItemInit {
  return {
    id: item.id,
    kind: item.kind,
    status: item.status,
    side: item.side ?? "unknownSide",
    phase: item.period ?? "unknownPhase",
    minute: item.minute,
    stoppage: item.stoppage,
    player: playerOf(item.player),
    other: playerOf(item.other),
    method: item.method ?? "unknownMethod",
    colour: item.card ?? "noCard",
    score: item.score ?? undefined,
    amended: item.amended,
    text: item.text,
    order: item.order,
  };
}

function playerOf(player: Player | null): PlayerInit | undefined {
  return player === null ? undefined : { id: player.id ?? "", name: player.name };
}

function lineupOf(side: Side, players: LineupPlayer[]): LineupInit {
  const members = players.map(({ id, name, number, position, starting }) => ({
    player: { id: id ?? "", name },
    number: number ?? 0,
    position: position ?? "",
    starting,
  }));
  return { side, members };
}
