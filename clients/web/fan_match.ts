/**
 * A fan's own side of one match: its markets, picks, crowd and rank.
 *
 * Channels bring what is the same for all; what is the fan's own is asked for,
 * by those alone who have a pick, and spread over some seconds: a goal must not
 * make everybody ask at once.
 */
import { leaderboardChannel, predictionChannel } from "../sdk/mod.ts";
import { BoardStore, PredictionStore, Refusal } from "../sdk/mod.ts";
import type {
  AroundMe,
  CrowdJson,
  FanApi,
  GolazoClient,
  MarketJson,
  MatchMarkets,
  OwnPick,
  OwnProjection,
  PredictionBook,
  RefusedPick,
} from "../sdk/mod.ts";
import type { ChannelEvent, ClientPlatform } from "../sdk/mod.ts";
import { movementText, placeText } from "./market_words.ts";

/** Own points are asked for at most so often, and so many fans at a goal spread over as long. */
const ASK_EVERY_MS = 4_000;
/** Rows of the board above and below the fan's own. */
const AROUND_EACH = 2;
/** Markets that could not be had are asked for again. */
const MARKETS_AGAIN_MS = 5_000;

export interface FanMatchParts {
  match: string;
  client: GolazoClient;
  platform: ClientPlatform;
  api: FanApi;
  book: PredictionBook;
  /** Given the sentence to read aloud, empty where there is none. */
  onChange(sentence: string): void;
}

/** Where the fan stands. */
export interface Place {
  /** Null without points. */
  rank: number | null;
  points: number;
  /** Of so many; 0 where nobody has counted. */
  of: number;
  /** By the settled board, and not by what would be. */
  isFinal: boolean;
}

export class FanMatch {
  /** Null while they are on their way. */
  markets: MatchMarkets | null = null;
  /** The server has no markets for this match. */
  isWithout = false;
  projection: OwnProjection | null = null;
  around: AroundMe | null = null;
  /** Places up since the rank was last another; below 0: down. */
  movement = 0;
  /** What is set and not predicted yet, by market. */
  readonly drafts = new Map<string, string>();
  readonly predictions: PredictionStore;
  readonly board: BoardStore;
  readonly #parts: FanMatchParts;
  readonly #leave: (() => void)[] = [];
  #isLeft = false;
  #cancelAsk: (() => void) | null = null;
  #isAsking = false;
  /** Something changed while the answer was on its way. */
  #isOutdated = false;
  #cancelMarkets = () => {};

  constructor(parts: FanMatchParts) {
    this.#parts = parts;
    const { match, client, book } = parts;
    this.predictions = new PredictionStore((event) => this.#heard(event));
    this.board = new BoardStore((event) => this.#heard(event));
    this.#leave.push(
      client.subscribe(predictionChannel(match), this.predictions.receive),
      client.subscribe(leaderboardChannel(match), this.board.receive),
    );
    void this.#loadMarkets();
    void book.load(match).then(() => this.#askSoon(0));
  }

  leave(): void {
    this.#isLeft = true;
    this.#cancelAsk?.();
    this.#cancelMarkets();
    for (const leave of this.#leave) leave();
  }

  get user(): string {
    return this.#parts.api.user;
  }

  get retryAt(): number | null {
    return this.#parts.book.retryAt;
  }

  get lockAt(): number {
    return this.predictions.markets?.lockAt || this.markets?.lockAt || 0;
  }

  /** What has just changed the match and may not stand; picks are not in question by it. */
  get suspendedBy(): string | null {
    const { suspended, reason } = this.predictions.markets ?? {};
    return suspended ? reason ?? "" : null;
  }

  stateOf({ market, state }: MarketJson, now: number): "open" | "locked" | "void" {
    const said = this.predictions.markets;
    if (said ? said.voided.includes(market) : state === "void") return "void";
    const isOpen = said ? said.open.includes(market) : state === "open";
    return isOpen && now < this.lockAt ? "open" : "locked";
  }

  crowdOf({ market, crowd }: MarketJson): CrowdJson {
    return this.predictions.crowds.get(market) ?? crowd;
  }

  pick(market: string): OwnPick | null {
    return this.#parts.book.pick(this.#parts.match, market);
  }

  refusal(market: string): RefusedPick | null {
    return this.#parts.book.refusal(this.#parts.match, market);
  }

  get hasPicks(): boolean {
    return this.markets?.markets.some(({ market }) => this.pick(market) !== null) ?? false;
  }

  get place(): Place | null {
    const { projection, around } = this;
    const phase = this.predictions.settlement?.phase;
    const isFinal = phase === "settled" || phase === "unchanged";
    if (isFinal && around?.me) return { ...around.me, of: around.members, isFinal };
    if (!projection) return null;
    const { rank, points, fans } = projection;
    return { rank, points, of: isFinal ? 0 : fans, isFinal };
  }

  predict(market: string, pick: string): void {
    this.drafts.delete(market);
    this.#parts.book.predict(this.#parts.match, market, pick);
  }

  /** Something happened in the match itself: own points may be others. */
  matchChanged(): void {
    this.#askSoon(ASK_EVERY_MS);
  }

  #heard(event: ChannelEvent): void {
    if (event.kind !== "publication") return;
    const { projection, standings, settlement } = event.publication;
    // What was read before may be half of it.
    if (settlement) this.around = null;
    if (projection || standings || settlement) this.#askSoon(ASK_EVERY_MS);
    this.#parts.onChange("");
  }

  async #loadMarkets(): Promise<void> {
    const { api, match, platform, onChange } = this.#parts;
    const answer = await api.markets(match).catch((thrown: unknown) => thrown);
    if (this.#isLeft) return;
    if (!(answer instanceof Error)) this.markets = answer as MatchMarkets;
    else if (answer instanceof Refusal && !answer.isForNow) this.isWithout = true;
    else this.#cancelMarkets = platform.after(MARKETS_AGAIN_MS, () => void this.#loadMarkets());
    this.#askSoon(0);
    onChange("");
  }

  #askSoon(spreadMs: number): void {
    const { platform } = this.#parts;
    if (this.#isAsking) this.#isOutdated = true;
    if (this.#isLeft || this.#cancelAsk || !this.hasPicks) return;
    const delayMs = spreadMs === 0 ? 0 : 500 + platform.fraction() * spreadMs;
    this.#cancelAsk = platform.after(delayMs, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const { api, match, onChange } = this.#parts;
    this.#isAsking = true;
    const [projection, around] = await Promise.all([
      api.projection(match).catch(() => null),
      this.board.standings?.members ? api.aroundMe(match, AROUND_EACH).catch(() => null) : null,
    ]);
    this.#cancelAsk = null;
    this.#isAsking = false;
    if (this.#isLeft) return;
    const isOutdated = this.#isOutdated;
    this.#isOutdated = false;
    if (isOutdated) this.#askSoon(ASK_EVERY_MS);
    const before = this.place?.rank;
    this.projection = projection ?? this.projection;
    if (!isOutdated) this.around = around ?? this.around;
    onChange(this.#moved(before));
  }

  /** The sentence that tells places won or lost. */
  #moved(before: number | null | undefined): string {
    const rank = this.place?.rank;
    if (!before || !rank || before === rank) return "";
    this.movement = before - rank;
    return `You are ${placeText(rank)}, ${movementText(this.movement)}.`;
  }
}
