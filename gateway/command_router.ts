/**
 * From a command's frame to the desk that carries it out.
 *
 * A desk is whatever owns the thing: a room, a board, the predictions. One that
 * this gateway was not given is answered in the same way as any other refusal,
 * so a client needs no list of what a deployment can do.
 */
import type { ClientFrame, ReplyInit } from "../protocol/golazo_codec.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Session } from "./socket/session.ts";

export const COMMANDS = ["predict", "chatSend", "react", "moderate"] as const;
export type CommandName = (typeof COMMANDS)[number];
export type Command<N extends CommandName> = NonNullable<ClientFrame[N]>;

/** @returns the Reply without its id. @throws {Failure} where the world is in the way. */
export type CommandDesk<N extends CommandName> = (
  command: Command<N>,
  session: Session,
) => Promise<Omit<ReplyInit, "id">>;

export type CommandDesks = { readonly [N in CommandName]?: CommandDesk<N> };

export class CommandRouter {
  readonly #desks: CommandDesks;

  constructor(desks: CommandDesks) {
    this.#desks = desks;
  }

  async carryOut<N extends CommandName>(
    name: N,
    command: Command<N>,
    session: Session,
  ): Promise<ReplyInit> {
    const { id } = command;
    const desk = this.#desks[name] as CommandDesk<N> | undefined;
    if (desk === undefined) {
      return { id, code: "notAvailable", reason: `This server does not offer ${name}` };
    }
    return { id, ...await desk(command, session) };
  }
}

/** The Reply to whatever a command or a subscription threw. */
export function replyToFailure(id: number, thrown: unknown): ReplyInit {
  if (!(thrown instanceof Failure)) {
    return { id, code: "internal", reason: "Something went wrong on the server" };
  }
  const retryAfterMs = thrown.retryable ? limits.busyRetryMs : 0;
  return { id, code: thrown.code, reason: thrown.message, retryAfterMs };
}
