/**
 * What the moderator does, and takes back: one action after another, each with
 * its number in the log that it stands in.
 */
import type { ClientPlatform } from "../sdk/client_platform.ts";
import { Refusal } from "../sdk/refusal.ts";
import { type ActionKey, FINAL_ACTIONS } from "./action_keys.ts";
import type { ModApi } from "./mod_api.ts";

const DONE_MAX = 50;
const CONFIRM_CODES: readonly string[] = ["confirm", "confirmNeeded"];

export interface Done {
  /** Or `global`. */
  room: string;
  /** In that log; 0: it has none. */
  number: number;
  text: string;
  mayUndo: boolean;
}

export interface ActOn {
  room: string;
  target: string;
  /** Who or what that is, in a word. */
  name: string;
  reason: string;
  confirm?: boolean;
}

export class Acts {
  /** The last one last. */
  done: readonly Done[] = [];
  readonly #api: ModApi;
  readonly #platform: ClientPlatform;
  /** Given the sentence to show and to read aloud. */
  readonly #say: (sentence: string) => void;

  constructor(api: ModApi, platform: ClientPlatform, say: (sentence: string) => void) {
    this.#api = api;
    this.#platform = platform;
    this.#say = say;
  }

  /** What would be lost, where the server asks for it once more; else null. */
  async act(
    key: ActionKey,
    { room, target, name, reason, confirm }: ActOn,
  ): Promise<string | null> {
    const { action, forMs, seconds, about, done, isEverywhere } = key;
    const where = isEverywhere ? "global" : room;
    const until = forMs === undefined ? undefined : this.#platform.now() + forMs;
    try {
      const number = await this.#api.act({
        ...{ room: where, action, target: about === "room" ? "" : target, reason },
        ...until === undefined ? {} : { until },
        ...seconds === undefined ? {} : { seconds },
        ...confirm ? { confirm } : {},
      });
      const mayUndo = number > 0 && !FINAL_ACTIONS.includes(action);
      const text = about === "room" ? done : `${done}: ${name}`;
      this.done = [...this.done, { room: where, number, text, mayUndo }].slice(-DONE_MAX);
      this.#say(mayUndo ? `${text}. u takes it back.` : `${text}.`);
    } catch (thrown) {
      const isAsked = thrown instanceof Refusal && CONFIRM_CODES.includes(thrown.code);
      if (isAsked && !confirm) return thrown.message;
      this.#say(refusalText(`Not done: ${key.title}`, thrown));
    }
    return null;
  }

  /** The last action that can be taken back. */
  async undo(): Promise<void> {
    const last = this.done.findLast(({ mayUndo }) => mayUndo);
    if (!last) return this.#say("There is nothing to take back.");
    if (await this.undoRow(last.room, last.number)) this.#say(`Taken back: ${last.text}.`);
  }

  async undoRow(room: string, number: number): Promise<boolean> {
    try {
      await this.#api.undo(room, number, "");
      this.done = this.done.filter((one) => one.room !== room || one.number !== number);
      this.#say("Taken back.");
      return true;
    } catch (thrown) {
      this.#say(refusalText("Not taken back", thrown));
      return false;
    }
  }
}

export function refusalText(what: string, thrown: unknown): string {
  const reason = thrown instanceof Error ? thrown.message : "the server does not answer";
  return `${what}: ${reason}`;
}
