/**
 * Everybody who opens the app at a goal: GETs of the match, each on a connection
 * of its own, by a program in C ([../native/opens.c](../native/opens.c)).
 */
import { LoadProcess } from "../load_process.ts";

const PROGRAM = new URL("../native/opens.c", import.meta.url);
const PER_SECOND = 1_000;
/** What is under way at the end has so long. */
const LAST_MS_MAX = 30_000;

export interface Opened {
  /** A whole 200 came. */
  served: number;
  failed: number;
  /** To the last answer. */
  ms: number;
}

export class ColdOpens extends LoadProcess {
  constructor() {
    super("who opens the app", PROGRAM);
  }

  /** For `ms`, at the ports in turn; one call at a time. */
  open(ports: number[], path: string, ms: number): Promise<Opened> {
    const argument = { ports: ports.map(String), path, ms, perSecond: PER_SECOND };
    return this.ask("open", argument, ms + LAST_MS_MAX);
  }
}
