/**
 * The door of whoever owns matches, for the feed and for operators.
 *
 * A delivery is answered only once the truth has it (or once it is known to
 * change nothing), so a "yes" to a provider is never taken back.
 */
import type { Fact } from "../match/match_event.ts";

export interface FactDelivery {
  fact: Fact;
  /** Position in the match's intake, removed there once the answer is safe; below 0: it is not in there. */
  intake: number;
  /** When its first byte came, milliseconds since 1970. */
  receivedAt: number;
  /** W3C traceparent. */
  trace?: string;
}

export type FactAnswer =
  | { outcome: "accepted" }
  | { outcome: "duplicate" }
  | { outcome: "rejected"; code: string; reason: string };

export interface MatchOwners {
  /**
   * Whether a fixture of that id exists.
   * @throws {Failure} retryable where nobody can say so now.
   */
  knows(matchId: string): Promise<boolean>;
  /** Its actor runs in this process and would decide now. */
  decidesHere(matchId: string): boolean;
  /**
   * Answers in the order of the deliveries.
   * @throws {Failure} `ownerUnavailable` (retryable) where the match is parked or its stores are away.
   */
  deliver(matchId: string, deliveries: FactDelivery[]): Promise<FactAnswer[]>;
  /** The source said that it is still there, without a fact. */
  heard(matchId: string, provider: string): void;
  /** An operator's choice of whom to believe. @throws {Failure} as `deliver` does. */
  changeSource(matchId: string, provider: string): Promise<FactAnswer>;
}
