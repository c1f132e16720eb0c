/**
 * The owners of matches as a process without any sees them.
 *
 * Facts are in the shared intake before anybody is asked, so a question or an
 * answer that is lost costs the provider a retry and nothing else.
 */
import { Ledger } from "../actors/ledger.ts";
import { matchDefinition } from "../actors/match/match_actor.ts";
import type { FactAnswer, FactDelivery, MatchOwners } from "../actors/ports/match_owners.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import type { OwnerCaller } from "../channels/owner_call.ts";
import { limits } from "../runtime/limits.ts";

/** What an owner can be asked, and by which name. */
export const ABILITIES = {
  knows: "match.knows",
  deliver: "match.deliver",
  heard: "match.heard",
  changeSource: "match.changeSource",
} as const;

export class RemoteOwners implements MatchOwners {
  readonly #streams: StreamStore;
  readonly #caller: OwnerCaller;

  constructor(streams: StreamStore, caller: OwnerCaller) {
    this.#streams = streams;
    this.#caller = caller;
  }

  async knows(matchId: string): Promise<boolean> {
    const ledger = new Ledger(this.#streams, matchDefinition.kind, matchId);
    if (((await ledger.position())?.top ?? 0) > 0) return true;
    // A store that was emptied knows no match, and "unknown" is a word that providers do not send twice.
    return await this.#ask<boolean>(matchId, ABILITIES.knows, null);
  }

  decidesHere(): boolean {
    return false;
  }

  deliver(matchId: string, deliveries: FactDelivery[]): Promise<FactAnswer[]> {
    return this.#ask<FactAnswer[]>(matchId, ABILITIES.deliver, deliveries);
  }

  heard(matchId: string, provider: string): void {
    this.#ask(matchId, ABILITIES.heard, provider).catch(() => {
      // The next sign of life comes in seconds.
    });
  }

  changeSource(matchId: string, provider: string): Promise<FactAnswer> {
    return this.#ask<FactAnswer>(matchId, ABILITIES.changeSource, provider);
  }

  #ask<T>(matchId: string, ability: string, body: unknown): Promise<T> {
    return this.#caller.ask(matchId, ability, body, limits.intakeAnswerMsMax) as Promise<T>;
  }
}

/** The same abilities, answered by the owners of this process. */
export function abilitiesOf(owners: MatchOwners) {
  return {
    [ABILITIES.knows]: (matchId: string) => owners.knows(matchId),
    [ABILITIES.deliver]: (matchId: string, deliveries: FactDelivery[]) =>
      owners.deliver(matchId, deliveries),
    [ABILITIES.heard]: (matchId: string, provider: string) => {
      owners.heard(matchId, provider);
      return Promise.resolve(null);
    },
    [ABILITIES.changeSource]: (matchId: string, provider: string) =>
      owners.changeSource(matchId, provider),
  };
}
