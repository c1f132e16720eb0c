import { expect, test } from "vitest";
import type { HttpReply, HttpRequest } from "../../runtime/http_route.ts";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import type { Revocation } from "../auth/revocation_list.ts";
import { revocationRoutes } from "./revocation_routes.ts";

const clock = new SimulatedClock(Date.parse("2026-07-11T19:00:00Z"));

function open(kept: Revocation[] = []) {
  const board = {
    all: () => kept,
    revoke: (revocation: Revocation) => Promise.resolve(void kept.push(revocation)),
  };
  const [list, add] = revocationRoutes({ board, clock });
  const jsonOf = (reply: HttpReply) => ({ ...reply, json: JSON.parse(String(reply.body)) });
  return {
    kept,
    board,
    list: async () => jsonOf(await list!.answer({} as HttpRequest)),
    add: async (body: unknown) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const bytes = () => Promise.resolve(new TextEncoder().encode(text));
      return jsonOf(await add!.answer({ body: bytes } as unknown as HttpRequest));
    },
  };
}

const UNTIL = clock.now() + limits.tokenAgeMsMax;

test.each([
  [{ tokenId: "t1" }, { tokenId: "t1", until: UNTIL }],
  [{ subject: "ana" }, { subject: "ana", until: UNTIL }],
  [
    { subject: "ana", issuedBefore: "2026-07-11T18:00:00Z", until: "2026-07-11T19:00:01Z" },
    { subject: "ana", issuedBefore: clock.now() - 3_600_000, until: clock.now() + 1_000 },
  ],
])("revokes %j", async (body, revocation) => {
  const { add, kept, list } = open();
  const reply = await add(body);
  expect(reply.status).toBe(201);
  expect(kept).toEqual([revocation]);
  expect(new Date(revocation.until).toISOString()).toBe(reply.json.until);
  expect((await list()).json).toEqual({ revocations: [reply.json] });
});

test.each([
  ["nonsense", undefined],
  ["[]", undefined],
  [{}, undefined],
  [{ tokenId: "t1", subject: "ana" }, undefined],
  [{ tokenId: "" }, "tokenId"],
  [{ tokenId: 7 }, "tokenId"],
  [{ subject: "x".repeat(limits.subjectCharsMax + 1) }, "subject"],
  [{ subject: "ana", issuedBefore: "yesterday" }, "issuedBefore"],
  [{ subject: "ana", until: "2026-07-11T19:00:00Z" }, "until"],
  [{ subject: "ana", for: "ever" }, "for"],
  [{ tokenId: "t1", issuedBefore: "2026-07-11T18:00:00Z" }, "issuedBefore"],
])("refuses %j", async (body, field) => {
  const { add, kept } = open();
  const reply = await add(body);
  expect(reply).toMatchObject({ status: 422, json: { code: "malformedRevocation" } });
  expect(reply.json.field).toBe(field);
  expect(kept).toEqual([]);
});

test("a full list says so", async () => {
  const { add, board } = open();
  board.revoke = () => Promise.reject(new Failure("tooManyRevocations", "full"));
  expect(await add({ tokenId: "t1" })).toMatchObject({ status: 409 });
});
