/**
 * The matches of the list: fetched once, then kept true by their channels.
 *
 * Fetched again at a slow pace for matches that were added, and at a quicker one
 * while there is no socket, so that a network which lets only HTTP through
 * still shows scores.
 */
import type { ClientPlatform, GolazoClient } from "../sdk/mod.ts";
import { LiveMatch } from "./live_match.ts";
import { pictureFromJson } from "./match_json.ts";
import type { MatchJson } from "./match_json.ts";
import { stageOf } from "./match_words.ts";

/** The server allows 128 channels a socket; the rest is for what a page subscribes to besides. */
const TRACKED_MAX = 100;
const REFRESH_LIVE_MS = 60_000;
const REFRESH_STALE_MS = 15_000;
const STAGE_ORDER = { live: 0, upcoming: 1, over: 2 };

export class LiveList {
  /** When the list was last fetched, by this device. */
  fetchedAt: number | null = null;
  hasFailed = false;
  readonly #client: GolazoClient;
  readonly #platform: ClientPlatform;
  readonly #onChange: (sentence: string) => void;
  readonly #matches = new Map<string, LiveMatch>();
  #tracked = new Set<string>();
  #isShown = false;
  #cancelRefresh = () => {};

  constructor(
    client: GolazoClient,
    platform: ClientPlatform,
    onChange: (sentence: string) => void,
  ) {
    this.#client = client;
    this.#platform = platform;
    this.#onChange = onChange;
  }

  /** What is on now, then the next to come, then the last played. */
  get matches(): LiveMatch[] {
    return [...this.#matches.values()].sort((a, b) => {
      const [one, other] = [a.picture!.state, b.picture!.state];
      const stage = stageOf(one.phase);
      const byStage = STAGE_ORDER[stage] - STAGE_ORDER[stageOf(other.phase)];
      const byTime = one.kickoffAt - other.kickoffAt;
      return byStage || (stage === "over" ? -byTime : byTime);
    });
  }

  find(id: string): LiveMatch | undefined {
    return this.#matches.get(id);
  }

  show(): void {
    this.#isShown = true;
    void this.#refresh();
  }

  hide(): void {
    this.#isShown = false;
    this.#cancelRefresh();
    this.#tracked = new Set();
    this.#client.track([], () => {});
  }

  async #refresh(): Promise<void> {
    this.#cancelRefresh();
    try {
      const reply = await fetch("/api/matches");
      if (!reply.ok) throw new Error(`Cannot list matches: needed 200, found ${reply.status}`);
      const { matches }: { matches: MatchJson[] } = await reply.json();
      this.#take(matches);
      this.fetchedAt = this.#platform.now();
      this.hasFailed = false;
    } catch {
      // Shown as such; asked again in time.
      this.hasFailed = true;
    }
    if (!this.#isShown) return;
    this.#track();
    this.#onChange("");
    const isLive = this.#client.state.status === "live" && !this.hasFailed;
    this.#cancelRefresh();
    this.#cancelRefresh = this.#platform.after(
      isLive ? REFRESH_LIVE_MS : REFRESH_STALE_MS,
      () => void this.#refresh(),
    );
  }

  #take(matches: readonly MatchJson[]): void {
    const listed = new Set(matches.map(({ id }) => id));
    for (const id of this.#matches.keys()) if (!listed.has(id)) this.#matches.delete(id);
    const isLive = this.#client.state.status === "live";
    for (const json of matches) {
      // Its channel knows better than a cache.
      if (isLive && this.#tracked.has(json.id) && this.#matches.has(json.id)) continue;
      const now = () => this.#client.serverNow();
      this.#matches.set(json.id, new LiveMatch(pictureFromJson(json), now, this.#onChange));
    }
  }

  #track(): void {
    const ids = this.matches.slice(0, TRACKED_MAX).map(({ picture }) => picture!.id);
    if (ids.length === this.#tracked.size && ids.every((id) => this.#tracked.has(id))) return;
    this.#tracked = new Set(ids);
    this.#client.track(ids, (id, event) => this.#matches.get(id)?.receive(event));
  }
}
