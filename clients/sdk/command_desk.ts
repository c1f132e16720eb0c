/**
 * Commands on a client's socket, and the answers that come for them.
 *
 * Whoever asks while there is no socket waits for the next one. A socket that
 * goes leaves its questions open: nobody knows whether they were heard. They are
 * answered "offline", and whoever asked asks again under the same client id,
 * which the server knows.
 */
import type { ClientFrame, Reply } from "../../protocol/golazo_codec.ts";
import { clientLimits } from "./client_limits.ts";
import type { ClientPlatform } from "./client_platform.ts";
import type { GolazoClient } from "./golazo_client.ts";

export type CommandAnswer = Pick<Reply, "code" | "reason" | "retryAfterMs" | "made">;

/** Nobody knows whether it was heard. */
export const OFFLINE: CommandAnswer = { code: "offline", reason: "", retryAfterMs: 0, made: "" };

export class CommandDesk {
  readonly #client: GolazoClient;
  readonly #platform: ClientPlatform;
  readonly #open = new Map<number, (answer: CommandAnswer) => void>();
  readonly #leave: () => void;

  /** One a client: its replies come here. */
  constructor(client: GolazoClient, platform: ClientPlatform) {
    this.#client = client;
    this.#platform = platform;
    client.onReply = ({ id, ...answer }) => this.#settle(id, answer);
    this.#leave = client.onState(() => this.#drop());
  }

  close(): void {
    this.#leave();
    this.#client.onReply = () => {};
    this.#drop();
  }

  /** Resolves in any case, "offline" where no answer came in time. */
  ask(frame: (id: number) => ClientFrame): Promise<CommandAnswer> {
    return new Promise((resolve) => {
      let id = 0;
      const done = (answer: CommandAnswer) => {
        forget();
        cancel();
        this.#open.delete(id);
        resolve(answer);
      };
      const say = () => {
        if (id === 0) id = this.#client.say(frame);
        if (id > 0) this.#open.set(id, done);
      };
      const forget = this.#client.onState(say);
      const cancel = this.#platform.after(clientLimits.commandMsMax, () => done(OFFLINE));
      say();
      if (id > 0) forget();
    });
  }

  #settle(id: number, answer: CommandAnswer): void {
    this.#open.get(id)?.(answer);
  }

  /** Every change of state is another socket, or none. */
  #drop(): void {
    for (const done of [...this.#open.values()]) done(OFFLINE);
  }
}
