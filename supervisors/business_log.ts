/**
 * One line an event: JSON for machines in production, readable in development.
 *
 * A line tells what happened to which thing; it never holds a token, a key or
 * a password, whatever the text that it was given. One event says at most
 * twenty lines a second, so that a flood of refusals cannot fill a disk; the
 * next line tells how many were left out.
 */
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";

export type Level = "info" | "warn" | "error";
export type Fields = Record<string, string | number | boolean | undefined>;

export interface BusinessLogOptions {
  mode: "development" | "production";
  clock: Clock;
  write(line: string): void;
}

interface Second {
  beganAt: number;
  said: number;
  leftOut: number;
}

export class BusinessLog {
  readonly #options: BusinessLogOptions;
  readonly #seconds = new Map<string, Second>();

  constructor(options: BusinessLogOptions) {
    this.#options = options;
  }

  /** `event` is a fact in past dotted form, one of a fixed few: `child.restarted`. */
  say(level: Level, event: string, fields: Fields = {}): void {
    const second = this.#secondOf(event);
    if (second.said >= limits.logLinesPerSecondMax) {
      second.leftOut += 1;
      return;
    }
    second.said += 1;
    const leftOut = second.leftOut > 0 ? second.leftOut : undefined;
    second.leftOut = 0;
    const { mode, clock, write } = this.#options;
    const format = mode === "production" ? jsonLine : readableLine;
    write(format(new Date(clock.now()).toISOString(), level, event, { ...fields, leftOut }));
  }

  #secondOf(event: string): Second {
    const now = this.#options.clock.monotonic();
    const second = this.#seconds.get(event) ?? { beganAt: now, said: 0, leftOut: 0 };
    if (now - second.beganAt >= 1_000) {
      second.beganAt = now;
      second.said = 0;
    }
    this.#seconds.set(event, second);
    return second;
  }
}

function jsonLine(at: string, level: Level, event: string, fields: Fields): string {
  const clean = Object.entries(fields).map(([name, value]) => [name, withoutSecrets(value)]);
  return JSON.stringify({ at, level, event, ...Object.fromEntries(clean) });
}

function readableLine(at: string, level: Level, event: string, fields: Fields): string {
  const { stack, ...short } = fields;
  const said = Object.entries(short)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${quoted(withoutSecrets(value))}`);
  const line = `${at.slice(11, 23)} ${level.padEnd(5)} ${event}${said.join("")}`;
  return stack === undefined ? line : `${line}\n${withoutSecrets(stack)}`;
}

function quoted(value: Fields[string]): string {
  const text = String(value);
  return /^[\w./:+-]+$/.test(text) ? text : JSON.stringify(text);
}

/** Passwords in URLs, webhook keys, tokens: texts of errors quote what they were given. */
function withoutSecrets(value: Fields[string]): Fields[string] {
  if (typeof value !== "string") return value;
  return value
    .replace(/\/\/[^/@\s]*@/g, "//***@")
    .replace(/whsec_[A-Za-z0-9+/=]+/g, "whsec_***")
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "***")
    .replace(/\b(Bearer )\S+/gi, "$1***");
}
