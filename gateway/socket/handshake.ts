/**
 * From Hello to a session, or to the reason why there is none.
 *
 * The token comes in the first message and never in the URL, which proxies
 * write to their logs. No token is an anonymous fan, who may read; a token that
 * is there has to be good, so that nobody silently reads as somebody else.
 */
import { type BanRoll, isOutForGood } from "../../actors/ports/ban_roll.ts";
import { closeCode } from "../../protocol/close_code.ts";
import type { Hello, WelcomeInit } from "../../protocol/golazo_codec.ts";
import type { Clock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { type Random, randomId } from "../../runtime/random.ts";
import { busyRetryMs } from "../admission.ts";
import type { Actor } from "../auth/permissions.ts";
import type { TokenRefusal, VerifyToken } from "../auth/pass.ts";
import type { Session } from "./session.ts";

export interface HandshakePorts {
  random: Random;
  verifyToken: VerifyToken;
  bans: BanRoll;
  /** Told of everybody who is let in, before they are. */
  greeted(actor: Actor): void;
}

export type Handshake =
  | { session: Session }
  /** `refused` is one word, for counting. */
  | { refused: string; code: number; reason: string; retryAfterMs: number };

export async function shakeHands(hello: Hello, ports: HandshakePorts): Promise<Handshake> {
  for (const field of ["deviceId", "instanceId"] as const) {
    if (hello[field].length > limits.clientIdCharsMax) {
      return refusal("malformed", closeCode.protocol, `hello.${field} is too long`);
    }
  }
  const verdict = await verify(hello.token, ports.verifyToken);
  if (verdict === "unavailable") {
    const retryAfterMs = busyRetryMs(ports.random);
    return refusal("busy", closeCode.busy, "tokens cannot be checked now", retryAfterMs);
  }
  if ("refused" in verdict) return refusal(verdict.refused, closeCode.badToken, verdict.refused);
  if (isOutForGood(ports.bans.isBanned(verdict.subject))) {
    return refusal("banned", closeCode.banned, "banned");
  }
  ports.greeted(verdict);
  const { deviceId, instanceId, attempt, lite } = hello;
  const id = randomId(ports.random, 16);
  return { session: { id, ...verdict, deviceId, instanceId, attempt, lite } };
}

export function welcome(session: Session, clock: Clock): WelcomeInit {
  return {
    serverTime: clock.now(),
    session: session.id,
    pingEveryMs: limits.pingEveryMs,
    pongWithinMs: limits.pongMsMax,
    subject: session.subject,
    role: session.role,
    subscriptionsMax: limits.subscriptionsMax,
  };
}

async function verify(
  token: string,
  verifyToken: VerifyToken,
): Promise<Pick<Session, "subject" | "role"> | { refused: TokenRefusal } | "unavailable"> {
  if (token === "") return { subject: "", role: "anonymous" };
  try {
    return await verifyToken(token);
  } catch (thrown) {
    if (thrown instanceof Failure) return "unavailable";
    throw thrown;
  }
}

function refusal(refused: string, code: number, reason: string, retryAfterMs = 0): Handshake {
  return { refused, code, reason, retryAfterMs };
}
