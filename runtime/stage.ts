/**
 * The stages of a fact's way, from the provider to the last socket.
 *
 * Each is one span of the fact's trace, a child of `provider.receive`, told of
 * by whoever does it through the business events. What is told about a stage
 * never names a fan, a player or a token.
 */

export type Stage =
  | "provider.receive"
  | "dedupe"
  /** `match.transition`; other kinds of actor by their own names. */
  | `${string}.transition`
  | "ledger.append"
  | "publish"
  /** One a gateway, however many sockets. */
  | "gateway.fanout";

/** Ids of matches, numbers, names of lanes and outcomes. */
export type StageNotes = Record<string, string | number>;

export interface OpenStage {
  /** The traceparent of what comes of this stage. */
  readonly trace: string;
  /** `endedAt`: by the monotonic clock; now where it is not given. */
  ended(notes: StageNotes, endedAt?: number): void;
  failed(code: string, notes: StageNotes): void;
}
