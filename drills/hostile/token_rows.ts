/**
 * Attacks by token: each would be a good one but for one thing.
 */
import { Buffer } from "node:buffer";
import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { RawSocket } from "../raw_socket.ts";
import type { HostileRow } from "./row.ts";
import { endOf, say } from "./socket_rows.ts";
import { until } from "../until.ts";

const ISSUER = "https://login.golazo.example";
const AUDIENCE = "golazo";
const KEY_ID = "k1";

type Claims = Record<string, unknown>;

/** Signs tokens, good and bad, and has its public key read over HTTP. */
export class TokenIssuer {
  readonly #server: Server;
  readonly #key: KeyObject;
  readonly #publicKey: KeyObject;

  private constructor(server: Server, key: KeyObject, publicKey: KeyObject) {
    this.#server = server;
    this.#key = key;
    this.#publicKey = publicKey;
  }

  static async start(): Promise<TokenIssuer> {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = { ...publicKey.export({ format: "jwk" }), kid: KEY_ID, alg: "RS256", use: "sig" };
    const body = JSON.stringify({ keys: [jwk] });
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new TokenIssuer(server, privateKey, publicKey);
  }

  /** What makes a server believe it, and nobody else. */
  get settings(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      GOLAZO_JWKS_URL: `http://127.0.0.1:${port}/keys.json`,
      GOLAZO_TOKEN_ISSUER: ISSUER,
      GOLAZO_TOKEN_AUDIENCE: AUDIENCE,
    };
  }

  token(claims: Claims = {}, header: Claims = {}): string {
    const signed = unsigned(claims, { alg: "RS256", kid: KEY_ID, ...header });
    return `${signed}.${sign("sha256", Buffer.from(signed), this.#key).toString("base64url")}`;
  }

  /** Signed with HS256, the public key taken for the secret (RFC 8725, 2.1). */
  tokenByPublicKey(): string {
    const signed = unsigned({}, { alg: "HS256", kid: KEY_ID });
    const secret = this.#publicKey.export({ format: "pem", type: "spki" });
    return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

export function tokenRows(issuer: TokenIssuer): HostileRow[] {
  const now = Math.floor(Date.now() / 1000);
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const [head, claims] = issuer.token().split(".");
  const foreignKey = sign("sha256", Buffer.from(`${head}.${claims}`), other).toString("base64url");
  const bad: Record<string, string> = {
    "alg: none": `${unsigned({}, { alg: "none" })}.`,
    "HS256 with the public key": issuer.tokenByPublicKey(),
    "a foreign issuer": issuer.token({ iss: "https://login.evil.example" }),
    "a wrong audience": issuer.token({ aud: "another" }),
    "an expired token": issuer.token({ iat: now - 7_200, exp: now - 3_600 }),
    "a token that never expires": issuer.token({ exp: undefined }),
    "a token of tomorrow": issuer.token({ nbf: now + 86_400 }),
    "another's signature": `${head}.${claims}.${foreignKey}`,
    "other claims under a good signature": issuer.token().replace(
      /\.[^.]+\./,
      `.${unsigned({ role: "operator" }, {}).split(".")[1]}.`,
    ),
    "an unknown key": issuer.token({}, { kid: "k2" }),
    "a key of its own in the header": issuer.token({}, {
      jwk: { kty: "oct", k: "AAAA" },
      kid: "k3",
    }),
    "no token at all": "x.y.z",
  };
  const row = (name: string, token: string, outcome: string): HostileRow => ({
    name,
    outcome,
    withinMs: 2_000,
    counter: outcome === "served" ? null : { closed: 4503 },
    memoryMb: 32,
    async attack({ port }) {
      const raw = await RawSocket.open(port);
      say(raw, { hello: { token } });
      await until("an answer comes", () => raw.frames.length > 0 || raw.ended);
      if (raw.frames.some(({ payload }) => payload.includes('"welcome"'))) {
        raw.destroy();
        return "served";
      }
      return await endOf(raw);
    },
  });
  return [
    // Without which the others would prove nothing.
    row("a good token", issuer.token(), "served"),
    ...Object.entries(bad).map(([name, token]) => row(name, token, "close 4503")),
  ];
}

function unsigned(claims: Claims, header: Claims): string {
  const now = Math.floor(Date.now() / 1000);
  const standard = { sub: "ana", iss: ISSUER, aud: AUDIENCE, iat: now, exp: now + 600 };
  return [{ typ: "JWT", ...header }, { ...standard, ...claims }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
}
