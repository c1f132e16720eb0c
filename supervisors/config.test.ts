import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { Failure } from "../runtime/failure.ts";
import { type Config, type ConfigSources, configText, parseConfig } from "./config.ts";

const SECRET = `whsec_${Buffer.from("a key of twenty-four bytes or more").toString("base64")}`;
const OTHER_SECRET = `whsec_${Buffer.from("another key of the same provider").toString("base64")}`;
const TOKEN_SECRET = "a token secret of at least 32 bytes";
const PRODUCTION = {
  GOLAZO_MODE: "production",
  GOLAZO_TOKEN_SECRET: TOKEN_SECRET,
  GOLAZO_ORIGINS: "https://fans.example",
  GOLAZO_FEED_SECRET_DEMO: SECRET,
};

function sources(
  { argv = [], env = {}, files = {} }: {
    argv?: string[];
    env?: Record<string, string>;
    files?: Record<string, unknown>;
  } = {},
): ConfigSources {
  const readFile = (path: string) => {
    const content = files[path];
    return content === undefined
      ? null
      : typeof content === "string"
      ? content
      : JSON.stringify(content);
  };
  return { argv, env, readFile };
}

/** The lines that name what is wrong. */
function problemsOf(given: Parameters<typeof sources>[0]): string[] {
  try {
    parseConfig(sources(given));
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).code).toBe("configInvalid");
    return (error as Failure).message.split("\n").slice(1).map((line) => line.trim());
  }
  return [];
}

describe("parseConfig", () => {
  test("without a word: one process, embedded, in development", () => {
    const expected: Config = {
      mode: "development",
      role: "all",
      port: 8080,
      host: "0.0.0.0",
      adminListen: { host: "127.0.0.1", port: 8081 },
      data: "./data",
      redisUrl: null,
      databaseUrl: null,
      namespace: "golazo",
      tokenSecret: null,
      jwksUrl: null,
      tokenIssuer: null,
      tokenAudience: null,
      tokenSubjectClaim: "sub",
      tokenRoleClaim: "role",
      origins: [],
      trustedProxies: [],
      replaySpeed: 20,
      settlementHoldMs: 120_000,
      auditKey: null,
      cards: "on",
      assets: null,
      purgeTagHeader: null,
      otlpEndpoint: null,
      faultCrashMatch: null,
      feedSecrets: {},
      positional: [],
    };
    expect(parseConfig(sources())).toEqual(expected);
  });

  test("file < environment < flags", () => {
    const files = { "golazo.json": { port: 1, namespace: "file", replaySpeed: 1.5 } };
    const env = { PORT: "2", GOLAZO_NAMESPACE: "env", PATH: "/bin" };
    expect(parseConfig(sources({ files, env, argv: ["--port", "3"] }))).toMatchObject({
      port: 3,
      namespace: "env",
      replaySpeed: 1.5,
    });
  });

  test("flags with a blank or =, and what is beside them", () => {
    const argv = ["config", "--port=0", "--replay-speed", "600", "now"];
    expect(parseConfig(sources({ argv }))).toMatchObject({
      port: 0,
      replaySpeed: 600,
      positional: ["config", "now"],
    });
  });

  test("--config names another file, which must exist", () => {
    const files = { "other.json": { origins: ["https://a.example", "https://b.example"] } };
    const config = parseConfig(sources({ files, argv: ["--config", "other.json"] }));
    expect(config.origins).toEqual(["https://a.example", "https://b.example"]);
    expect(problemsOf({ argv: ["--config", "none.json"] })).toEqual([
      "--config needs a file, found none at none.json",
    ]);
  });

  test("reads every setting from the environment", () => {
    const env = {
      ...PRODUCTION,
      PORT: "65535",
      GOLAZO_HOST: "::1",
      ADMIN_LISTEN: "[::1]:0",
      GOLAZO_DATA: "/var/lib/golazo",
      REDIS_URL: "rediss://user:word@redis.example:6380/1",
      DATABASE_URL: "mysql://user:word@db.example/golazo",
      GOLAZO_ROLE: "gateway",
      GOLAZO_TOKEN_ISSUER: "https://id.example",
      GOLAZO_TOKEN_AUDIENCE: "golazo",
      GOLAZO_ORIGINS: "https://fans.example, http://localhost:3000 capacitor://localhost",
      GOLAZO_TRUSTED_PROXIES: "10.0.0.0/8,2001:db8::/32 192.0.2.1",
      GOLAZO_REPLAY_SPEED: "0",
      GOLAZO_FEED_SECRET_SPORTS_WIRE: `${SECRET}  ${OTHER_SECRET}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318",
    };
    expect(parseConfig(sources({ env }))).toMatchObject({
      mode: "production",
      role: "gateway",
      host: "::1",
      adminListen: { host: "::1", port: 0 },
      origins: ["https://fans.example", "http://localhost:3000", "capacitor://localhost"],
      trustedProxies: ["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"],
      replaySpeed: 0,
      feedSecrets: { demo: [SECRET], "sports-wire": [SECRET, OTHER_SECRET] },
    });
  });

  test("the environment's secrets of a provider replace the file's", () => {
    const files = { "golazo.json": { feedSecrets: { demo: SECRET, wire: [SECRET] } } };
    const env = { GOLAZO_FEED_SECRET_DEMO: OTHER_SECRET };
    expect(parseConfig(sources({ files, env })).feedSecrets).toEqual({
      demo: [OTHER_SECRET],
      wire: [SECRET],
    });
  });

  test("names all that is wrong at once", () => {
    const problems = problemsOf({
      argv: ["--prot", "1", "--token-secret", "x", "--role"],
      env: { GOLAZO_PROT: "1", PORT: "70000" },
      files: { "golazo.json": { prot: 1, namespace: true } },
    });
    expect(problems).toEqual([
      "--prot: no such flag",
      "--token-secret: no such flag",
      "--role needs a value, found none",
      "golazo.json: prot: no such setting",
      "golazo.json: namespace needs a text, a number or a list",
      "GOLAZO_PROT: no such setting",
      'PORT needs a whole number from 0 to 65535 (0: any free port), found "70000"',
    ]);
  });

  test.each([
    ["PORT", "8080.5"],
    ["PORT", "-1"],
    ["GOLAZO_MODE", "prod"],
    ["GOLAZO_ROLE", "everything"],
    ["GOLAZO_HOST", "not a host"],
    ["ADMIN_LISTEN", "8081"],
    ["ADMIN_LISTEN", "::1:8081"],
    ["ADMIN_LISTEN", "127.0.0.1:65536"],
    ["GOLAZO_DATA", " "],
    ["REDIS_URL", "http://redis"],
    ["DATABASE_URL", "postgres://db/golazo"],
    ["GOLAZO_NAMESPACE", "Golazo!"],
    ["GOLAZO_TOKEN_SECRET", "x".repeat(31)],
    ["GOLAZO_TOKEN_SUBJECT_CLAIM", "the subject"],
    ["GOLAZO_TOKEN_ROLE_CLAIM", " "],
    ["GOLAZO_JWKS_URL", "http://id.example/jwks"],
    ["GOLAZO_ORIGINS", "https://fans.example/path"],
    ["GOLAZO_ORIGINS", "*"],
    ["GOLAZO_TRUSTED_PROXIES", "10.0.0.0/33"],
    ["GOLAZO_TRUSTED_PROXIES", "proxy.example"],
    ["GOLAZO_REPLAY_SPEED", "0.5"],
    ["GOLAZO_REPLAY_SPEED", "601"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"],
    ["GOLAZO_FAULT_CRASH_MATCH", "Arg-Fra"],
    ["GOLAZO_FEED_SECRET_DEMO", "whsec_c2hvcnQ="],
    ["GOLAZO_FEED_SECRET_DEMO", `${SECRET} nonsense`],
    ["GOLAZO_FEED_SECRET_OPERATOR", SECRET],
    ["GOLAZO_FEED_SECRET_GOLAZO", SECRET],
    ["GOLAZO_FEED_SECRET_", SECRET],
  ])("refuses %s=%s by name", (name, text) => {
    const problems = problemsOf({ env: { [name]: text } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
  });

  test("a refused secret is not repeated", () => {
    const env = {
      GOLAZO_TOKEN_SECRET: "hush-hush",
      GOLAZO_FEED_SECRET_DEMO: "whsec_hushhush",
      REDIS_URL: "redsi://u:hush-hush@redis",
    };
    const problems = problemsOf({ env }).join();
    expect(problems).toContain("GOLAZO_FEED_SECRET_DEMO");
    expect(problems).not.toMatch(/hush/);
  });

  test.each(["not json", "[]", '"text"'])("refuses the file %s by name", (content) => {
    const [problem] = problemsOf({ files: { "golazo.json": content } });
    expect(problem).toMatch(/^golazo\.json: needs/);
  });

  test("unset and empty are the same", () => {
    expect(parseConfig(sources({ env: { PORT: "", GOLAZO_TOKEN_SECRET: "" } })).port).toBe(8080);
  });
});

describe("parseConfig in production", () => {
  test("needs token keys, origins and a provider's secret", () => {
    expect(problemsOf({ env: { GOLAZO_MODE: "production" } })).toEqual([
      "GOLAZO_TOKEN_SECRET or GOLAZO_JWKS_URL: production needs one, found none",
      "GOLAZO_ORIGINS: production needs the origins of your pages, found none",
      "GOLAZO_FEED_SECRET_<PROVIDER>: production needs at least one, found none",
    ]);
    expect(parseConfig(sources({ env: PRODUCTION })).mode).toBe("production");
  });

  test("takes an issuer's keys instead of a secret", () => {
    const { GOLAZO_TOKEN_SECRET: _, ...others } = PRODUCTION;
    const env = { ...others, GOLAZO_JWKS_URL: "https://id.example/jwks" };
    expect(parseConfig(sources({ env }))).toMatchObject({ tokenSecret: null });
  });

  test.each(["GOLAZO_TOKEN_SECRET", "GOLAZO_ORIGINS", "GOLAZO_FEED_SECRET_DEMO"])(
    "refuses to start without %s alone, and names nothing else",
    (name) => {
      const env = { ...PRODUCTION, [name]: "" };
      const problems = problemsOf({ env });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(name.replace("DEMO", "<PROVIDER>"));
    },
  );

  test("a value that is refused does not hide what is missing", () => {
    const env = { GOLAZO_MODE: "production", GOLAZO_TOKEN_SECRET: "short", PORT: "x" };
    expect(problemsOf({ env }).join("\n")).toMatch(
      /PORT.*\n.*TOKEN_SECRET.*\n.*ORIGINS.*\n.*FEED_SECRET/,
    );
  });

  test("refuses the crash drill's hook", () => {
    const env = { ...PRODUCTION, GOLAZO_FAULT_CRASH_MATCH: "arg-fra-2022-12-18" };
    expect(problemsOf({ env })).toEqual(["GOLAZO_FAULT_CRASH_MATCH: production needs it unset"]);
  });

  test("refuses two kinds of token keys", () => {
    const env = { ...PRODUCTION, GOLAZO_JWKS_URL: "https://id.example/jwks" };
    expect(problemsOf({ env })[0]).toContain("GOLAZO_TOKEN_SECRET and GOLAZO_JWKS_URL");
  });

  test("a role of its own needs stores to share", () => {
    expect(problemsOf({ argv: ["--role", "workers"] })).toEqual([
      "REDIS_URL: role workers needs stores to share, found none",
      "DATABASE_URL: role workers needs stores to share, found none",
    ]);
  });
});

describe("configText", () => {
  test("shows every value and its source, and no secret", () => {
    const env = {
      ...PRODUCTION,
      REDIS_URL: "redis://user:an@hush@redis.example",
      GOLAZO_FEED_SECRET_WIRE: `${SECRET} ${OTHER_SECRET}`,
    };
    const text = configText(sources({ env, argv: ["--port", "0"] }));
    const line = (name: string) =>
      text.split("\n").find((line) => line.startsWith(`${name} `))?.split(/ {2,}/).slice(0, 3);
    expect(line("PORT")).toEqual(["PORT", "0", "flag"]);
    expect(line("GOLAZO_DATA")).toEqual(["GOLAZO_DATA", "./data", "default"]);
    expect(line("GOLAZO_TOKEN_SECRET")).toEqual(["GOLAZO_TOKEN_SECRET", "***", "environment"]);
    expect(line("REDIS_URL")).toEqual(["REDIS_URL", "redis://***@redis.example", "environment"]);
    expect(line("ADMIN_LISTEN")).toEqual(["ADMIN_LISTEN", "127.0.0.1:8081", "default"]);
    expect(line("GOLAZO_FEED_SECRET_WIRE")).toEqual([
      "GOLAZO_FEED_SECRET_WIRE",
      "*** ***",
      "environment",
    ]);
    for (const secret of ["hush", SECRET, OTHER_SECRET, TOKEN_SECRET]) {
      expect(text).not.toContain(secret);
    }
  });
});
