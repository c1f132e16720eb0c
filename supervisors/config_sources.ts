/**
 * Where settings are said: in a file, in the environment, on the command line.
 *
 * Gathers the words of each by the name of the setting and complains about
 * every name that nobody knows: a misspelt setting must not be silently the
 * default. What the words mean is for config.ts.
 */
import { reasonOf } from "../runtime/failure.ts";
import { type SettingName, settings } from "./settings.ts";

export interface ConfigSources {
  /** Without the program's own name. */
  argv: string[];
  env: Record<string, string | undefined>;
  /** The file's text; null where there is none. */
  readFile(path: string): string | null;
}

export interface Word {
  text: string;
  /** How it is called where it was said: `--port`, `PORT`, `golazo.json: port`. */
  called: string;
  source: "file" | "environment" | "flag";
}

export interface Words {
  /** The one that counts: file < environment < flags. */
  bySetting: Map<SettingName, Word>;
  /** Feed secrets by provider. */
  byProvider: Map<string, Word>;
  positional: string[];
  problems: string[];
}

export const FEED_SECRET_PREFIX = "GOLAZO_FEED_SECRET_";
const CONFIG_FILE = "golazo.json";
const names = Object.keys(settings) as SettingName[];

/** `replaySpeed` → `--replay-speed`. */
export function flagOf(name: SettingName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

export function gatherWords(sources: ConfigSources): Words {
  const words: Words = {
    bySetting: new Map(),
    byProvider: new Map(),
    positional: [],
    problems: [],
  };
  const flags = readFlags(sources.argv, words);
  readConfigFile(sources, flags.get("--config"), words);
  readEnvironment(sources.env, words);
  for (const name of names) {
    const text = flags.get(flagOf(name));
    if (text !== undefined) {
      words.bySetting.set(name, { text, called: flagOf(name), source: "flag" });
    }
  }
  return words;
}

function readFlags(argv: string[], words: Words): Map<string, string> {
  const known = new Set(["--config"]);
  for (const name of names) if (!settings[name].isSecret) known.add(flagOf(name));
  const flags = new Map<string, string>();
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith("-")) {
      words.positional.push(word);
      continue;
    }
    const [flag = "", ...afterEqual] = word.split("=");
    const text = afterEqual.length > 0 ? afterEqual.join("=") : rest.shift();
    if (!known.has(flag)) words.problems.push(`${flag}: no such flag`);
    else if (text === undefined) words.problems.push(`${flag} needs a value, found none`);
    else flags.set(flag, text);
  }
  return flags;
}

function readEnvironment(env: ConfigSources["env"], words: Words): void {
  const byEnv = new Map(names.map((name) => [settings[name].env, name]));
  for (const [called, text] of Object.entries(env)) {
    // Compose files pass on what is unset as "".
    if (text === undefined || text === "") continue;
    const name = byEnv.get(called);
    const word: Word = { text, called, source: "environment" };
    if (name !== undefined) {
      words.bySetting.set(name, word);
    } else if (called.startsWith(FEED_SECRET_PREFIX)) {
      const provider = called.slice(FEED_SECRET_PREFIX.length).toLowerCase().replaceAll("_", "-");
      words.byProvider.set(provider, word);
    } else if (called.startsWith("GOLAZO_")) {
      words.problems.push(`${called}: no such setting`);
    }
  }
}

function readConfigFile(
  { readFile }: ConfigSources,
  asked: string | undefined,
  words: Words,
): void {
  const path = asked ?? CONFIG_FILE;
  const text = readFile(path);
  if (text === null) {
    if (asked !== undefined) words.problems.push(`--config needs a file, found none at ${path}`);
    return;
  }
  const content = parseObject(text);
  if (typeof content === "string") {
    words.problems.push(`${path}: ${content}`);
    return;
  }
  const note = (called: string, value: unknown, keep: (word: Word) => void) => {
    const said = textOf(value);
    if (said === undefined) words.problems.push(`${called} needs a text, a number or a list`);
    else keep({ text: said, called, source: "file" });
  };
  for (const [key, value] of Object.entries(content)) {
    const called = `${path}: ${key}`;
    const name = names.find((name) => name === key);
    if (name !== undefined) {
      note(called, value, (word) => words.bySetting.set(name, word));
    } else if (key === "feedSecrets" && typeof value === "object" && value !== null) {
      for (const [provider, secrets] of Object.entries(value)) {
        note(`${called}.${provider}`, secrets, (word) => words.byProvider.set(provider, word));
      }
    } else {
      words.problems.push(`${called}: no such setting`);
    }
  }
}

/** The object, or what is wrong with the text. */
function parseObject(text: string): Record<string, unknown> | string {
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === "object" && content !== null && !Array.isArray(content)) {
      return content as Record<string, unknown>;
    }
    return "needs a JSON object";
  } catch (error) {
    return `needs JSON, found: ${reasonOf(error)}`;
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string" || typeof value === "number") return String(value);
  const isList = Array.isArray(value) && value.every((item) => typeof item === "string");
  return isList ? value.join(" ") : undefined;
}
