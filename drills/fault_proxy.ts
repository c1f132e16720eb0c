/**
 * A bad network between two processes: a TCP proxy that delays, stalls, resets
 * and goes silent when it is told to, and says how often it did.
 *
 * Bytes are delayed, cut off or lost with all that follows, never changed and
 * never put in another order: it does what networks do to TCP. Draws are seeded;
 * which bytes they meet is the processes' own doing.
 */
import type { Buffer } from "node:buffer";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { SeededRandom } from "./seeded_random.ts";

export type Fault =
  /** Everything comes later, by `ms` and up to `jitterMs` more, in its order. */
  | { kind: "latency"; ms: number; jitterMs: number }
  /** Nothing is read any more; all of it comes when healed. */
  | { kind: "stall" }
  /** Each connection ends by RST, both ways, after 0 to `bytesMax` bytes. */
  | { kind: "reset"; bytesMax: number }
  /** Both ends keep their sockets, healed or not, and what they send is lost. */
  | { kind: "halfOpen" }
  /** New connections are taken and never answered, healed or not. */
  | { kind: "blackhole" };

export type FaultKind = Fault["kind"];
type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;

interface Way {
  from: Socket;
  to: Socket;
  /** What comes next leaves no earlier, … */
  leavesAt: number;
  /** … and after these, so that nothing overtakes. */
  waiting: (() => void)[];
}

interface Link {
  ways: Way[];
  /** It will never carry a byte again. */
  isDead: boolean;
  /** Bytes until it is reset; null: no reset is coming. */
  bytesLeft: number | null;
}

export class FaultProxy {
  /** Chunks delayed, ways held up, connections reset, chunks lost, connections never answered. */
  readonly counts: Record<FaultKind, number> = {
    latency: 0,
    stall: 0,
    reset: 0,
    halfOpen: 0,
    blackhole: 0,
  };
  readonly #target: { host: string; port: number };
  readonly #random: SeededRandom;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #links = new Set<Link>();
  #faults: Fault[] = [];
  #held: (() => void)[] = [];

  private constructor(target: { host: string; port: number }, random: SeededRandom) {
    this.#target = target;
    this.#random = random;
    this.#server = createServer((client) => this.#accept(client));
  }

  static async start(
    target: { host: string; port: number },
    random: SeededRandom,
  ): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, random);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(0, "127.0.0.1", resolve);
    });
    return proxy;
  }

  /** Where whoever would reach the target connects to. */
  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** In the place of the faults before; those that only harm once have done it to what is there. */
  inject(...faults: Fault[]): void {
    this.heal();
    this.#faults = faults;
    for (const link of this.#links) this.#harm(link);
  }

  /** Lets pass what comes from now on, and what was held up. */
  heal(): void {
    this.#faults = [];
    for (const link of this.#links) link.bytesLeft = null;
    for (const release of this.#held.splice(0)) release();
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(client: Socket): void {
    this.#keep(client);
    if (this.#fault("blackhole")) {
      this.counts.blackhole += 1;
      client.pause();
      return;
    }
    const server = connect(this.#target);
    this.#keep(server);
    const ways = [{ from: client, to: server }, { from: server, to: client }];
    const link: Link = {
      ways: ways.map((way) => ({ ...way, leavesAt: 0, waiting: [] })),
      isDead: false,
      bytesLeft: null,
    };
    this.#links.add(link);
    for (const way of link.ways) {
      way.from.on("data", (bytes) => this.#carry(link, way, bytes as Buffer));
      way.from.on("close", () => this.#closeOther(link, way));
    }
    if (!this.#fault("halfOpen")) this.#harm(link);
  }

  #keep(socket: Socket): void {
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    // Every error is followed by a close.
    socket.on("error", () => {});
    socket.on("close", () => void this.#sockets.delete(socket));
  }

  #harm(link: Link): void {
    if (this.#fault("halfOpen")) link.isDead = true;
    const reset = this.#fault("reset");
    if (reset) link.bytesLeft = this.#random.whole(0, reset.bytesMax);
  }

  #carry(link: Link, way: Way, bytes: Buffer): void {
    if (link.isDead) {
      this.counts.halfOpen += 1;
    } else if (this.#fault("stall")) {
      this.counts.stall += 1;
      way.from.pause();
      this.#held.push(() => {
        this.#carry(link, way, bytes);
        way.from.resume();
      });
    } else if (link.bytesLeft !== null && (link.bytesLeft -= bytes.length) <= 0) {
      this.counts.reset += 1;
      this.#reset(link, way, bytes.subarray(0, bytes.length + link.bytesLeft));
    } else {
      this.#send(link, way, bytes);
    }
  }

  #send(link: Link, way: Way, bytes: Buffer): void {
    const latency = this.#fault("latency");
    if (!latency && way.waiting.length === 0) return void way.to.write(bytes);
    if (latency) this.counts.latency += 1;
    const ms = latency ? latency.ms + this.#random.next() * latency.jitterMs : 0;
    this.#after(way, ms, () => {
      if (link.isDead) this.counts.halfOpen += 1;
      else way.to.write(bytes);
    });
  }

  /** Each timer lets the first of those that wait go, whichever was its own. */
  #after(way: Way, ms: number, act: () => void): void {
    const now = performance.now();
    way.leavesAt = Math.max(way.leavesAt, now + ms);
    way.waiting.push(act);
    setTimeout(() => way.waiting.shift()!(), way.leavesAt - now);
  }

  #reset(link: Link, way: Way, last: Buffer): void {
    link.isDead = true;
    way.to.write(last, () => {
      for (const { from } of link.ways) from.resetAndDestroy();
    });
  }

  #closeOther(link: Link, way: Way): void {
    this.#links.delete(link);
    // A peer that nobody can reach does not hear of the end either.
    if (link.isDead) return;
    if (this.#fault("stall")) this.#held.push(() => this.#closeOther(link, way));
    else if (way.waiting.length === 0) way.to.end();
    else this.#after(way, 0, () => way.to.end());
  }

  #fault<K extends FaultKind>(kind: K): FaultOf<K> | undefined {
    return this.#faults.find((fault): fault is FaultOf<K> => fault.kind === kind);
  }
}
