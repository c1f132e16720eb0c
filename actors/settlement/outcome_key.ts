/**
 * What a run settles by, as a text that is equal for equal outcomes.
 *
 * The lock is in it, as it says which predictions are late; so are the rules'
 * version and, as outcomes of their own, markets that an operator took out.
 */
import { createHash } from "node:crypto";
import { MARKETS } from "../prediction/market.ts";
import type { MarketOutcomes } from "../prediction/market_outcome.ts";

export function outcomeKey(outcomes: MarketOutcomes, lockAt: number, rulesVersion: number): string {
  const told = MARKETS.map((market) => {
    const outcome = outcomes[market];
    switch (outcome?.state) {
      case undefined:
        return null;
      case "open":
        return ["open"];
      case "void":
        return ["void", outcome.why];
      case "decided":
        return ["decided", outcome.pick, [...new Set(outcome.voidPicks)].sort()];
    }
  });
  return createHash("sha256").update(JSON.stringify([rulesVersion, lockAt, told]))
    .digest("base64url");
}
