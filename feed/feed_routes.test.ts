import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
import { ask, bytesOf, feedKit, fixture, goal, MATCH, memoryStream } from "./feed_test_kit.ts";
import { feedRoutes } from "./feed_routes.ts";
import { WebhookProviders } from "./providers/webhook.ts";
import { signatureHeaders, webhookKey } from "./webhook_signature.ts";

const secret = (fill: number) => `whsec_${Buffer.alloc(32, fill).toString("base64")}`;
const TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

function kit(streams = memoryStream().streams) {
  const made = feedKit(streams);
  const webhooks = new WebhookProviders({ acme: [secret(1), secret(2)], other: [secret(3)] });
  const routes = feedRoutes({ webhooks, ...made });
  const post = (
    body: unknown,
    { provider = "acme", fill = 1, headers = {}, agoMs = 0 } = {},
  ) => {
    const bytes = bytesOf(body);
    const signed = signatureHeaders(
      webhookKey(secret(fill)),
      "m1",
      made.clock.now() - agoMs,
      bytes,
    );
    return ask(routes, "POST", `/api/feed/${provider}`, {
      body: bytes,
      headers: { ...signed, ...headers },
    });
  };
  /** What must be as before after every refusal. */
  const effects = async () => ({
    accepted: made.owners.accepted.length,
    heard: made.owners.heartbeats.length,
    waiting: await made.queue.matches(),
  });
  return { ...made, routes, post, effects };
}

describe("POST /api/feed/:provider", () => {
  test("answers each fact", async () => {
    const { post, refusals } = kit();
    const first = await post({ match: MATCH, facts: [fixture(), goal("g1")] });
    expect(first).toMatchObject({
      status: 200,
      headers: { "content-type": "application/json; charset=utf-8" },
      json: {
        match: MATCH,
        facts: [
          { id: "fixture", revision: 1, outcome: "accepted" },
          { id: "g1", revision: 1, outcome: "accepted" },
        ],
      },
    });
    const second = await post({ match: MATCH, facts: [goal("g1"), goal("g2", { side: "left" })] });
    expect(second.status).toBe(200);
    expect(second.json.facts).toMatchObject([
      { id: "g1", outcome: "duplicate" },
      { id: "g2", outcome: "rejected", field: expect.stringMatching(/^facts\[1\]/) },
    ]);
    expect(refusals).toEqual([]);
  });

  test("takes any secret of the provider, and another provider's never", async () => {
    const { post } = kit();
    const body = { match: MATCH, facts: [fixture()] };
    expect((await post(body, { fill: 2 })).status).toBe(200);
    expect((await post(body, { fill: 3 })).status).toBe(401);
    expect((await post(body, { provider: "other", fill: 3 })).status).toBe(200);
  });

  test("hands a traceparent on, and only a real one", async () => {
    const { post, owners } = kit();
    await post({ match: MATCH, facts: [fixture()] }, { headers: { traceparent: TRACE } });
    await post({ match: MATCH, facts: [goal("g1")] }, { headers: { traceparent: "nonsense" } });
    expect(owners.accepted.map(({ trace }) => trace)).toEqual([TRACE, undefined]);
  });

  test("takes no facts as a heartbeat", async () => {
    const { post, owners } = kit();
    await post({ match: MATCH, facts: [fixture()] });
    const reply = await post({ match: MATCH, facts: [] });
    expect(reply).toMatchObject({ status: 200, json: { match: MATCH, facts: [] } });
    expect(owners.heartbeats).toEqual([{ matchId: MATCH, provider: "acme" }]);
  });

  const ok = { match: MATCH, facts: [goal("g1")] };
  const many = Array.from({ length: limits.intakeFactsMax + 1 }, () => 1);
  test.each<[string, unknown, Record<string, unknown>, number, string, string | undefined]>([
    ["an unknown provider", ok, { provider: "nobody" }, 404, "unknownProvider", undefined],
    ["our own name", ok, { provider: "operator" }, 404, "unknownProvider", undefined],
    ["a name of Object", ok, { provider: "constructor" }, 404, "unknownProvider", undefined],
    [
      "a body too large",
      " ".repeat(limits.intakeBodyBytesMax + 1),
      {},
      413,
      "bodyTooLarge",
      undefined,
    ],
    [
      "no signature",
      ok,
      { headers: { "webhook-signature": "" } },
      401,
      "signatureMissing",
      undefined,
    ],
    [
      "an unreadable one",
      ok,
      { headers: { "webhook-timestamp": "now" } },
      401,
      "signatureWrong",
      undefined,
    ],
    ["another's signature", ok, { fill: 3 }, 401, "signatureWrong", undefined],
    ["an old signature", ok, { agoMs: 301_000 }, 401, "signatureOld", undefined],
    ["a signature from the future", ok, { agoMs: -301_000 }, 401, "signatureOld", undefined],
    ["no JSON", "{", {}, 400, "bodyMalformed", undefined],
    ["no UTF-8", new Uint8Array([0x22, 0xff, 0x22]), {}, 400, "bodyMalformed", undefined],
    ["a list", [], {}, 400, "bodyMalformed", undefined],
    ["null", "null", {}, 400, "bodyMalformed", undefined],
    ["no match", { facts: [] }, {}, 400, "bodyMalformed", "match"],
    ["a match with a path", { ...ok, match: "../x" }, {}, 400, "bodyMalformed", "match"],
    ["an endless match", { ...ok, match: "x".repeat(65) }, {}, 400, "bodyMalformed", "match"],
    ["no facts", { match: MATCH }, {}, 400, "bodyMalformed", "facts"],
    ["facts that are no list", { ...ok, facts: {} }, {}, 400, "bodyMalformed", "facts"],
    ["too many facts", { ...ok, facts: many }, {}, 413, "tooManyFacts", "facts"],
    ["an unknown match", ok, {}, 422, "unknownMatch", "match"],
  ])("refuses %s without an effect", async (_, body, how, status, code, field) => {
    const { post, effects, refusals } = kit();
    const before = await effects();
    const reply = await post(body, how);
    expect(reply).toMatchObject({
      status,
      headers: { "content-type": "application/problem+json" },
      json: { status, code, detail: expect.stringContaining("annot") },
    });
    expect(reply.json.field).toBe(field);
    expect(refusals).toEqual([`feed ${code}`]);
    expect(await effects()).toEqual(before);
  });

  test("refuses facts of which not one can be read, naming the first", async () => {
    const { post, effects, refusals } = kit();
    await post({ match: MATCH, facts: [fixture()] });
    const before = await effects();
    const reply = await post({
      match: MATCH,
      facts: [goal("g1", { minute: -1 }), goal("g2", { type: "goal.dreamt" })],
    });
    expect(reply.status).toBe(422);
    expect(reply.json).toMatchObject({
      field: expect.stringMatching(/^facts\[0\]\.minute/),
      facts: [{ id: "g1", outcome: "rejected" }, { id: "g2", outcome: "rejected" }],
    });
    expect(reply.json.code).toBe((reply.json.facts as { code: string }[])[0]!.code);
    expect(refusals).toEqual([`feed ${reply.json.code}`]);
    expect(await effects()).toEqual(before);
  });

  test("tells a provider to come back while the owner is away", async () => {
    const { post, owners, refusals } = kit();
    await post({ match: MATCH, facts: [fixture()] });
    owners.state = "away";
    expect(await post({ match: MATCH, facts: [goal("g1")] })).toMatchObject({
      status: 503,
      headers: { "retry-after": "2" },
      json: { code: "ownerUnavailable" },
    });
    expect(refusals).toEqual(["feed ownerUnavailable"]);
    owners.state = "answering";
    expect((await post({ match: MATCH, facts: [goal("g1")] })).status).toBe(200);
  });

  test("does not hide a bug behind an answer", async () => {
    const { post, owners } = kit();
    owners.knows = () => Promise.reject(new TypeError("a bug"));
    await expect(post({ match: MATCH, facts: [fixture()] })).rejects.toThrow("a bug");
  });
});

describe("WebhookProviders", () => {
  test.each(["golazo", "operator", "replay", "Acme", "", "a/b"])("refuses the name %j", (name) => {
    expect(() => new WebhookProviders({ [name]: [secret(1)] })).toThrow(
      expect.objectContaining({ code: "providerNameInvalid" }),
    );
  });

  test("refuses a secret that is none", () => {
    expect(() => new WebhookProviders({ acme: ["hunter2"] })).toThrow(
      expect.objectContaining({ code: "webhookSecretInvalid" }),
    );
  });
});
