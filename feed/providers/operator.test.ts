import { describe, expect, test } from "vitest";
import { seededRandom } from "../../runtime/random.ts";
import { ask, feedKit, fixture, goal, MATCH } from "../feed_test_kit.ts";
import { operatorRoutes } from "./operator.ts";

async function kit() {
  const made = feedKit();
  const routes = operatorRoutes({ ...made, random: seededRandom(3) });
  const post = (path: string, body: unknown, match = MATCH) =>
    ask(routes, "POST", `/api/ops/matches/${match}/${path}`, { body });
  await made.intake.submit({
    provider: "acme",
    matchId: MATCH,
    values: [fixture(), goal("g1")],
    receivedAt: 7,
  });
  made.owners.accepted.length = 0;
  return { ...made, routes, post };
}

const target = { provider: "acme", id: "g1" };

describe("operatorRoutes", () => {
  test("enter facts by hand, with an id, a revision and a time where none is given", async () => {
    const { post, owners, clock } = await kit();
    const { id: _id, revision: _revision, occurredAt: _at, ...bare } = goal("x");
    const reply = await post("facts", { facts: [bare, goal("mine", { revision: 2 })] });
    expect(reply.status).toBe(200);
    expect(owners.accepted.map(({ fact }) => fact)).toMatchObject([
      {
        provider: "operator",
        id: expect.stringMatching(/^hand-[0-9a-z]{12}$/),
        revision: 1,
        occurredAt: clock.now(),
      },
      { provider: "operator", id: "mine", revision: 2 },
    ]);
  });

  test.each([
    ["annul", { target, reason: "offside" }, { type: "goal.annulled", target, reason: "offside" }],
    ["amend", { target, changes: { minute: 24 } }, {
      type: "event.amended",
      target,
      changes: { minute: 24 },
    }],
    ["void", { target, type: "goal.scored" }, { type: "event.voided", target }],
  ])("%s by one short word", async (path, body, fact) => {
    const { post, owners } = await kit();
    expect((await post(path, body)).status).toBe(200);
    expect(owners.accepted).toMatchObject([{
      matchId: MATCH,
      fact: { provider: "operator", ...fact },
    }]);
  });

  test("change the source", async () => {
    const { post, owners } = await kit();
    expect(await post("source", { provider: "other" })).toMatchObject({
      status: 200,
      json: { match: MATCH, source: "other", outcome: "accepted" },
    });
    owners.rejects = "nobody";
    expect(await post("source", { provider: "nobody" })).toMatchObject({
      status: 422,
      json: { code: "unknownSource" },
    });
  });

  test("show how far from order the feeds come", async () => {
    const { routes } = await kit();
    const reply = await ask(routes, "GET", "/api/ops/disorder");
    expect(reply.status).toBe(200);
    expect(reply.json.feeds).toMatchObject([{ match: MATCH, provider: "acme", facts: 2 }]);
  });

  test.each<[string, string, unknown, number, string, string]>([
    ["facts", MATCH, {}, 400, "bodyMalformed", "facts"],
    ["facts", "Not-A-Match", { facts: [] }, 400, "bodyMalformed", "match"],
    ["facts", "unknown", { facts: [goal("g1")] }, 422, "unknownMatch", "match"],
    ["void", "unknown", { target }, 422, "unknownMatch", "match"],
    ["source", "unknown", { provider: "other" }, 422, "unknownMatch", "match"],
    ["source", MATCH, {}, 400, "bodyMalformed", "provider"],
  ])("refuse %s of %s: %j", async (path, match, body, status, code, field) => {
    const { post, owners, queue, refusals } = await kit();
    expect(await post(path, body, match)).toMatchObject({ status, json: { code, field } });
    expect(owners.accepted).toEqual([]);
    expect(await queue.matches()).toEqual([]);
    expect(refusals).toEqual([`feed ${code}`]);
  });

  test("refuse a correction without a target, naming the field", async () => {
    const { post } = await kit();
    const reply = await post("annul", {});
    expect(reply.status).toBe(422);
    expect(reply.json.field).toMatch(/target/);
  });
});
