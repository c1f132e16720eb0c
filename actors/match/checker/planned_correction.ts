/**
 * A correction as the plan of a generated match holds it.
 */
export const CORRECTION_KINDS = [
  "annulGoal",
  "annulAgain",
  "voidAny",
  "voidCorrection",
  "amendGoal",
  "amendKick",
  "amendCard",
  "amendAward",
  "amendCorrection",
  "retakeKick",
  "revise",
  "sameKickAgain",
] as const;

export interface Correction {
  kind: (typeof CORRECTION_KINDS)[number];
  pick: number;
  /** After everything else, hours later. */
  late: boolean;
  byOperator: boolean;
  value: number;
}
