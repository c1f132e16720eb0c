import { beforeEach, describe, expect, test } from "vitest";
import { newGroup } from "../../actors/leaderboard/group.ts";
import type { Standing } from "../../actors/leaderboard/board_page.ts";
import type { Group } from "../../actors/leaderboard/group.ts";
import type { GroupAnswer, GroupRequest, Groups } from "../../actors/ports/groups.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { Failure } from "../../runtime/failure.ts";
import type { HttpReply, HttpRequest } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import { seededRandom } from "../../runtime/random.ts";
import type { VerifyToken } from "../auth/pass.ts";
import { groupRoutes } from "./group_routes.ts";
import { leaderboardRoutes } from "./leaderboard_routes.ts";
import { Router } from "./router.ts";

/** A token is its fan's name; "nobody" is refused. */
const verifyToken: VerifyToken = (token) =>
  Promise.resolve(
    token === "nobody" ? { refused: "badSignature" } : { subject: token, role: "fan" },
  );

const POINTS: Record<string, number> = { ana: 30, bea: 20, cem: 20, dan: 10 };
const standingOf = (member: string): Standing => {
  const score = POINTS[member] ?? 0;
  const above = Object.values(POINTS).filter((other) => other > score).length;
  return { member, score, rank: score === 0 ? null : 1 + above };
};
const ALL = Object.keys(POINTS).map((member) => ({
  ...standingOf(member),
  rank: standingOf(member).rank!,
}));
const isKnown = (id: string) => id === "global";

const boards = {
  page: (id: string, start: number, count: number) =>
    Promise.resolve(
      isKnown(id) ? { version: "v1", members: 4, rows: ALL.slice(start, start + count) } : null,
    ),
  around: (id: string, user: string, above: number, below: number) => {
    const at = ALL.findIndex(({ member }) => member === user);
    const rows = at < 0 ? [] : ALL.slice(Math.max(0, at - above), at + below + 1);
    return Promise.resolve(
      isKnown(id) ? { version: "v1", members: 4, rows, around: standingOf(user) } : null,
    );
  },
  standings: (id: string, users: string[]) =>
    Promise.resolve(isKnown(id) ? users.map(standingOf) : null),
};

class ScriptedGroups implements Groups {
  readonly groups = new Map<string, Group>();
  asked: GroupRequest[] = [];
  answer: GroupAnswer | null = null;
  isAway = false;

  create(id: string, name: string, owner: string): Promise<GroupAnswer> {
    const group = newGroup(id, name, owner, seededRandom(1));
    this.groups.set(id, group);
    return this.#tell({ outcome: "done", group });
  }

  ofFan(user: string): Promise<Group[]> {
    return this.#tell([...this.groups.values()].filter(({ members }) => members.includes(user)));
  }

  get(id: string): Promise<Group | null> {
    return this.#tell(this.groups.get(id) ?? null);
  }

  change(id: string, _by: string, request: GroupRequest): Promise<GroupAnswer> {
    this.asked.push(request);
    return this.#tell(this.answer ?? { outcome: "done", group: this.groups.get(id) ?? null });
  }

  #tell<T>(answer: T): Promise<T> {
    return this.isAway
      ? Promise.reject(new Failure("storeUnavailable", "SQL is away", { retryable: true }))
      : Promise.resolve(answer);
  }
}

let groups: ScriptedGroups;
let router: Router;
beforeEach(() => {
  groups = new ScriptedGroups();
  router = new Router([
    ...leaderboardRoutes({ boards, verifyToken }),
    ...groupRoutes({ groups, boards, verifyToken, random: seededRandom(2) }),
  ], silentEvents);
});

async function ask(
  path: string,
  { method = "GET", as, body, headers = {} }: {
    method?: string;
    as?: string;
    body?: unknown;
    headers?: Record<string, string>;
  } = {},
): Promise<HttpReply & { json: Record<string, unknown> }> {
  const bytes = typeof body === "string"
    ? new TextEncoder().encode(body)
    : body === undefined
    ? new Uint8Array()
    : new TextEncoder().encode(JSON.stringify(body));
  const request: HttpRequest = {
    method,
    url: new URL(path, "http://localhost"),
    headers: new Headers({ ...headers, ...(as ? { authorization: `Bearer ${as}` } : {}) }),
    address: "192.0.2.1",
    params: {},
    body: (bytesMax) =>
      bytes.length > bytesMax
        ? Promise.reject(new Failure("bodyTooLarge", "too much"))
        : Promise.resolve(bytes),
  };
  const reply = await router.answer(request);
  return { ...reply, json: reply.body ? JSON.parse(String(reply.body)) : {} };
}
const post = (path: string, as: string, body?: unknown) => ask(path, { method: "POST", as, body });

describe("GET /api/leaderboards/:id", () => {
  test("is a page for every cache, with the board's version as its ETag", async () => {
    const reply = await ask("/api/leaderboards/global?page=2&count=2");
    expect(reply).toMatchObject({
      status: 200,
      headers: { "cache-control": "public, s-maxage=1, stale-while-revalidate=5", etag: '"v1"' },
      json: {
        ...{ id: "global", version: "v1", members: 4 },
        rows: [{ rank: 2, user: "cem", points: 20 }, { rank: 4, user: "dan", points: 10 }],
      },
    });
    const again = await ask("/api/leaderboards/global", { headers: { "if-none-match": '"v1"' } });
    expect(again.status).toBe(304);
  });

  test("refuses pages that are none, and names what is needed", async () => {
    for (
      const query of ["page=0", "page=-1", "page=x", "count=0", "count=101", "page=11&count=100"]
    ) {
      expect([query, (await ask(`/api/leaderboards/global?${query}`)).json.code])
        .toEqual([query, "queryMalformed"]);
    }
    expect((await ask("/api/leaderboards/global?page=10&count=100")).status).toBe(200);
  });

  test("around=me is the fan's own and kept by no cache; without a token: sign in", async () => {
    const reply = await ask("/api/leaderboards/global?around=me&above=1&below=0", { as: "cem" });
    expect(reply).toMatchObject({
      headers: { "cache-control": "no-store" },
      json: {
        me: { rank: 2, user: "cem", points: 20 },
        rows: [{ user: "bea" }, { user: "cem" }],
      },
    });
    for (const as of [undefined, "nobody"]) {
      const refused = await ask("/api/leaderboards/global?around=me", { as });
      expect([refused.status, refused.json.code]).toEqual([401, "signIn"]);
    }
    const other = await ask("/api/leaderboards/global?around=zoe");
    expect(other.json).toMatchObject({ me: { rank: null, user: "zoe", points: 0 }, rows: [] });
    expect((await ask("/api/leaderboards/global?around=ana&above=60&below=60")).status).toBe(400);
  });

  test("users= answers several fans in their order, up to a bound", async () => {
    const reply = await ask("/api/leaderboards/global?users=dan,zoe,ana");
    expect(reply.json).toEqual({
      standings: [
        { user: "dan", rank: 4, points: 10 },
        { user: "zoe", rank: null, points: 0 },
        { user: "ana", rank: 1, points: 30 },
      ],
    });
    const many = Array(limits.leaderboardMembersMax + 1).fill("a").join();
    expect((await ask(`/api/leaderboards/global?users=${many}`)).status).toBe(400);
    expect((await ask("/api/leaderboards/global?users=")).status).toBe(400);
  });

  test("an unknown board is 404 by each of its ways", async () => {
    for (const query of ["", "?around=ana", "?users=ana"]) {
      const reply = await ask(`/api/leaderboards/nothing${query}`);
      expect([reply.status, reply.json.code]).toEqual([404, "unknownLeaderboard"]);
      expect(reply.headers!["content-type"]).toBe("application/problem+json");
    }
  });
});

describe("/api/groups", () => {
  const made = async (name = "Büro", as = "ana") =>
    (await post("/api/groups", as, { name })).json.group as { id: string; inviteCode: string };

  test("is for who has signed in", async () => {
    for (const [method, path] of [["GET", ""], ["POST", ""], ["GET", "/x"], ["POST", "/x/join"]]) {
      const reply = await ask(`/api/groups${path}`, { method });
      expect([reply.status, reply.json.code]).toEqual([401, "signIn"]);
    }
  });

  test("a group is made, found among mine and ranked for its members only", async () => {
    const { id } = await made();
    groups.groups.set(id, { ...groups.groups.get(id)!, members: ["ana", "dan", "cem", "zoe"] });
    expect((await ask("/api/groups", { as: "ana" })).json).toMatchObject({
      groups: [{ id, name: "Büro", owner: "ana", members: 4 }],
    });
    expect((await ask(`/api/groups/${id}`, { as: "zoe" })).json).toMatchObject({
      ...{ id, board: "global" },
      rows: [
        { rank: 1, user: "ana", points: 30 },
        { rank: 2, user: "cem", points: 20 },
        { rank: 3, user: "dan", points: 10 },
        { rank: 4, user: "zoe", points: 0 },
      ],
    });
    for (const path of [`/api/groups/${id}`, "/api/groups/none", "/api/groups/No%20Id"]) {
      const reply = await ask(path, { as: "bea" });
      expect([reply.status, reply.json.code]).toEqual([404, "unknownGroup"]);
    }
    expect((await ask(`/api/groups/${id}?board=nothing`, { as: "ana" })).json.code)
      .toBe("unknownLeaderboard");
  });

  test("names that would deceive or disturb are refused", async () => {
    const bad = [
      ...[
        "",
        " x",
        "x ",
        "a\u202eb",
        "a\nb",
        "a\u200bb",
        "<b>",
        'a"b',
        "z\u0335\u0335\u0335\u0335",
      ],
      ..."x".repeat(limits.groupNameCharsMax + 1).split(" "),
    ];
    for (const name of bad) {
      const { status, json } = await post("/api/groups", "ana", { name });
      expect([name, status, json.code]).toEqual([
        name,
        400,
        name === "" || name.length > limits.clientUserCharsMax ? "malformed" : "badGroupName",
      ]);
    }
    for (const name of ["x", "Équipe n° 1 ⚽", "الفريق", "x".repeat(limits.groupNameCharsMax)]) {
      expect((await post("/api/groups", "ana", { name })).status).toBe(201);
    }
  });

  test("each verb asks its own thing, and what it lacks is named", async () => {
    const { id } = await made();
    await post(`/api/groups/${id}/join`, "bea", { inviteCode: "abc" });
    await post(`/api/groups/${id}/leave`, "bea");
    await post(`/api/groups/${id}/expel`, "ana", { user: "bea" });
    await post(`/api/groups/${id}/handover`, "ana", { to: "bea" });
    await post(`/api/groups/${id}/invite`, "ana");
    expect(groups.asked).toEqual([
      { type: "join", inviteCode: "abc" },
      { type: "leave" },
      { type: "expel", user: "bea" },
      { type: "handOver", to: "bea" },
      { type: "renewInvite" },
    ]);
    for (const body of ["{", "[]", "7", { inviteCode: 7 }, {}]) {
      expect((await post(`/api/groups/${id}/join`, "bea", body)).json.code).toBe("malformed");
    }
    expect((await post(`/api/groups/${id}/join`, "bea", "x".repeat(2_000))).status).toBe(413);
  });

  test("a refusal keeps its code", async () => {
    const { id } = await made();
    const codes = { forgedInvite: 403, groupFull: 409, tooManyGroups: 409, notOwner: 403 } as const;
    for (const [code, status] of Object.entries(codes)) {
      groups.answer = { outcome: "refused", code: code as keyof typeof codes, reason: "no" };
      const reply = await post(`/api/groups/${id}/join`, "bea", { inviteCode: "abc" });
      expect([reply.status, reply.json.code]).toEqual([status, code]);
    }
  });

  test("while SQL is away it says to come back", async () => {
    groups.isAway = true;
    for (
      const reply of [
        await ask("/api/groups", { as: "ana" }),
        await post("/api/groups", "ana", { name: "x" }),
      ]
    ) {
      expect(reply).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
    }
  });
});
