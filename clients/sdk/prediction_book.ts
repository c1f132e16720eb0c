/**
 * The fan's own predictions: shown at once, sent until they are answered.
 *
 * What the server has taken and what it was not asked yet are kept apart, so a
 * refusal brings back what holds. Each (match, market) has one client id, kept
 * between visits until it is answered: what is sent twice is one prediction.
 * Of several picks made while one is under way the last alone is sent.
 */
import { backoffDelayMs } from "./backoff.ts";
import { randomId } from "./client_identity.ts";
import { clientLimits } from "./client_limits.ts";
import type { ClientPlatform } from "./client_platform.ts";
import type { FanApi } from "./fan_api.ts";
import type { OwnPrediction, PredictionResult, PredictionToSend } from "./fan_json.ts";
import { Refusal } from "./refusal.ts";

export interface OwnPick {
  pick: string;
  /** Not answered yet. */
  isPending: boolean;
}

/** Why a pick was taken back. */
export interface RefusedPick {
  pick: string;
  code: string;
  reason: string;
}

const KEY = "golazo.predictions";
const nameOf = (match: string, market: string) => `${match} ${market}`;

export class PredictionBook {
  /** When what waits is sent again, by this device; null: nothing was put off. */
  retryAt: number | null = null;
  readonly #api: FanApi;
  readonly #platform: ClientPlatform;
  readonly #onChange: (refused: RefusedPick | null) => void;
  /** Whose the taken ones are. */
  #user: string;
  readonly #taken = new Map<string, { clientId: string; pick: string }>();
  readonly #pending = new Map<string, PredictionToSend>();
  readonly #refused = new Map<string, RefusedPick>();
  /** Sent under a new id already, as the first was another's. */
  readonly #renamed = new WeakSet<PredictionToSend>();
  #isSending = false;
  #failures = 0;
  /** How often the server has answered for a pick. */
  #answers = 0;

  constructor(
    api: FanApi,
    platform: ClientPlatform,
    onChange: (refused: RefusedPick | null) => void,
  ) {
    this.#api = api;
    this.#platform = platform;
    this.#onChange = onChange;
    this.#user = api.user;
    for (const one of this.#kept()) this.#pending.set(nameOf(one.match, one.market), one);
    void this.#send();
  }

  pick(match: string, market: string): OwnPick | null {
    const name = nameOf(match, market);
    const shown = this.#pending.get(name) ?? this.#taken.get(name);
    return shown ? { pick: shown.pick, isPending: this.#pending.has(name) } : null;
  }

  refusal(match: string, market: string): RefusedPick | null {
    return this.#refused.get(nameOf(match, market)) ?? null;
  }

  predict(match: string, market: string, pick: string): void {
    const name = nameOf(match, market);
    const known = this.#pending.get(name) ?? this.#taken.get(name);
    const isNews = this.#refused.delete(name) || known?.pick !== pick;
    if (known?.pick !== pick) {
      const clientId = known?.clientId ?? randomId(this.#platform);
      this.#pending.set(name, { clientId, match, market, pick });
      this.#keep();
      void this.#send();
    }
    if (isNews) this.#onChange(null);
  }

  /** Reads what the server has of this fan; says so where that is another than was shown. */
  async load(match: string): Promise<void> {
    for (;;) {
      const answers = this.#answers;
      const predictions = await this.#api.predictions(match).catch(() => null);
      // One was answered for meanwhile: this may be from before.
      if (answers !== this.#answers) continue;
      if (predictions) this.#takeAll(match, predictions);
      return;
    }
  }

  #takeAll(match: string, predictions: readonly OwnPrediction[]): void {
    for (const name of this.#taken.keys()) {
      if (name.startsWith(`${match} `)) this.#taken.delete(name);
    }
    for (const { clientId, market, pick } of predictions) {
      this.#taken.set(nameOf(match, market), { clientId, pick });
    }
    this.#onChange(null);
  }

  async #send(): Promise<void> {
    if (this.#isSending || this.retryAt !== null || this.#pending.size === 0) return;
    this.#isSending = true;
    const batch = [...this.#pending.values()].slice(0, clientLimits.predictionBatchMax);
    try {
      const results = await this.#api.predict(batch);
      this.#failures = 0;
      this.#noteUser();
      batch.forEach((sent, at) => this.#settle(sent, results[at]));
    } catch (thrown) {
      this.#noteUser();
      if (thrown instanceof Refusal && !thrown.isForNow) {
        const { code, message: reason } = thrown;
        for (const sent of batch) {
          this.#settle(sent, { clientId: "", outcome: "rejected", code, reason });
        }
      } else this.#putOff(thrown);
    }
    this.#isSending = false;
    this.#keep();
    this.#onChange(null);
    void this.#send();
  }

  #settle(sent: PredictionToSend, result: PredictionResult | undefined): void {
    this.#answers += 1;
    const { clientId, match, market, pick } = sent;
    const name = nameOf(match, market);
    const isLast = this.#pending.get(name) === sent;
    if (!result || result.outcome === "rejected") {
      // Another guest's by now: as a prediction of this one it has another id.
      if (result?.code === "notYours" && isLast && !this.#renamed.has(sent)) {
        const again = { ...sent, clientId: randomId(this.#platform) };
        this.#renamed.add(again);
        this.#pending.set(name, again);
        return;
      }
      if (!isLast) return;
      this.#pending.delete(name);
      const refused = { pick, code: result?.code ?? "internal", reason: result?.reason ?? "" };
      this.#refused.set(name, refused);
      this.#onChange(refused);
      // It may have been taken before, and only the answer was lost.
      void this.load(match);
      return;
    }
    this.#taken.set(name, { clientId, pick });
    if (isLast) this.#pending.delete(name);
  }

  /** The server is busy, or out of reach: nothing is taken back. */
  #putOff(thrown: unknown): void {
    this.#failures += 1;
    const asked = thrown instanceof Refusal ? thrown.retryAfterMs : 0;
    const delayMs = asked || backoffDelayMs(this.#failures, this.#platform.fraction());
    this.retryAt = this.#platform.now() + delayMs;
    this.#platform.after(delayMs, () => {
      this.retryAt = null;
      void this.#send();
    });
  }

  /** What an earlier guest had is not this one's. */
  #noteUser(): void {
    if (this.#user !== "" && this.#user !== this.#api.user) this.#taken.clear();
    this.#user = this.#api.user;
  }

  #keep(): void {
    const kept = { user: this.#user, predictions: [...this.#pending.values()] };
    this.#platform.store(KEY, JSON.stringify(kept));
  }

  #kept(): PredictionToSend[] {
    try {
      const kept = JSON.parse(this.#platform.load(KEY) ?? "null");
      return kept?.user === this.#user ? kept.predictions : [];
    } catch {
      // Not ours.
      return [];
    }
  }
}
