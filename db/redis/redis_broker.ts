/**
 * The broker primitive on Redis: pub/sub, sharded in a Cluster.
 *
 * A channel is of its match's partition, so whoever appends publishes in the
 * same script. A process subscribes to what it has listeners for and to nothing
 * else. What was lost on the way (a failover, a cut connection, a server that
 * was emptied) is not made good here: listeners are told to look at the history,
 * by the end of a gap at once, by the beacon within two seconds.
 */
import type { Broker, BrokerListener } from "../../actors/ports/broker.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { Random } from "../../runtime/random.ts";
import { partitionOfName, type RedisKeys } from "./keys.ts";
import { NodeSubscriber } from "./node_subscriber.ts";
import { PositionBeacon } from "./position_beacon.ts";
import type { RedisClient } from "./redis_client.ts";

export interface RedisBrokerOptions {
  client: RedisClient;
  keys: RedisKeys;
  clock: Clock;
  random: Random;
  events: BusinessEvents;
  /** The stream behind a channel, which the beacon looks at. */
  historyOf(channel: string): string;
}

interface Subscription {
  listener: BrokerListener;
  onDoubt: (() => Promise<unknown>) | undefined;
}

interface Channel {
  name: string;
  key: string;
  partition: number;
  subscriptions: Set<Subscription>;
  /** The server that was asked for it; null: nobody knows who serves it. */
  server: string | null;
  isReached: boolean;
  /** Publications arrived before, so some may be missing when they arrive again. */
  wasReached: boolean;
  /** Called when publications arrive. */
  waiting: (() => void)[];
}

export class RedisBroker implements Broker {
  readonly #options: RedisBrokerOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #subscribers = new Map<string, NodeSubscriber>();
  readonly #beacon: PositionBeacon;

  constructor(options: RedisBrokerOptions) {
    this.#options = options;
    const { client, keys, clock, random, historyOf } = options;
    this.#beacon = new PositionBeacon({
      clock,
      random,
      channels: () => [...this.#channels.values()].filter(canLook).map(({ name }) => name),
      position: async (name) => {
        const head = keys.head(historyOf(name));
        return String(await client.run("hmget", head, "epoch", "top"));
      },
      look: (name) => this.#look(name),
    });
    client.onTopology(() => this.#place([...this.#channels.values()]));
  }

  async publish(channel: string, payloads: Uint8Array[]): Promise<void> {
    const { client, keys } = this.#options;
    const command = client.target.isCluster ? "spublish" : "publish";
    const key = keys.channel(channel);
    await Promise.all(payloads.map((payload) => client.run(command, key, payload)));
  }

  /** @throws {Failure} `storeUnavailable` where publications do not arrive within a second. */
  async subscribe(
    name: string,
    listener: BrokerListener,
    onDoubt?: () => Promise<unknown>,
  ): Promise<() => void> {
    const key = this.#options.keys.channel(name);
    const channel = this.#channels.get(key) ?? this.#open(name, key);
    const subscription = { listener, onDoubt };
    channel.subscriptions.add(subscription);
    const leave = () => this.#leave(channel, subscription);
    try {
      await this.#whenReached(channel);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  close(): void {
    this.#beacon.stop();
    for (const subscriber of this.#subscribers.values()) subscriber.close();
    this.#subscribers.clear();
    this.#channels.clear();
  }

  #open(name: string, key: string): Channel {
    const channel: Channel = {
      name,
      key,
      partition: partitionOfName(name),
      subscriptions: new Set(),
      server: null,
      isReached: false,
      wasReached: false,
      waiting: [],
    };
    this.#channels.set(key, channel);
    this.#place([channel]);
    return channel;
  }

  #leave(channel: Channel, subscription: Subscription): void {
    if (!channel.subscriptions.delete(subscription) || channel.subscriptions.size > 0) return;
    this.#channels.delete(channel.key);
    if (channel.server !== null) this.#subscribers.get(channel.server)?.drop(channel.key);
  }

  #whenReached(channel: Channel): Promise<void> {
    if (channel.isReached) return Promise.resolve();
    const { client, clock } = this.#options;
    return new Promise((resolve, reject) => {
      const deadline = clock.after(limits.redisCommandMsMax, () => {
        reject(client.failure(new Error(`nobody answered to SUBSCRIBE ${channel.name}`)));
      });
      channel.waiting.push(() => {
        deadline.cancel();
        resolve();
      });
    });
  }

  /** Has each channel heard at the server that serves it now. */
  #place(channels: Channel[]): void {
    const { client } = this.#options;
    for (const channel of channels) {
      const server = client.serverOf(channel.partition);
      if (server === null || server === channel.server) continue;
      if (channel.server !== null) this.#subscribers.get(channel.server)?.drop(channel.key);
      channel.server = server;
      channel.isReached = false;
      this.#subscriberTo(server).want(channel.key);
    }
    const used = new Set([...this.#channels.values()].map(({ server }) => server));
    for (const [server, subscriber] of this.#subscribers) {
      // One server has the connection kept, a Cluster's servers come and go.
      if (!client.target.isCluster || used.has(server)) continue;
      this.#subscribers.delete(server);
      subscriber.close();
    }
  }

  #subscriberTo(server: string): NodeSubscriber {
    const known = this.#subscribers.get(server);
    if (known !== undefined) return known;
    const { client, clock } = this.#options;
    const isSharded = client.target.isCluster;
    const subscriber = new NodeSubscriber(client.connectTo(server), isSharded, clock, {
      heard: (key, payload) => this.#deliver(key, payload),
      reached: (keys) => this.#reached(server, keys),
      lost: (keys) => this.#lost(server, keys),
    });
    this.#subscribers.set(server, subscriber);
    return subscriber;
  }

  #reached(server: string, keys: string[]): void {
    const doubted: string[] = [];
    for (const key of keys) {
      const channel = this.#channels.get(key);
      if (channel?.server !== server) continue;
      if (channel.wasReached) doubted.push(channel.name);
      channel.isReached = channel.wasReached = true;
      for (const go of channel.waiting.splice(0)) go();
    }
    this.#beacon.doubt(doubted);
  }

  #lost(server: string, keys: string[]): void {
    for (const key of keys) {
      const channel = this.#channels.get(key);
      if (channel?.server === server) channel.isReached = false;
    }
    this.#options.client.askTopology();
  }

  #deliver(key: string, payload: Uint8Array): void {
    const channel = this.#channels.get(key);
    for (const { listener } of channel?.subscriptions ?? []) {
      try {
        listener(payload);
      } catch (error) {
        this.#options.events.warned(
          `A listener of ${channel!.name} threw and was passed over: ${reasonOf(error)}`,
        );
      }
    }
  }

  async #look(name: string): Promise<void> {
    const channel = this.#channels.get(this.#options.keys.channel(name));
    await Promise.all([...channel?.subscriptions ?? []].map(({ onDoubt }) => onDoubt?.()));
  }
}

function canLook({ subscriptions }: Channel): boolean {
  return [...subscriptions].some(({ onDoubt }) => onDoubt !== undefined);
}
