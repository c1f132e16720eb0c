/**
 * The third primitive: at-most-once publication to whoever listens now.
 *
 * Nothing that matters rests on it alone: a durable publication is also in its
 * channel's history, and a beacon tells a listener what it missed.
 */

export type BrokerListener = (payload: Uint8Array) => void;

export interface Broker {
  publish(channel: string, payloads: Uint8Array[]): Promise<void>;
  /** Resolves once publications reach the listener; the answer ends that. */
  subscribe(channel: string, listener: BrokerListener): Promise<() => void>;
}
