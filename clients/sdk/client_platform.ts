/**
 * What the SDK asks of the place it runs in.
 *
 * The core knows no DOM, no timers and no randomness of its own: a browser, a
 * mini app or a test each hands in these few functions, and the rest of the SDK
 * is the same everywhere.
 */

export interface TransportEvents {
  opened(): void;
  received(bytes: Uint8Array): void;
  /** The last event of a transport. */
  closed(code: number): void;
}

export interface Transport {
  send(bytes: Uint8Array): void;
  close(): void;
}

/** What the platform says about the app's place in the user's attention. */
export interface Attention {
  /** No network, or the page is put away: a socket would only die half-open. */
  rest(): void;
  /** The network or the user is back. */
  wake(): void;
  /** Another tab or app is in front; `wake` follows when this one is again. */
  hide(): void;
}

export interface HttpQuestion {
  method: "GET" | "POST" | "DELETE";
  /** From the server's root: `/api/…`. */
  path: string;
  /** Empty: nobody's question. */
  token: string;
  /** JSON. */
  body?: string;
  /** In the body's place: a file as it is. */
  file?: Uint8Array;
}

export interface HttpAnswer {
  status: number;
  /** What the body says as JSON; null where it says nothing. */
  value: unknown;
  /** When to ask again, where the server says so; else 0. */
  retryAfterMs: number;
}

export interface ClientPlatform {
  openTransport(url: string, subprotocol: string, events: TransportEvents): Transport;
  /** Asks the server once by HTTP; rejects where nobody answers. */
  request(question: HttpQuestion): Promise<HttpAnswer>;
  /** Milliseconds since 1970 by this device, which may be wrong. */
  now(): number;
  /** Runs `task` once after `delayMs`; the answer calls it off. */
  after(delayMs: number, task: () => void): () => void;
  /** Uniform in [0, 1). */
  fraction(): number;
  randomBytes(count: number): Uint8Array;
  /** Keeps a value between visits; may forget. */
  load(key: string): string | null;
  store(key: string, value: string): void;
  watchAttention(attention: Attention): void;
}
