/**
 * What is answered to each frame of a peer that said Hello.
 *
 * May it, first; then whoever the frame is for. A peer's mistake and the world's
 * are answers too, under the frame's own id.
 */
import type { ReplyInit } from "../../protocol/golazo_codec.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { type Actor, forbidden } from "../auth/permissions.ts";
import { type CommandRouter, replyToFailure } from "../command_router.ts";
import type { ReadFrame } from "./encoding.ts";
import type { Expiry, TokenHolder } from "./expiry.ts";
import type { Session } from "./session.ts";
import type { Subscriptions } from "./subscriptions.ts";

export type KnownFrame = Exclude<ReadFrame, { fault: string }>;

/** Whom a frame can be for. */
export interface Answerers {
  events: BusinessEvents;
  commands: CommandRouter;
  expiry: Expiry;
  /** Whether there is such a channel for this one. @throws {Failure} where it cannot be told. */
  mayHear(channel: string, actor: Actor): true | Promise<boolean>;
}

/** The socket that is answered. */
export interface Asker extends TokenHolder {
  readonly subscriptions: Subscriptions;
  attend(background: boolean): void;
  /** What it sent makes no sense where it is. */
  complain(reason: string): void;
}

/** Null where the answer goes another way. */
export async function answer(
  read: KnownFrame,
  session: Session,
  asker: Asker,
  answerers: Answerers,
): Promise<ReplyInit | null> {
  try {
    const reply = await carryOut(read, session, asker, answerers);
    if (reply?.code === "tooManySubscriptions") {
      answerers.events.requestRefused("socket", reply.code);
    }
    return reply;
  } catch (thrown) {
    if (!(thrown instanceof Failure)) {
      answerers.events.warned(`Cannot answer ${read.name}: ${reasonOf(thrown)}`);
    }
    const { id = 0 } = read.frame[read.name] as { id?: number };
    return replyToFailure(id, thrown);
  }
}

async function carryOut(
  { name, frame }: KnownFrame,
  session: Session,
  asker: Asker,
  { events, commands, expiry, mayHear }: Answerers,
): Promise<ReplyInit | null> {
  const refusal = forbidden(session, name, frame, events);
  if (refusal !== null) return refusal;
  switch (name) {
    case "subscribe": {
      const { channel } = frame.subscribe!;
      const mayEnter = () => mayHear(channel, session);
      return await asker.subscriptions.subscribe(frame.subscribe!, session.lite, mayEnter);
    }
    case "unsubscribe":
      return asker.subscriptions.unsubscribe(frame.unsubscribe!);
    case "track":
      return await asker.subscriptions.track(frame.track!);
    case "predict":
    case "chatSend":
    case "react":
    case "moderate":
      return await commands.carryOut(name, frame[name]!, session);
    case "refresh":
      return await expiry.refresh(frame.refresh!, asker);
    case "hello":
      asker.complain("Cannot take a second hello on one socket");
      return null;
    case "attention":
      asker.attend(frame.attention!.background);
      return null;
    case "pong":
      return null;
  }
}
