/**
 * "Why did this fan not see the goal": what one gateway knows of a device's
 * sockets, those that are open and those that ended, and of its channels.
 *
 * Looks at everything when it is asked and keeps nothing but the ends.
 */
import type { ChannelPosition } from "../channels/live_channel.ts";
import type { Lane } from "../channels/publication.ts";
import { limits } from "../runtime/limits.ts";
import type { Membership, OpenChannel } from "./audience.ts";
import { ALL_LANES, lanesIn } from "./lanes.ts";
import type { CloseLine, CloseLog } from "./socket/close_log.ts";
import type { Encoding } from "./socket/encoding.ts";
import type { Session } from "./socket/session.ts";

/** Of a device or of a subject, or of both at once. */
export interface Asked {
  device: string | null;
  subject: string | null;
}

export interface SubscriptionLine {
  channel: string;
  /** What stands for it on the socket; null: it is not open yet. */
  number: number | null;
  /** Everything up to here was sent or left out; null: it is being caught up. */
  lastOffset: number | null;
  lanes: Lane[];
  /** Publications left out for it since it subscribed. */
  skipped: number;
  /** The position after which it lacks durable publications; null: it lacks none. */
  hole: ChannelPosition | null;
}

export interface ConnectionLine {
  session: string;
  device: string;
  instance: string;
  subject: string;
  encoding: Encoding;
  lite: boolean;
  background: boolean;
  /** What of its lanes it takes now. */
  openLanes: Lane[];
  /** Bytes that wait for its network. */
  queueBytes: number;
  /** Milliseconds since 1970; null: not yet. */
  since: number;
  lastPing: number | null;
  lastPong: number | null;
  subscriptions: SubscriptionLine[];
}

export interface ChannelLine {
  channel: string;
  members: number;
  /** Publications that some member has not been written. */
  backlog: number;
  epoch: string;
  offset: number;
}

/** A socket, as far as it can be asked. */
export interface Described {
  readonly session: Session | null;
  describe(): ConnectionLine;
}

export interface DeskPorts {
  connections: Iterable<Described>;
  closes: CloseLog;
  channels(): OpenChannel[];
}

export class ConnectionDesk {
  readonly #ports: DeskPorts;

  constructor(ports: DeskPorts) {
    this.#ports = ports;
  }

  connections({ device, subject }: Asked): ConnectionLine[] {
    const isAsked = ({ session }: Described) =>
      session !== null && (device === null || session.deviceId === device) &&
      (subject === null || session.subject === subject);
    return [...this.#ports.connections].filter(isAsked).map((each) => each.describe());
  }

  /** Newest first. */
  closed({ device, subject }: Asked): CloseLine[] {
    return this.#ports.closes.of((line) =>
      (device === null || line.device === device) && (subject === null || line.subject === subject)
    );
  }

  /** Those with the most members. */
  channels(): ChannelLine[] {
    const lines = this.#ports.channels().map(({ name, audience, backlog, epoch, offset }) => ({
      ...{ channel: name, members: audience.size, backlog: backlog.length, epoch, offset },
    }));
    return lines.sort((a, b) => b.members - a.members).slice(0, limits.channelsShownMax);
  }
}

export function subscriptionLine(name: string, member: Membership): SubscriptionLine {
  const { channel, lanes, hole } = member;
  return {
    channel: name,
    number: channel?.number ?? null,
    lastOffset: channel === null || member.place === -1 ? null : lastOffset(member, channel),
    lanes: lanesIn(lanes),
    skipped: member.skippedInAll,
    hole,
  };
}

/** Before the first durable publication that it was not written. */
function lastOffset({ served }: Membership, { backlog, offset }: OpenChannel): number {
  const next = backlog.omission(served, ALL_LANES).publications.find((publication) =>
    publication.offset !== null
  );
  return next === undefined ? offset : next.offset! - 1;
}
