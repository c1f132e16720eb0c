/**
 * The settings that a process runs with, checked as a whole before it does
 * anything.
 *
 * Every wrong name and value is named at once, so that whoever sets up a server
 * corrects them in one go; a secret is never in a message or a print. Pure:
 * what the file, the environment and the command line say comes in as arguments.
 */
import { WebhookProviders } from "../feed/providers/webhook.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import {
  type ConfigSources,
  FEED_SECRET_PREFIX,
  gatherWords,
  type Word,
  type Words,
} from "./config_sources.ts";
import type { SettingType } from "./setting_types.ts";
import { type Setting, type SettingName, settings, type SettingValues } from "./settings.ts";

export type { ConfigSources };

export type Config = SettingValues & {
  /** Secrets (`whsec_…`) of each provider that may push facts; any of them signs. */
  feedSecrets: Readonly<Record<string, string[]>>;
  /** What the command line says beside flags. */
  positional: string[];
};

interface Line {
  called: string;
  shown: string;
  source: string;
  doc: string;
}

/** @throws {Failure} `configInvalid`, naming everything that is wrong. */
export function parseConfig(sources: ConfigSources): Config {
  return readConfig(sources).config;
}

/** The settings as a table for people, without secrets. @throws {Failure} `configInvalid`. */
export function configText(sources: ConfigSources): string {
  const { lines } = readConfig(sources);
  const width = (of: (line: Line) => string) => Math.max(...lines.map((line) => of(line).length));
  const calledWidth = width((line) => line.called);
  const shownWidth = Math.min(48, width((line) => line.shown));
  return lines
    .map(({ called, shown, source, doc }) =>
      `${called.padEnd(calledWidth)}  ${shown.padEnd(shownWidth)}  ${source.padEnd(11)}  ${doc}`
    )
    .join("\n");
}

function readConfig(sources: ConfigSources): { config: Config; lines: Line[] } {
  const words = gatherWords(sources);
  const problems = [...words.problems];
  const lines: Line[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of Object.keys(settings) as SettingName[]) {
    const setting = settings[name] as Setting<unknown>;
    const word = words.bySetting.get(name);
    const value = valueOf(setting, word, problems);
    values[name] = value;
    const shown = value === null ? "" : setting.type.redacted?.(value) ?? String(value);
    const source = word?.source ?? "default";
    lines.push({ called: setting.env, shown, source, doc: setting.doc });
  }
  const feedSecrets = readFeedSecrets(words, problems, lines);
  const config = { ...values, feedSecrets, positional: words.positional } as Config;
  // What was said and refused has its line already: it is neither there nor missing.
  const isSaid = (name: SettingName) => words.bySetting.has(name);
  const isRefused = (name: SettingName) => isSaid(name) && values[name] === null;
  problems.push(...contradictions(config, words, isRefused));
  if (problems.length > 0) {
    throw new Failure(
      "configInvalid",
      ["Cannot start with these settings:", ...problems].join("\n  "),
    );
  }
  return { config, lines };
}

function valueOf(setting: Setting<unknown>, word: Word | undefined, problems: string[]): unknown {
  if (word === undefined) {
    return setting.standard === null ? null : setting.type.read(setting.standard);
  }
  const value = setting.type.read(word.text);
  if (value === undefined) problems.push(refusal(word, setting.type, setting.isSecret ?? false));
  return value ?? null;
}

function refusal(word: Word, type: SettingType<unknown>, isSecret: boolean): string {
  const found = isSecret ? `${word.text.length} characters` : JSON.stringify(word.text);
  return `${word.called} needs ${type.needs}, found ${found}`;
}

function readFeedSecrets(words: Words, problems: string[], lines: Line[]): Config["feedSecrets"] {
  const feedSecrets: Record<string, string[]> = {};
  for (const [provider, { text, called, source }] of words.byProvider) {
    const secrets = text.trim().split(/\s+/);
    try {
      // Whether the feed will take the name and the secrets is the feed's to say.
      new WebhookProviders({ [provider]: secrets });
    } catch (error) {
      problems.push(`${called}: ${reasonOf(error)}`);
      continue;
    }
    feedSecrets[provider] = secrets;
    const shown = secrets.map(() => "***").join(" ");
    lines.push({ called, shown, source, doc: `webhook secrets of the provider ${provider}` });
  }
  return feedSecrets;
}

/** What each setting alone does not show. */
function contradictions(
  config: Config,
  words: Words,
  isRefused: (name: SettingName) => boolean,
): string[] {
  const found: string[] = [];
  const lacks = (name: SettingName) => config[name] === null && !isRefused(name);
  if (config.tokenSecret !== null && config.jwksUrl !== null) {
    found.push("GOLAZO_TOKEN_SECRET and GOLAZO_JWKS_URL: tokens need one of them, found both");
  }
  if (config.role !== "all" && !isRefused("role")) {
    for (const name of ["redisUrl", "databaseUrl"] as const) {
      if (!lacks(name)) continue;
      found.push(`${settings[name].env}: role ${config.role} needs stores to share, found none`);
    }
  }
  if (config.mode !== "production") return found;
  if (lacks("tokenSecret") && lacks("jwksUrl")) {
    found.push("GOLAZO_TOKEN_SECRET or GOLAZO_JWKS_URL: production needs one, found none");
  }
  if (!isRefused("origins") && config.origins.length === 0) {
    found.push("GOLAZO_ORIGINS: production needs the origins of your pages, found none");
  }
  if (words.byProvider.size === 0) {
    found.push(`${FEED_SECRET_PREFIX}<PROVIDER>: production needs at least one, found none`);
  }
  if (config.faultCrashMatch !== null) {
    found.push("GOLAZO_FAULT_CRASH_MATCH: production needs it unset");
  }
  return found;
}
