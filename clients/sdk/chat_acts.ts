/**
 * What a fan does to what others said, and to the room: reactions, cheers, own
 * messages taken away, reports.
 *
 * Shown at once and taken back with the reason where it is refused. Of two
 * reactions to one message the later one counts, whichever is answered first.
 */
import { randomId } from "./client_identity.ts";
import { clientLimits } from "./client_limits.ts";
import type { ClientPlatform } from "./client_platform.ts";
import type { CommandAnswer } from "./command_desk.ts";
import { refusalSentence } from "./chat_refusals.ts";
import type { FanCommands } from "./fan_commands.ts";

export interface ChatActsParts {
  room: string;
  commands: FanCommands;
  platform: ClientPlatform;
  /** Given the sentence to show and to read aloud, empty where there is none. */
  onChange(sentence: string): void;
}

export class ChatActs {
  /** Own messages that are on their way out. */
  readonly leaving = new Set<string>();
  /** What this fan gave to each message; null: taken back. */
  readonly given = new Map<string, string | null>();
  /** When this fan last gave each to the room itself, by this device. */
  readonly cheered = new Map<string, number>();
  readonly #parts: ChatActsParts;

  constructor(parts: ChatActsParts) {
    this.#parts = parts;
  }

  async remove(message: string): Promise<void> {
    this.leaving.add(message);
    this.#parts.onChange("");
    const answer = await this.#act("deleteOwn", message, "");
    if (answer.code !== "ok") this.leaving.delete(message);
    this.#parts.onChange(refusalSentence("Your message was not deleted", answer));
  }

  async react(message: string, reaction: string | null): Promise<void> {
    const { room, commands, onChange } = this.#parts;
    const before = this.given.get(message) ?? null;
    this.given.set(message, reaction);
    this.#trim(this.given);
    onChange("");
    const answer = await commands.ask((id) => ({
      react: { id, room, message, reaction: reaction ?? "" },
    }));
    const isLast = (this.given.get(message) ?? null) === reaction;
    if (answer.code !== "ok" && isLast) this.given.set(message, before);
    onChange(refusalSentence("Your reaction was not taken", answer));
  }

  /** A reaction to the room itself: a count of the moment, and nobody's in particular. */
  async cheer(reaction: string): Promise<void> {
    const { room, commands, platform, onChange } = this.#parts;
    this.cheered.set(reaction, platform.now());
    onChange("");
    const answer = await commands.ask((id) => ({ react: { id, room, message: "", reaction } }));
    if (answer.code !== "ok") this.cheered.delete(reaction);
    onChange(refusalSentence("Your cheer was not taken", answer));
  }

  async report(message: string, why: string): Promise<void> {
    const answer = await this.#act("report", message, why);
    const { onChange } = this.#parts;
    if (answer.code === "ok") return onChange("Thank you: a moderator will look at it.");
    onChange(refusalSentence("Your report was not taken", answer));
  }

  #act(action: string, target: string, reason: string): Promise<CommandAnswer> {
    const { room, commands, platform } = this.#parts;
    const clientId = randomId(platform);
    return commands.ask((id) => ({
      moderate: {
        ...{ id, room, action, target, reason, clientId },
        ...{ until: 0, seconds: 0, confirm: false },
      },
    }));
  }

  #trim(remembered: Map<string, unknown>): void {
    while (remembered.size > clientLimits.chatRemovalsMax) {
      remembered.delete(remembered.keys().next().value!);
    }
  }
}
