/**
 * The third primitive: at-most-once publication to whoever listens now.
 *
 * Nothing that matters rests on it alone: a durable publication is also in its
 * channel's history, and a broker that can lose one tells its listeners to look
 * there.
 */

export type BrokerListener = (payload: Uint8Array) => void;

export interface Broker {
  publish(channel: string, payloads: Uint8Array[]): Promise<void>;
  /**
   * Resolves once publications reach the listener; the answer ends that.
   * `onDoubt` is called when publications may have been missed, so that the
   * listener looks at the history, and again some time later where it rejects.
   */
  subscribe(
    channel: string,
    listener: BrokerListener,
    onDoubt?: () => Promise<unknown>,
  ): Promise<() => void>;
}
