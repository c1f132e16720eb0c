/**
 * How far settlements are, said on `prediction:<match>`.
 *
 * A run of a thousand chunks says it twice a second and not a thousand times;
 * another phase is said at once, and the last word is never left out.
 */
import type { SettlementProgress } from "../actors/settlement/settlement_loop.ts";
import type { VolatileVoice } from "../channels/volatile_voice.ts";
import { predictionChannel } from "../protocol/channel_name.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";

interface Saying {
  /** Still to be said; null while the last word is fresh. */
  next: SettlementProgress | null;
  /** As it was said last. */
  phase: SettlementProgress["phase"] | null;
  /** Ends the rest between two words. */
  wake(): void;
}

export class SettlementVoice {
  readonly #voice: Pick<VolatileVoice, "say">;
  readonly #clock: Clock;
  readonly #events: BusinessEvents;
  readonly #saying = new Map<string, Saying>();

  constructor(voice: Pick<VolatileVoice, "say">, clock: Clock, events: BusinessEvents) {
    this.#voice = voice;
    this.#clock = clock;
    this.#events = events;
  }

  tell(matchId: string, progress: SettlementProgress): void {
    const saying = this.#saying.get(matchId);
    if (saying === undefined) {
      void this.#say(matchId, { next: progress, phase: null, wake: () => {} });
      return;
    }
    saying.next = progress;
    if (progress.phase !== saying.phase) saying.wake();
  }

  async #say(matchId: string, saying: Saying): Promise<void> {
    this.#saying.set(matchId, saying);
    for (let next = saying.next; next !== null; next = saying.next) {
      saying.next = null;
      saying.phase = next.phase;
      const { setAside: _, ...settlement } = next;
      try {
        await this.#voice.say(predictionChannel(matchId), "settlement", [
          { key: "", lane: "event", body: { settlement } },
        ]);
      } catch (error) {
        this.#events.warned(`Cannot say how ${matchId} is settled: ${reasonOf(error)}`);
      }
      await this.#rest(saying);
    }
    this.#saying.delete(matchId);
  }

  /** Until the next word may be said. */
  async #rest(saying: Saying): Promise<void> {
    if (saying.next !== null && saying.next.phase !== saying.phase) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#clock.after(limits.settlementSayMs, resolve);
    saying.wake = resolve;
    await promise;
    timer.cancel();
  }
}
