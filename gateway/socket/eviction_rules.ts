/**
 * Which sockets of one device have to go.
 *
 * An instance is a tab or an app start; its attempt counts its connects. When an
 * instance shows up twice the lower attempt is a ghost of the higher one; past
 * the instances that a device may have the oldest goes. Seats are in one total
 * order, so whoever knows the same seats comes to the same answer, and of equal
 * attempts exactly one stays: the later, as a client that does not count its
 * connects would otherwise be shut out by its own ghost.
 */
import { closeCode } from "../../protocol/close_code.ts";
import { limits } from "../../runtime/limits.ts";

/** A socket of a device, as far as this question goes. */
export interface Placed {
  /** The session's: nobody else has it. */
  id: string;
  instanceId: string;
  attempt: number;
  /** When it said Hello, by its gateway's clock: decides between equal attempts, and who is oldest. */
  seatedAt: number;
}

const NOBODY: ReadonlyMap<never, number> = new Map<never, number>();

/** Those who go, with the close code that says why; both are final. */
export function whoGoes<P extends Placed>(placed: readonly P[]): ReadonlyMap<P, number> {
  // Nearly everybody is alone on a device, and a storm asks for each of them twice.
  if (placed.length === 1) return NOBODY as ReadonlyMap<P, number>;
  const gone = new Map<P, number>();
  const newest = new Map<string, P>();
  for (const one of placed) {
    const other = newest.get(one.instanceId);
    const isNewer = other === undefined || one.attempt > other.attempt ||
      (one.attempt === other.attempt && isLater(one, other));
    if (isNewer) newest.set(one.instanceId, one);
    const ghost = isNewer ? other : one;
    if (ghost !== undefined) gone.set(ghost, closeCode.replaced);
  }
  const eldestFirst = [...newest.values()].sort((a, b) => isLater(a, b) ? 1 : -1);
  for (const one of eldestFirst.slice(0, -limits.deviceInstancesMax)) {
    gone.set(one, closeCode.tooManyInstances);
  }
  return gone;
}

/** What the close frame says beside the code. */
export function evictionReason(code: number): string {
  return code === closeCode.replaced ? "replaced" : "tooManyInstances";
}

function isLater(one: Placed, other: Placed): boolean {
  return one.seatedAt > other.seatedAt ||
    (one.seatedAt === other.seatedAt && one.id > other.id);
}
