/**
 * A fan's connection to Golazo that outlives its sockets.
 *
 * The app says once which channels it wants; the client keeps a socket, comes
 * back after every loss with the positions it reached, and says in one word how
 * far what is shown can be trusted. `live` means: the server has answered for
 * every channel, so every listener is up to date.
 */
import { closeCode, comesBack } from "../../protocol/close_code.ts";
import type { ClientFrame, Reply, ServerFrame } from "../../protocol/golazo_codec.ts";
import { backoffDelayMs } from "./backoff.ts";
import { ChannelBook } from "./channel_book.ts";
import type { ChannelListener, TrackListener } from "./channel_book.ts";
import { clientIdentity } from "./client_identity.ts";
import type { ClientIdentity } from "./client_identity.ts";
import { clientLimits } from "./client_limits.ts";
import type { ClientPlatform } from "./client_platform.ts";
import { Connection } from "./connection.ts";
import { TokenKeeper } from "./token_keeper.ts";

export type ConnectionState =
  /** Never live yet. */
  | { status: "connecting" }
  | { status: "live" }
  /** Was live; what is shown is as of `since`, milliseconds by this device. */
  | { status: "stale"; since: number }
  /** Over for good; a new client is needed. A ban (4504) alone may end: then it is live again. */
  | { status: "closed"; code: number; reason: string };

export interface ClientOptions {
  /** `wss://host/ws`. */
  url: string;
  platform: ClientPlatform;
  /** Absent: an anonymous fan, who may read. */
  token?: string;
  /** A newer token of the same fan, once the server says that this one has run out. */
  refreshToken?: () => Promise<string>;
}

export class GolazoClient {
  readonly #platform: ClientPlatform;
  readonly #url: string;
  readonly #tokens: TokenKeeper;
  readonly #identity: ClientIdentity;
  readonly #book = new ChannelBook();
  readonly #stateListeners = new Set<(state: ConnectionState) => void>();
  #state: ConnectionState = { status: "connecting" };
  #connection: Connection | null = null;
  /** Hello was said, so commands may follow. */
  #isOpen = false;
  #attempts = 0;
  #failures = 0;
  #liveSince: number | null = null;
  /** Since it was banned. */
  #banTries = 0;
  #isResting = false;
  #isHidden = false;
  #cancelRetry: (() => void) | null = null;
  /** Until then the server has asked not to be tried. */
  #retryNotBefore = 0;
  #clockOffset = 0;

  constructor(options: ClientOptions) {
    this.#platform = options.platform;
    this.#url = options.url;
    this.#tokens = new TokenKeeper(options.token, options.refreshToken);
    this.#identity = clientIdentity(options.platform);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The server's time, milliseconds since 1970: what minutes are counted by. */
  serverNow(): number {
    return this.#platform.now() + this.#clockOffset;
  }

  /** Calls `listener` at every change; the answer ends that. */
  onState(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  connect(): void {
    this.#platform.watchAttention({
      rest: () => this.#rest(),
      wake: () => this.#wake(),
      hide: () => this.#attend(true),
    });
    this.#open();
  }

  /** From now on as the fan of this token, where nobody was; nothing is missed meanwhile. */
  signIn(token: string): void {
    if (this.#tokens.token !== "") return;
    this.#tokens.token = token;
    // What is shown is as true as before: it is stale only if the new socket fails.
    if (!this.#letGo()) return;
    this.#open();
  }

  /** Says a command on the live socket and answers its number; 0 where there is none. */
  say(frame: (id: number) => ClientFrame): number {
    if (this.#liveSince === null) return 0;
    const id = this.#book.nextRequest();
    this.#send([frame(id)]);
    return id;
  }

  /** What the server answers to commands. */
  onReply: (reply: Reply) => void = () => {};

  /** Ends everything; no listener hears from this client again but `closed`. */
  close(): void {
    this.#hangUp();
    this.#become({ status: "closed", code: 1000, reason: "closed by the app" });
  }

  /**
   * One listener a channel; the answer unsubscribes.
   * @throws {Error} where the channel has a listener.
   */
  subscribe(channel: string, listener: ChannelListener, options = { lite: false }): () => void {
    this.#send(this.#book.subscribe(channel, listener, options.lite));
    return () => this.#send(this.#book.unsubscribe(channel));
  }

  /** Goals and state of a whole list; replaces what was tracked before. */
  track(matches: readonly string[], listener: TrackListener): void {
    this.#send(this.#book.track(matches, listener));
  }

  #open(): void {
    if (this.#isOver() || this.#connection) return;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#attempts++;
    this.#connection = new Connection(this.#platform, this.#url, () => this.#firstFlight(), {
      welcomed: (_welcome, clockOffset) => {
        this.#clockOffset = clockOffset;
        this.#tokens.wasTaken();
        this.#settle();
      },
      received: (frame) => this.#receive(frame),
      ended: (code, reason, retryAfterMs) => this.#ended(code, reason, retryAfterMs),
    });
  }

  #firstFlight(): ClientFrame[] {
    this.#isOpen = true;
    const hello = {
      token: this.#tokens.token,
      ...this.#identity,
      attempt: this.#attempts,
      lite: false,
      batch: true,
    };
    const attention = this.#isHidden ? [{ attention: { background: true } }] : [];
    return [{ hello }, ...attention, ...this.#book.firstFlight()];
  }

  #receive(frame: ServerFrame): void {
    const { publication, subscribed, position, reply } = frame;
    if (position) this.#book.takePosition(position);
    else if (publication) this.#book.takePublication(publication);
    else if (subscribed) this.#book.takeSubscribed(subscribed);
    else if (reply?.code === "tokenExpired") void this.#prolong();
    else if (reply) {
      this.onReply(reply);
      const askAgain = this.#book.takeReply(reply);
      if (askAgain) {
        const delayMs = Math.max(reply.retryAfterMs, clientLimits.resubscribeMsMin);
        const connection = this.#connection;
        this.#platform.after(delayMs, () => {
          // A new socket has asked for it in its first flight.
          if (connection === this.#connection) this.#send(askAgain());
        });
      }
    }
    this.#settle();
  }

  /** Live once welcomed and answered for every channel. */
  #settle(): void {
    if (this.#liveSince !== null || !this.#connection || !this.#book.isAnswered) return;
    if (!this.#connection.isWelcome) return;
    this.#liveSince = this.#platform.now();
    this.#banTries = 0;
    this.#connection.established();
    this.#become({ status: "live" });
  }

  #ended(code: number, reason: string, retryAfterMs: number): void {
    const lived = this.#liveSince === null ? 0 : this.#platform.now() - this.#liveSince;
    this.#hangUp();
    this.#failures = lived >= clientLimits.stableMs ? 1 : this.#failures + 1;
    if (code === closeCode.badToken && this.#tokens.mayRenew) return void this.#reenter(reason);
    // Whatever ends it, who is banned is in no hurry; and is told of the same ban once.
    const isBanned = this.#isBanned();
    const isNews = !comesBack(code) && !(isBanned && code === closeCode.banned);
    if (isNews) this.#become({ status: "closed", code, reason });
    if (isNews || isBanned) return this.#askForPardon();
    // What the server asks for is already spread by the server.
    this.#retryNotBefore = this.#platform.now() + retryAfterMs;
    this.#retryIn(retryAfterMs || backoffDelayMs(this.#failures, this.#platform.fraction()));
  }

  /** A ban can be undone and nobody tells who has no socket, so they ask, ever more rarely. */
  #askForPardon(): void {
    const { banRetryMsMin: first, banRetryMsMax } = clientLimits;
    const steady = Math.min(first * 2 ** this.#banTries, banRetryMsMax);
    this.#banTries += 1;
    if (this.#isOver()) return;
    this.#retryNotBefore = this.#platform.now() + first;
    this.#retryIn(steady * (1 + this.#platform.fraction()));
  }

  #isBanned(): boolean {
    return this.#state.status === "closed" && this.#state.code === closeCode.banned;
  }

  #isOver(): boolean {
    if (this.#state.status !== "closed") return false;
    return !this.#isBanned() || this.#banTries > clientLimits.banTriesMax;
  }

  /** The session goes on under a newer token; without one the server ends it. */
  async #prolong(): Promise<void> {
    const connection = this.#connection;
    if (!await this.#tokens.renew() || connection !== this.#connection) return;
    this.#send([{ refresh: { id: 0, token: this.#tokens.token } }]);
  }

  /** The token was refused and not the fan: back with a newer one, where there is one. */
  async #reenter(reason: string): Promise<void> {
    const isRenewed = await this.#tokens.renew();
    if (this.#isOver()) return;
    if (!isRenewed) return this.#become({ status: "closed", code: closeCode.badToken, reason });
    this.#retryIn(backoffDelayMs(this.#failures, this.#platform.fraction()));
  }

  #rest(): void {
    this.#isResting = true;
    this.#hangUp();
  }

  /** A hidden page is sent goals alone; shown again, what it missed. */
  #attend(isHidden: boolean): void {
    if (this.#isHidden === isHidden) return;
    this.#isHidden = isHidden;
    this.#send([{ attention: { background: isHidden } }]);
  }

  #wake(): void {
    this.#isResting = false;
    this.#attend(false);
    if (this.#connection?.isQuiet()) this.#hangUp();
    if (this.#connection || this.#isOver()) return;
    this.#failures = 0;
    const spreadMs = this.#platform.fraction() * clientLimits.wakeSpreadMsMax;
    this.#retryIn(Math.max(spreadMs, this.#retryNotBefore - this.#platform.now()));
  }

  #retryIn(delayMs: number): void {
    this.#cancelRetry?.();
    if (!this.#isResting) this.#cancelRetry = this.#platform.after(delayMs, () => this.#open());
  }

  /** Lets go of the socket; what is shown is from now on as old as its last bytes. */
  #hangUp(): void {
    const connection = this.#letGo();
    if (connection && this.#state.status === "live") {
      this.#become({ status: "stale", since: connection.heardAt });
    }
  }

  #letGo(): Connection | null {
    const connection = this.#connection;
    this.#connection = null;
    this.#isOpen = false;
    this.#liveSince = null;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    connection?.close();
    return connection;
  }

  #send(frames: ClientFrame[]): void {
    if (this.#isOpen) { for (const frame of frames) this.#connection?.send(frame); }
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#stateListeners) listener(state);
  }
}
