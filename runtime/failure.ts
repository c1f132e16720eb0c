/**
 * Typed failures of the world: network, disk, database, provider.
 *
 * A bug is an assertion that fails and kills its actor; a peer's mistake is a
 * value; what is left is the world, and it throws a `Failure` whose `code` a
 * program can switch on and whose message tells a person what could not be
 * done, what was needed and what was found.
 */

export interface FailureOptions {
  /** Whether the same call may succeed later without anybody changing anything. */
  retryable?: boolean;
  cause?: unknown;
}

export class Failure extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "Failure";
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** Thrown by `assert`: a rule of our own code was broken. */
export class Bug extends Error {
  override name = "Bug";
}

/** @throws {Bug} where `condition` does not hold. */
export function assert(condition: unknown, rule: string): asserts condition {
  if (!condition) throw new Bug(`Broken rule: ${rule}`);
}

/** The message of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
