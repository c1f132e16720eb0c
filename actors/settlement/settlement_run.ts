/**
 * One run of a settlement: what it is told, and what it remembers of that.
 *
 * A fold, so that a chunk that is told twice counts once and order decides
 * nothing. The context is JSON. The truth about points is the ledger of points;
 * what is counted here is progress to be shown.
 */
import type { Committed } from "../actor_definition.ts";

export type SettlementWord =
  | {
    type: "run.planned";
    run: string;
    matchId: string;
    /** The match's ledger that the outcomes were read from. */
    ledgerSeq: number;
    rulesVersion: number;
    /** How many there are, numbered from 1. */
    chunks: number;
    predictions: number;
    setAside: number;
    /** The holding time ends then, milliseconds since 1970. */
    holdUntil: number;
    /** The run before left every row as this one would (settlement_plan.ts). */
    isUnchanged: boolean;
  }
  | { type: "holding.ended" }
  /** Rows and their points as the chunk's transaction wrote them. */
  | { type: "chunk.committed"; chunk: number; rows: number; points: number }
  | { type: "sums.matched" }
  | { type: "sums.differed"; reason: string }
  | { type: "run.held"; by: string; reason: string }
  | { type: "run.resumed"; by: string }
  /** A later run is the match's current one. */
  | { type: "run.superseded"; by: string };

export type RunPlan = Extract<SettlementWord, { type: "run.planned" }>;

export interface SettlementContext {
  plan: RunPlan | null;
  hasHoldingEnded: boolean;
  /** Numbers of the chunks that are written, ascending. */
  committed: number[];
  rows: number;
  points: number;
  isVerified: boolean;
  held: { by: string; reason: string } | null;
  supersededBy: string | null;
}

/** Who holds a run whose sums differ. */
export const VERIFIER = "golazo";

export const NEW_RUN: SettlementContext = {
  plan: null,
  hasHoldingEnded: false,
  committed: [],
  rows: 0,
  points: 0,
  isVerified: false,
  held: null,
  supersededBy: null,
};

export function foldWord(
  context: SettlementContext,
  { body: word }: Committed<SettlementWord>,
): SettlementContext {
  switch (word.type) {
    case "run.planned":
      return context.plan === null ? { ...context, plan: word } : context;
    case "holding.ended":
      return { ...context, hasHoldingEnded: true };
    case "chunk.committed":
      return committed(context, word);
    case "sums.matched":
      return { ...context, isVerified: chunksLeft(context).length === 0 };
    case "sums.differed":
      return { ...context, held: { by: VERIFIER, reason: word.reason } };
    case "run.held":
      return { ...context, held: { by: word.by, reason: word.reason } };
    case "run.resumed":
      return { ...context, held: null };
    case "run.superseded":
      return { ...context, supersededBy: word.by };
  }
}

function committed(
  context: SettlementContext,
  { chunk, rows, points }: Extract<SettlementWord, { type: "chunk.committed" }>,
): SettlementContext {
  const { committed: before } = context;
  if (before.includes(chunk)) return context;
  return {
    ...context,
    committed: [...before, chunk].sort((a, b) => a - b),
    rows: context.rows + rows,
    points: context.points + points,
  };
}

/** Numbers of the chunks still to be written: what a restarted worker goes on with. */
export function chunksLeft({ plan, committed }: SettlementContext): number[] {
  const numbers = Array.from({ length: plan?.chunks ?? 0 }, (_, index) => index + 1);
  const done = new Set(committed);
  return numbers.filter((number) => !done.has(number));
}
