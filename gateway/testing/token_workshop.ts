/**
 * An issuer for tests: its keys, its JWKS address as a real server, and any
 * token that somebody could make, good ones and forged.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";

export const ISSUER = "https://id.example";
export const AUDIENCE = "golazo";
export const TERMS = {
  issuer: ISSUER,
  audience: AUDIENCE,
  subjectClaim: "sub",
  roleClaim: "role",
};

export interface TokenOptions {
  claims?: JWTPayload;
  alg?: string;
  kid?: string;
  key?: CryptoKey | Uint8Array;
  header?: Record<string, unknown>;
}

export class TokenWorkshop implements AsyncDisposable {
  readonly #keys = new Map<string, { alg: string; privateKey: CryptoKey; jwk: JWK; pem: string }>();
  /** Seconds since 1970. */
  readonly #now: number;
  readonly #server = createServer((_request, response) => {
    this.asked += 1;
    if (this.isSilent) return;
    response.statusCode = this.status;
    response.end(JSON.stringify({ keys: this.published }));
  });
  asked = 0;
  status = 200;
  isSilent = false;
  published: JWK[] = [];

  private constructor(nowMs: number) {
    this.#now = Math.floor(nowMs / 1000);
  }

  /** With a published key of each kind, named by its algorithm. */
  static async open(nowMs: number): Promise<TokenWorkshop> {
    const workshop = new TokenWorkshop(nowMs);
    for (const alg of ["RS256", "ES256", "EdDSA"]) await workshop.publish(alg, alg);
    await new Promise<void>((resolve) => workshop.#server.listen(0, "127.0.0.1", resolve));
    return workshop;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/jwks`;
  }

  async publish(kid: string, alg: string): Promise<void> {
    await this.make(kid, alg);
    this.published.push(this.#keys.get(kid)!.jwk);
  }

  /** A key that nobody is told of. */
  async make(kid: string, alg: string): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...await exportJWK(publicKey), kid, alg, use: "sig" };
    this.#keys.set(kid, { alg, privateKey, jwk, pem: await exportSPKI(publicKey) });
  }

  publicJwk(kid: string): JWK {
    return this.#keys.get(kid)!.jwk;
  }

  /** As anybody can have it. */
  publicPem(kid: string): string {
    return this.#keys.get(kid)!.pem;
  }

  /** A good token, but for what is given. */
  async token({ claims, kid = "ES256", alg, key, header }: TokenOptions = {}): Promise<string> {
    const made = this.#keys.get(kid);
    return await new SignJWT(this.claims(claims))
      .setProtectedHeader({ alg: alg ?? made!.alg, kid, ...header })
      .sign(key ?? made!.privateKey);
  }

  /** Of a token for an hour; a claim that is `undefined` is left out. */
  claims(claims: JWTPayload = {}): JWTPayload {
    const now = this.#now;
    return {
      ...{ iss: ISSUER, aud: AUDIENCE, sub: "ana", jti: "t1", iat: now, exp: now + 3_600 },
      ...claims,
    };
  }

  /** Without a signature that anybody made. */
  unsigned(header: Record<string, unknown>, signature = ""): string {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part(header)}.${part(this.claims())}.${signature}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
