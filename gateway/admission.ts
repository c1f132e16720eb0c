/**
 * Who may come in while everybody wants to.
 *
 * A reconnect storm is held to what one process can serve: a token bucket on
 * handshakes, a cap on sockets that have not said Hello, and a look at how late
 * and how large the process is already. Each address has a share of the first
 * two, so that nobody alone fills the house; an address that is one of our own
 * proxies stands for all who come through it and has no share. Whoever is turned
 * away hears when to come back; those inside are not slowed down.
 */
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Random } from "../runtime/random.ts";
import { TokenBucket } from "./token_bucket.ts";

export type Entry =
  | { admitted: true }
  | {
    admitted: false;
    reason: "busy" | "draining" | "tooManyHandshakes" | "tooManyGreeting";
    retryAfterMs: number;
  };

/** How the process feels. */
export interface Strain {
  /** How late the event loop is. */
  lagMs(): number;
  memoryBytes(): number;
}

export interface AdmissionPorts {
  clock: Clock;
  random: Random;
  strain: Strain;
  /** Whether an address is one of our own proxies. */
  isProxy(address: string): boolean;
}

/** What one address has taken of the house. */
interface Share {
  bucket: TokenBucket;
  greeting: number;
}

const HOUSE = { perSecond: limits.handshakesPerSecondMax, burst: limits.handshakesBurstMax };
const SHARE = {
  perSecond: limits.addressHandshakesPerSecondMax,
  burst: limits.addressHandshakesBurstMax,
};

const MEMORY_READ_MS = 250;

export class Admission {
  readonly #ports: AdmissionPorts;
  readonly #house: TokenBucket;
  readonly #shares = new Map<string, Share>();
  /** Sockets that have not said Hello, with the address they came from. */
  readonly #greeting = new Map<object, string>();
  #sweepAt: number = limits.addressesKeptMax;
  #memoryBytes = 0;
  #memoryReadAt = -Infinity;
  #closed = false;

  constructor(ports: AdmissionPorts) {
    this.#ports = ports;
    this.#house = new TokenBucket(HOUSE, ports.clock);
  }

  /** How many have a share that is looked after. */
  get addresses(): number {
    return this.#shares.size;
  }

  /** What somebody of this address would hear now; takes nothing. */
  look(address: string): Entry {
    const { strain, isProxy } = this.#ports;
    if (this.#closed) return { admitted: false, reason: "draining", retryAfterMs: 1_000 };
    if (
      this.#house.tokens() < 1 || this.#greeting.size >= limits.greetingSocketsMax ||
      strain.lagMs() > limits.admissionLagMsMax ||
      this.#memory() > limits.admissionMemoryBytesMax
    ) {
      return this.#refused("busy");
    }
    const share = isProxy(address) ? undefined : this.#shares.get(address);
    if (share === undefined) return { admitted: true };
    if (share.greeting >= limits.addressGreetingSocketsMax) return this.#refused("tooManyGreeting");
    if (share.bucket.tokens() < 1) return this.#refused("tooManyHandshakes");
    return { admitted: true };
  }

  /** One handshake. */
  enter(address: string): Entry {
    const entry = this.look(address);
    if (!entry.admitted) return entry;
    this.#house.take();
    this.#shareOf(address).bucket.take();
    return entry;
  }

  /** A socket came of it, which owes us a Hello. */
  opened(socket: object, address: string): void {
    this.#greeting.set(socket, address);
    this.#shareOf(address).greeting += 1;
  }

  /** It said Hello, or is gone. */
  greeted(socket: object): void {
    const address = this.#greeting.get(socket);
    if (address === undefined) return;
    this.#greeting.delete(socket);
    this.#shareOf(address).greeting -= 1;
  }

  /** Nobody comes in any more. */
  close(): void {
    this.#closed = true;
  }

  #refused(reason: "busy" | "tooManyHandshakes" | "tooManyGreeting"): Entry {
    return { admitted: false, reason, retryAfterMs: busyRetryMs(this.#ports.random) };
  }

  /** Asking the kernel costs more than a handshake should. */
  #memory(): number {
    const { clock, strain } = this.#ports;
    const now = clock.monotonic();
    if (now - this.#memoryReadAt >= MEMORY_READ_MS) {
      this.#memoryBytes = strain.memoryBytes();
      this.#memoryReadAt = now;
    }
    return this.#memoryBytes;
  }

  #shareOf(address: string): Share {
    const known = this.#shares.get(address);
    if (known !== undefined) return known;
    if (this.#shares.size >= this.#sweepAt) this.#sweep();
    const share = { bucket: new TokenBucket(SHARE, this.#ports.clock), greeting: 0 };
    this.#shares.set(address, share);
    return share;
  }

  /** Forgets who has its whole share again; at most every so many newcomers, so each pays for one. */
  #sweep(): void {
    for (const [address, { bucket, greeting }] of this.#shares) {
      if (greeting === 0 && bucket.tokens() === SHARE.burst) this.#shares.delete(address);
    }
    this.#sweepAt = this.#shares.size + limits.addressesKeptMax;
  }
}

/** Who was turned away together comes back apart: within the second half of the time. */
export function busyRetryMs(random: Random): number {
  return limits.busyRetryMs - Math.floor(random.fraction() * limits.busyRetryMs / 2);
}
