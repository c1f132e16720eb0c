/**
 * A task of the loop as a stage on the way of several facts, and as a hop.
 *
 * One commit may carry many facts, each with a trace of its own: every trace gets
 * the stage, the hop is taken once.
 */
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import type { Stage, StageNotes } from "../runtime/stage.ts";

export interface Staging {
  stage: Stage;
  hop: string;
  /** W3C traceparents. */
  traces: ReadonlySet<string>;
  notes: StageNotes;
}

/** @throws what the task throws, after saying so. */
export async function staged(
  { clock, events }: { clock: Clock; events: BusinessEvents },
  { stage, hop, traces, notes }: Staging,
  task: () => Promise<void>,
): Promise<void> {
  const startedAt = clock.monotonic();
  const begun = [...traces].map((trace) => events.stageBegan(stage, trace));
  try {
    await task();
  } catch (error) {
    const code = error instanceof Failure ? error.code : "internal";
    for (const trace of traces) events.stageFailed(stage, trace, startedAt, code, notes);
    throw error;
  }
  for (const open of begun) open?.ended(notes);
  events.hopTook(hop, (clock.monotonic() - startedAt) / 1000);
}
