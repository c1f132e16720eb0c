/**
 * Every setting there is, once: its names, what it takes, its default and one
 * line for the person who sets it. Reading, refusing and printing follow this
 * table, so none of them can forget a setting.
 *
 * In `golazo.json` a setting has the name of its row; its flag is that name in
 * kebab case. Secrets have no flag, as everybody on a machine sees its flags.
 */
import {
  address,
  host,
  keysUrl,
  listOf,
  network,
  numberBetween,
  oneOf,
  origin,
  port,
  redisUrl,
  type SettingType,
  signingSecret,
  textLike,
  urlOf,
} from "./setting_types.ts";

export interface Setting<T> {
  env: string;
  type: SettingType<T>;
  /** As somebody would write it; null: unset. */
  standard: string | null;
  isSecret?: true;
  doc: string;
}

function required<T>(setting: Setting<T> & { standard: string }): Setting<T> {
  return setting;
}

function optional<T>(setting: Omit<Setting<T>, "standard">): Setting<T | null> {
  return { ...setting, standard: null } as Setting<T | null>;
}

const slug = /^[a-z0-9-]{1,64}$/;

export const settings = {
  mode: required({
    env: "GOLAZO_MODE",
    type: oneOf("development", "production"),
    standard: "development",
    doc: "production refuses to start without token keys, origins and a provider's secret",
  }),
  role: required({
    env: "GOLAZO_ROLE",
    type: oneOf("gateway", "actors", "workers", "all"),
    standard: "all",
    doc: "what this process does; other than all needs Redis and a database to share",
  }),
  port: required({
    env: "PORT",
    type: port,
    standard: "8080",
    doc: "port of the public listener",
  }),
  host: required({
    env: "GOLAZO_HOST",
    type: host,
    standard: "0.0.0.0",
    doc: "address of the public listener",
  }),
  adminListen: required({
    env: "ADMIN_LISTEN",
    type: address,
    standard: "127.0.0.1:8081",
    doc: "address of the admin listener: readiness, metrics, operators; keep it private",
  }),
  data: required({
    env: "GOLAZO_DATA",
    type: textLike("a folder's path", /\S/),
    standard: "./data",
    doc: "folder of the embedded stores",
  }),
  redisUrl: optional({
    env: "REDIS_URL",
    type: redisUrl,
    isSecret: true,
    doc: "Redis or Redis Cluster for what is hot, rediss:// for TLS with ?ca=FILE where its " +
      "authority is your own; unset: embedded",
  }),
  databaseUrl: optional({
    env: "DATABASE_URL",
    type: urlOf("mysql"),
    isSecret: true,
    doc: "MySQL for what must last, ?ssl=verify&ca=FILE for TLS; FILE lies below the folder of " +
      "the start, all that its task may read; unset: embedded",
  }),
  namespace: required({
    env: "GOLAZO_NAMESPACE",
    type: textLike("1 to 64 of a-z, 0-9 and -", slug),
    standard: "golazo",
    doc: "prefix of all keys, where several installations share a Redis",
  }),
  tokenSecret: optional({
    env: "GOLAZO_TOKEN_SECRET",
    type: signingSecret,
    isSecret: true,
    doc: "key of the fans' and operators' tokens (HS256); or give a JWKS URL",
  }),
  jwksUrl: optional({
    env: "GOLAZO_JWKS_URL",
    type: keysUrl,
    doc: "where the public keys of tokens are; or give a token secret",
  }),
  tokenIssuer: optional({
    env: "GOLAZO_TOKEN_ISSUER",
    type: textLike("text", /\S/),
    doc: "`iss` that a token must have",
  }),
  tokenAudience: optional({
    env: "GOLAZO_TOKEN_AUDIENCE",
    type: textLike("text", /\S/),
    doc: "`aud` that a token must have",
  }),
  tokenSubjectClaim: required({
    env: "GOLAZO_TOKEN_SUBJECT_CLAIM",
    type: textLike("a claim's name", /^\S{1,128}$/),
    standard: "sub",
    doc: "claim of a token that names the fan",
  }),
  tokenRoleClaim: required({
    env: "GOLAZO_TOKEN_ROLE_CLAIM",
    type: textLike("a claim's name", /^\S{1,128}$/),
    standard: "role",
    doc: "claim with fan, moderator, operator or feeder; anything else is a fan",
  }),
  origins: required({
    env: "GOLAZO_ORIGINS",
    type: listOf(origin),
    standard: "",
    doc: "origins whose pages may connect; none in development: any",
  }),
  trustedProxies: required({
    env: "GOLAZO_TRUSTED_PROXIES",
    type: listOf(network),
    standard: "",
    doc: "proxies whose X-Forwarded-For is believed",
  }),
  replaySpeed: required({
    env: "GOLAZO_REPLAY_SPEED",
    type: numberBetween(1, 600, 0),
    standard: "20",
    doc: "match minutes of the built-in replay pass so much faster; 0: no replay",
  }),
  settlementHoldMs: required({
    env: "GOLAZO_SETTLEMENT_HOLD_MS",
    type: numberBetween(0, 24 * 60 * 60_000),
    standard: "120000",
    doc: "a match that is over waits so long before points are given, for late corrections",
  }),
  auditKey: optional({
    env: "GOLAZO_AUDIT_KEY",
    type: signingSecret,
    isSecret: true,
    doc: "signs the audit of moderation; unset: a key made beside the data, of this process alone",
  }),
  cards: required({
    env: "GOLAZO_CARDS",
    type: oneOf("on", "off"),
    standard: "on",
    doc: "share cards of matches, painted by a process of their own: needs leave to start Deno",
  }),
  assets: optional({
    env: "GOLAZO_ASSETS",
    type: textLike("a folder's path", /\S/),
    doc: "folder of the built images, served at /assets; unset: assets in the data folder",
  }),
  purgeTagHeader: optional({
    env: "GOLAZO_PURGE_TAG_HEADER",
    type: textLike("a header's name", /^[A-Za-z0-9-]{1,64}$/),
    doc:
      "header that tells your CDN what to purge images by: Surrogate-Key, Cache-Tag; unset: none",
  }),
  otlpEndpoint: optional({
    env: "OTEL_EXPORTER_OTLP_ENDPOINT",
    type: urlOf("http", "https"),
    doc: "where traces go; unset: nowhere",
  }),
  faultCrashMatch: optional({
    env: "GOLAZO_FAULT_CRASH_MATCH",
    type: textLike("a match's id", slug),
    doc: "for the crash drill: every transition of this match throws; never in production",
  }),
};

export type SettingName = keyof typeof settings;
export type SettingValues = {
  [Name in SettingName]: (typeof settings)[Name] extends Setting<infer T> ? T : never;
};
