/**
 * What a supervisor knows of a child: how to start it, whether to start it
 * again and how long it may take to stop. The words are OTP's.
 *
 * A child tells of its own end through `exited`, which resolves exactly once
 * and never rejects; it is over when that resolves or when `stop` does. A
 * supervisor is itself a child, so trees nest.
 */
import { reasonOf } from "../runtime/failure.ts";

export type Exit =
  /** Its work is done. */
  | { kind: "normal" }
  /** It was told to stop. */
  | { kind: "shutdown" }
  | { kind: "crash"; reason: string; cause?: unknown };

export interface Child {
  exited: Promise<Exit>;
  /** Resolves once it is over; harmless when called again or after the end. */
  stop(reason: string): Promise<void>;
}

/** `permanent`: always started again; `transient`: after a crash only; `temporary`: never. */
export type RestartType = "permanent" | "transient" | "temporary";

export interface ChildSpec {
  /** Unique among its supervisor's children. */
  id: string;
  /** A rejection counts like a crash. */
  start(): Promise<Child>;
  restart: RestartType;
  /** Past it a stopping child is dropped; `Infinity` for a supervisor, whose children have theirs. */
  shutdownMs: number;
}

export function crash(error: unknown): Extract<Exit, { kind: "crash" }> {
  return { kind: "crash", reason: reasonOf(error), cause: error };
}

export function isRestarted(restart: RestartType, exit: Exit): boolean {
  switch (restart) {
    case "permanent":
      return true;
    case "transient":
      return exit.kind === "crash";
    case "temporary":
      return false;
  }
}

/** A child that ends only when told to: a store, a listener. */
export function lastingChild(close: () => void | Promise<void>): Child {
  const { promise: exited, resolve } = Promise.withResolvers<Exit>();
  let closing: Promise<void> | undefined;
  return {
    exited,
    stop() {
      closing ??= (async () => {
        try {
          await close();
        } finally {
          resolve({ kind: "shutdown" });
        }
      })();
      return closing;
    },
  };
}
