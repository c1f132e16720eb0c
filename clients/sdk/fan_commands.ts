/**
 * What a fan asks of a room by socket, as somebody: signs in the first time.
 *
 * Every question is answered. Nobody there, no token to be had and no answer in
 * time are answers too, so whoever asked takes back what it has shown.
 */
import { type CommandAnswer, CommandDesk, OFFLINE } from "./command_desk.ts";
import type { ClientFrame } from "../../protocol/golazo_codec.ts";
import type { ClientPlatform } from "./client_platform.ts";
import type { FanApi } from "./fan_api.ts";
import type { GolazoClient } from "./golazo_client.ts";
import { Refusal } from "./refusal.ts";

export interface FanCommandsParts {
  client: GolazoClient;
  api: FanApi;
  platform: ClientPlatform;
}

export class FanCommands {
  readonly #parts: FanCommandsParts;
  readonly #desk: CommandDesk;

  constructor(parts: FanCommandsParts) {
    this.#parts = parts;
    this.#desk = new CommandDesk(parts.client, parts.platform);
  }

  close(): void {
    this.#desk.close();
  }

  async ask(frame: (id: number) => ClientFrame): Promise<CommandAnswer> {
    const { api, client } = this.#parts;
    try {
      client.signIn(await api.signedIn());
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || thrown.isForNow) return OFFLINE;
      return { ...OFFLINE, code: "signIn", reason: thrown.message };
    }
    return await this.#desk.ask(frame);
  }
}
