/**
 * How far settlements are, said on `prediction:<match>`.
 *
 * A run of a thousand chunks says it twice a second and not a thousand times;
 * the last word is never left out.
 */
import type { SettlementProgress } from "../actors/settlement/settlement_loop.ts";
import type { VolatileVoice } from "../channels/volatile_voice.ts";
import { predictionChannel } from "../protocol/channel_name.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { type Clock, pause } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";

export class SettlementVoice {
  readonly #voice: Pick<VolatileVoice, "say">;
  readonly #clock: Clock;
  readonly #events: BusinessEvents;
  /** What is still to be said of a match; null while its last word is fresh. */
  readonly #waiting = new Map<string, SettlementProgress | null>();

  constructor(voice: Pick<VolatileVoice, "say">, clock: Clock, events: BusinessEvents) {
    this.#voice = voice;
    this.#clock = clock;
    this.#events = events;
  }

  tell(matchId: string, progress: SettlementProgress): void {
    const isWaiting = this.#waiting.has(matchId);
    this.#waiting.set(matchId, progress);
    if (!isWaiting) void this.#say(matchId);
  }

  async #say(matchId: string): Promise<void> {
    for (let next = this.#waiting.get(matchId); next; next = this.#waiting.get(matchId)) {
      this.#waiting.set(matchId, null);
      const { setAside: _, ...settlement } = next;
      try {
        await this.#voice.say(predictionChannel(matchId), "settlement", [
          { key: "", lane: "event", body: { settlement } },
        ]);
      } catch (error) {
        this.#events.warned(`Cannot say how ${matchId} is settled: ${reasonOf(error)}`);
      }
      await pause(this.#clock, limits.settlementSayMs);
    }
    this.#waiting.delete(matchId);
  }
}

/** What was last said of a match's settlement; null where nothing was. */
