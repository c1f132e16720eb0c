/**
 * What SQLite and the disk below it say, as a `Failure` that names the file and
 * the way out.
 *
 * SQLite's primary result codes (sqlite.org/rescode.html) are told apart by
 * number, and by message where the runtime gives none: Deno's `exec` does not.
 * What is left, such as a broken constraint or a syntax error, is a bug of ours
 * and passes as it came.
 */
import { Failure, reasonOf } from "../../runtime/failure.ts";

type Kind = "storeBusy" | "storeCorrupt" | "storeFull" | "storeUnavailable";

const KIND_BY_CODE: Record<number, Kind> = {
  5: "storeBusy",
  6: "storeBusy",
  8: "storeUnavailable",
  10: "storeUnavailable",
  11: "storeCorrupt",
  13: "storeFull",
  14: "storeUnavailable",
  26: "storeCorrupt",
};

const KIND_BY_MESSAGE: [RegExp, Kind][] = [
  [/not a database|malformed/, "storeCorrupt"],
  [/is locked/, "storeBusy"],
  [/disk is full/, "storeFull"],
  [/disk I\/O error|unable to open|readonly database/, "storeUnavailable"],
];

const REMEDY: Record<Kind, string> = {
  storeBusy: "another process holds its lock: end that process, one server owns a data folder",
  storeCorrupt:
    "it is damaged or cut short: bring it back from a copy, or move it and its -wal and -shm " +
    "away to begin anew",
  storeFull: "the disk is full: make room on it",
  storeUnavailable: "its folder must exist, be readable and writable, and the disk must answer",
};

/** A `Failure` for what the world did; anything else as it was thrown. */
export function sqliteFailure(
  path: string,
  verb: "open" | "use" | "move",
  error: unknown,
): unknown {
  if (error instanceof Failure) return error;
  const { code, errcode } = error as { code?: string; errcode?: number };
  const reason = reasonOf(error);
  const kind = KIND_BY_CODE[(errcode ?? 0) & 0xff] ??
    KIND_BY_MESSAGE.find(([pattern]) => pattern.test(reason))?.[1] ??
    (code?.startsWith("E") && !code.startsWith("ERR_") ? "storeUnavailable" : undefined);
  if (kind === undefined) return error;
  const retryable = kind !== "storeCorrupt";
  return new Failure(
    kind,
    `Cannot ${verb} the store ${path} as ${REMEDY[kind]}; found: ${reason}`,
    {
      retryable,
      cause: error,
    },
  );
}
