/**
 * Tokens as RFC 8725 fears them, each through a real socket: the exact close
 * code, the exact reason, the counter, and nothing of the token in any of it.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeCode } from "../../protocol/close_code.ts";
import { limits } from "../../runtime/limits.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { Fan } from "../testing/fan.ts";
import { eventsInto, openTestGateway } from "../testing/test_gateway.ts";
import { TERMS, type TokenOptions, TokenWorkshop } from "../testing/token_workshop.ts";
import { KeySet } from "./key_set.ts";
import type { TokenRefusal, VerifyToken } from "./pass.ts";
import { RevocationList } from "./revocation_list.ts";
import { secretKey } from "./secret_key.ts";
import { type TokenTerms, tokenVerifier } from "./token.ts";

const NOW = new SimulatedClock().now();
const SECOND = NOW / 1000;
const SKEW = limits.tokenSkewMs / 1000;
const SECRET = new TextEncoder().encode("a token secret of at least 32 bytes");

let workshop: TokenWorkshop;
beforeAll(async () => {
  workshop = await TokenWorkshop.open(NOW);
  await workshop.make("hidden", "ES256");
});
afterAll(() => workshop.close());

function issuersKeys(terms: Partial<TokenTerms> = {}): VerifyToken {
  const clock = new SimulatedClock();
  const keys = new KeySet({ url: workshop.url, clock, events: eventsInto([]) });
  return tokenVerifier({ keys, terms: { ...TERMS, ...terms }, clock });
}

async function ourSecret(): Promise<VerifyToken> {
  const clock = new SimulatedClock();
  return tokenVerifier({ keys: await secretKey(SECRET), terms: TERMS, clock });
}

const withSecret = (options: TokenOptions = {}) =>
  workshop.token({ alg: "HS256", key: SECRET, ...options });

type Row = [name: string, refused: TokenRefusal, token: () => string | Promise<string>];
const HOSTILE: Row[] = [
  ["alg none", "badAlgorithm", () => workshop.unsigned({ alg: "none" })],
  ["alg None", "badAlgorithm", () => workshop.unsigned({ alg: "None", kid: "ES256" })],
  [
    "HS256 by the RSA public key",
    "badAlgorithm",
    () => {
      const key = new TextEncoder().encode(workshop.publicPem("RS256"));
      return workshop.token({ alg: "HS256", kid: "RS256", key });
    },
  ],
  ["HS256 by a secret", "badAlgorithm", () => withSecret({ kid: "ES256" })],
  ["RS512 by a key for RS256", "badAlgorithm", () => workshop.unsigned({ alg: "RS512" }, "AAAA")],
  ["no alg", "malformed", () => workshop.unsigned({ kid: "ES256" }, "AAAA")],
  ["another's signature", "badSignature", async () => {
    const [head, body] = (await workshop.token()).split(".");
    const other = await workshop.token({ claims: { sub: "bea" } });
    return [head, body, other.split(".")[2]].join(".");
  }],
  ["claims that were changed", "badSignature", async () => {
    const [head, , signature] = (await workshop.token()).split(".");
    const claims = JSON.stringify(workshop.claims({ role: "operator" }));
    return [head, Buffer.from(claims).toString("base64url"), signature].join(".");
  }],
  ["a jwk in the header", "badSignature", async () => {
    const header = { jwk: workshop.publicJwk("hidden") };
    const [head] = (await workshop.token({ header })).split(".");
    const forged = await workshop.token({ kid: "hidden", header: { ...header, kid: "ES256" } });
    expect(forged.split(".")[0]).toBe(head);
    return forged;
  }],
  [
    "a jku in the header",
    "unknownKey",
    () => workshop.token({ kid: "hidden", header: { jku: "https://evil.test/jwks" } }),
  ],
  [
    "a critical extension",
    "malformed",
    () => workshop.unsigned({ alg: "ES256", kid: "ES256", crit: ["exp2"], exp2: 1 }, "AAAA"),
  ],
  ["an unknown kid", "unknownKey", () => workshop.token({ kid: "hidden" })],
  [
    "a foreign issuer",
    "foreignIssuer",
    () => workshop.token({ claims: { iss: "https://id.example.evil.test" } }),
  ],
  ["no issuer", "foreignIssuer", () => workshop.token({ claims: { iss: undefined } })],
  ["a wrong audience", "wrongAudience", () => workshop.token({ claims: { aud: ["golazo2"] } })],
  ["no audience", "wrongAudience", () => workshop.token({ claims: { aud: undefined } })],
  [
    "expired",
    "expired",
    () => workshop.token({ claims: { iat: SECOND - 999, exp: SECOND - SKEW } }),
  ],
  [
    "too old, whatever its end",
    "expired",
    () => workshop.token({ claims: { iat: SECOND - limits.tokenAgeMsMax / 1000 - SKEW - 1 } }),
  ],
  ["no end", "malformed", () => workshop.token({ claims: { exp: undefined } })],
  [
    "an end that is a text",
    "malformed",
    () => workshop.token({ claims: { exp: "2099" as never } }),
  ],
  ["no time of issue", "malformed", () => workshop.token({ claims: { iat: undefined } })],
  ["not yet valid", "notYetValid", () => workshop.token({ claims: { nbf: SECOND + SKEW + 1 } })],
  ["from the future", "notYetValid", () => workshop.token({ claims: { iat: SECOND + SKEW + 1 } })],
  ["no subject", "malformed", () => workshop.token({ claims: { sub: undefined } })],
  ["an empty subject", "malformed", () => workshop.token({ claims: { sub: "" } })],
  ["a subject of two lines", "malformed", () => workshop.token({ claims: { sub: "a\nb" } })],
  [
    "a subject without end",
    "malformed",
    () => workshop.token({ claims: { sub: "x".repeat(256) } }),
  ],
  [
    "a huge token",
    "malformed",
    () => workshop.token({ claims: { groups: "x".repeat(limits.tokenBytesMax) } }),
  ],
  ["no token at all", "malformed", () => "good"],
  ["five parts, as if encrypted", "malformed", () => "a.b.c.d.e"],
  ["no JSON", "malformed", () => "e30.bm8.e30"],
  ["revoked by its id", "revoked", () => workshop.token({ claims: { jti: "lost" } })],
  [
    "revoked with all of its subject's",
    "revoked",
    () => workshop.token({ claims: { sub: "out" } }),
  ],
  ["issued before a sign-out", "revoked", () => workshop.token({ claims: { sub: "bea" } })],
];

describe("a hostile token", () => {
  test.each(HOSTILE)("%s: 4503 %s", async (_, refused, make) => {
    const revoked = new RevocationList();
    revoked.add({ tokenId: "lost", until: NOW + 1_000 });
    revoked.add({ subject: "out", until: NOW + 1_000 });
    revoked.add({ subject: "bea", issuedBefore: NOW + 1, until: NOW + 1_000 });
    const verify = issuersKeys();
    await using gateway = await openTestGateway({
      async verifyToken(token) {
        const verdict = await verify(token);
        if ("refused" in verdict) return verdict;
        return revoked.isRevoked(verdict, NOW) ? { refused: "revoked" } : verdict;
      },
    });
    const token = await make();
    const fan = await Fan.connect(gateway.port);
    fan.send({ hello: { token } });
    expect(await fan.closed()).toBe(closeCode.badToken);
    expect(fan.closedWith).toEqual({ code: 4503, reason: refused });
    expect(fan.names()).toBe("");
    expect(gateway.events).toContain(`requestRefused socket ${refused}`);
    expect(gateway.events.join()).not.toContain(token);
  });
});

describe("a good token", () => {
  test.each(["RS256", "ES256", "EdDSA"])(
    "of a published key for %s opens a session",
    async (kid) => {
      const token = await workshop.token({ kid, claims: { role: "moderator" } });
      expect(await issuersKeys()(token)).toEqual({
        subject: "ana",
        role: "moderator",
        issuedAt: NOW,
        expiresAt: NOW + 3_600_000,
        tokenId: "t1",
      });
    },
  );

  test("by the secret, which no public key can stand for", async () => {
    const verify = await ourSecret();
    expect(await verify(await withSecret())).toMatchObject({ subject: "ana" });
    expect(await verify(await workshop.token({ kid: "RS256" }))).toEqual({
      refused: "badAlgorithm",
    });
    const other = new TextEncoder().encode("another secret of at least 32 bytes");
    const forged = await withSecret({ key: other });
    expect(await verify(forged)).toEqual({ refused: "badSignature" });
  });

  test.each([
    [{ role: "operator" }, "operator"],
    [{ role: "feeder" }, "feeder"],
    [{ role: "admin" }, "fan"],
    [{ role: "anonymous" }, "fan"],
    [{ role: ["operator"] }, "fan"],
    [{}, "fan"],
  ])("with the claims %j is of the role %s", async (claims, role) => {
    expect(await issuersKeys()(await workshop.token({ claims }))).toMatchObject({ role });
  });

  test("names subject and role in the claims that the settings name", async () => {
    const verify = issuersKeys({ subjectClaim: "uid", roleClaim: "https://golazo/role" });
    const claims = { uid: "bea", "https://golazo/role": "operator", role: "feeder" };
    expect(await verify(await workshop.token({ claims }))).toMatchObject({
      subject: "bea",
      role: "operator",
    });
  });

  test("is taken for as long as clocks may differ, and ends when it says", async () => {
    const claims = { exp: SECOND - SKEW + 1, iat: SECOND + SKEW, nbf: SECOND + SKEW };
    const verdict = await issuersKeys()(await workshop.token({ claims }));
    expect(verdict).toMatchObject({ expiresAt: NOW - limits.tokenSkewMs + 1_000 });
  });

  test("of any issuer and audience where none is set", async () => {
    const claims = { iss: "https://elsewhere.example", aud: undefined };
    const verify = issuersKeys({ issuer: null, audience: null });
    expect(await verify(await workshop.token({ claims }))).toMatchObject({ subject: "ana" });
  });
});
