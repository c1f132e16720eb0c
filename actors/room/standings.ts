/**
 * Who is who in a room: its moderators, and who may not speak in it until when.
 *
 * What happened to a user is gone from here once its time is over; the audit
 * chain remembers.
 */
import type { Facet } from "../moderation/moderation_action.ts";
import { type ChatRole, higher, type ModerationKind } from "../moderation/permission_rules.ts";
import { ownValue } from "./own_value.ts";
import type { RoomFacts } from "./room_entry.ts";

export interface Standings {
  moderators: string[];
  /** Milliseconds since 1970. */
  mutes: Record<string, number>;
  /** 0: without end. */
  bans: Record<string, number>;
  warnings: Record<string, number>;
}

/** The user's role in this room, given the one that their token says. */
export function roleIn(
  { moderators }: Standings,
  room: RoomFacts,
  user: string,
  global: ChatRole,
): ChatRole {
  if (global === "anonymous") return global;
  if (user === room.owner) return higher(global, "roomOwner");
  return moderators.includes(user) ? higher(global, "roomModerator") : global;
}

export function isBanned({ bans }: Standings, user: string, now: number): boolean {
  const until = ownValue(bans, user);
  return until !== undefined && (until === 0 || until > now);
}

export function isMuted({ mutes }: Standings, user: string, now: number): boolean {
  return (ownValue(mutes, user) ?? 0) > now;
}

/** What an action of this kind changes, as it is. */
export function standingOf(standings: Standings, kind: ModerationKind, user: string): Facet {
  const { moderators, mutes, bans, warnings } = standings;
  switch (kind) {
    case "appoint":
    case "dismiss":
      return moderators.includes(user);
    case "mute":
    case "unmute":
      return ownValue(mutes, user) ?? null;
    case "ban":
    case "unban":
      return ownValue(bans, user) ?? null;
    case "warn":
    case "unwarn":
      return ownValue(warnings, user) ?? 0;
    default:
      return null;
  }
}

export function withAction(
  standings: Standings,
  kind: ModerationKind,
  user: string,
  after: Facet,
): Standings {
  const { moderators, mutes, bans, warnings } = standings;
  switch (kind) {
    case "appoint":
      return { ...standings, moderators: [...moderators.filter((one) => one !== user), user] };
    case "dismiss":
      return { ...standings, moderators: moderators.filter((one) => one !== user) };
    case "mute":
    case "unmute":
      return { ...standings, mutes: withValue(mutes, user, after) };
    case "ban":
    case "unban":
      return { ...standings, bans: withValue(bans, user, after) };
    case "warn":
    case "unwarn":
      return { ...standings, warnings: withValue(warnings, user, after === 0 ? null : after) };
    default:
      return standings;
  }
}

/** When the next mute or ban ends; null: none does. */
export function nextExpiry({ mutes, bans }: Standings): number | null {
  const ends = [...Object.values(mutes), ...Object.values(bans)].filter((until) => until > 0);
  return ends.length === 0 ? null : ends.reduce((first, until) => Math.min(first, until));
}

export function expiredAt({ mutes, bans }: Standings, now: number): string[] {
  const over = (all: Record<string, number>) =>
    Object.keys(all).filter((user) => all[user]! > 0 && all[user]! <= now);
  return [...new Set([...over(mutes), ...over(bans)])];
}

export function withoutExpired(standings: Standings, users: string[], at: number): Standings {
  const kept = (all: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(all).filter(([user, until]) => {
        return !(users.includes(user) && until > 0 && until <= at);
      }),
    );
  return { ...standings, mutes: kept(standings.mutes), bans: kept(standings.bans) };
}

function withValue(
  all: Record<string, number>,
  user: string,
  value: Facet,
): Record<string, number> {
  const { [user]: _before, ...others } = all;
  return value === null ? others : { ...others, [user]: Number(value) };
}
