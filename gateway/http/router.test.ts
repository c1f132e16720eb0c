import { describe, expect, test } from "vitest";
import { Failure } from "../../runtime/failure.ts";
import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  type Route,
} from "../../runtime/http_route.ts";
import { eventsInto } from "../testing/test_gateway.ts";
import { Router } from "./router.ts";

const say = (text: string) => (): HttpReply => ({ status: 200, body: text });

function ask(routes: Route[], path: string, method = "GET", headers: HeadersInit = {}) {
  const events: string[] = [];
  const request: HttpRequest = {
    method,
    url: new URL(`http://golazo${path}`),
    headers: new Headers(headers),
    address: "127.0.0.1",
    params: {},
    body: () => Promise.resolve(new Uint8Array()),
  };
  const answer = new Router(routes, eventsInto(events)).answer(request);
  return answer.then((reply) => ({ ...reply, events }));
}

const codeOf = ({ body }: HttpReply) => JSON.parse(String(body)).code;

const ROUTES: Route[] = [
  {
    method: "GET",
    path: "/*",
    answer: ({ params }) => ({ status: 200, body: `* ${params.rest}` }),
  },
  {
    method: "GET",
    path: "/api/matches/:id",
    answer: ({ params }) => ({ status: 200, body: `id ${params.id}` }),
  },
  { method: "GET", path: "/api/matches/today", answer: say("today") },
  { method: "POST", path: "/api/matches/:id", answer: say("posted") },
  { method: "PUT", path: "/api/matches/today", answer: say("put") },
];

describe("Router", () => {
  test.each([
    ["/api/matches/today", "today"],
    ["/api/matches/arg-fra", "id arg-fra"],
    ["/api/matches/a%20b%2Fc", "id a b/c"],
    ["/", "* "],
    ["/a/b", "* a/b"],
    ["/api/matches", "* api/matches"],
    ["/api/matches/", "* api/matches/"],
    ["/a/../b", "* b"],
  ])("%s is answered by %s", async (path, body) => {
    expect((await ask(ROUTES, path)).body).toBe(body);
  });

  test("finds a method on the next pattern that fits", async () => {
    expect((await ask(ROUTES, "/api/matches/today", "POST")).body).toBe("posted");
  });

  test("names the methods of a path: 405", async () => {
    const reply = await ask(ROUTES, "/api/matches/arg-fra", "DELETE");
    expect([reply.status, codeOf(reply)]).toEqual([405, "methodNotAllowed"]);
    expect(reply.headers!.allow).toBe("GET, POST, HEAD");
    expect(reply.events).toEqual(["requestRefused http methodNotAllowed"]);
  });

  test("has nothing at an unknown path: 404", async () => {
    for (const [routes, method] of [[ROUTES, "POST"], [ROUTES.slice(1), "GET"]] as const) {
      const reply = await ask([...routes], "/elsewhere", method);
      expect([reply.status, codeOf(reply)]).toEqual([404, "notFound"]);
    }
  });

  test("refuses a path that is no text: 400", async () => {
    const reply = await ask(ROUTES, "/api/matches/%ff");
    expect([reply.status, codeOf(reply)]).toEqual([400, "malformedPath"]);
  });

  test("answers HEAD by GET", async () => {
    expect((await ask(ROUTES, "/api/matches/today", "HEAD")).status).toBe(200);
  });

  test("refuses two routes for one question", async () => {
    await expect(async () => await ask([ROUTES[0]!, ROUTES[0]!], "/")).rejects.toThrow("one route");
  });
});

describe("Router errors", () => {
  const throwing = (thrown: unknown): Route[] => [{
    method: "GET",
    path: "/",
    answer() {
      throw thrown;
    },
  }];

  test.each([
    ["a passing failure", new Failure("storeAway", "away", { retryable: true }), 503, "storeAway"],
    ["a lasting failure", new Failure("noFixture", "none"), 500, "noFixture"],
    ["too large a body", new Failure("bodyTooLarge", "too large"), 413, "bodyTooLarge"],
  ])("%s keeps its code", async (_name, thrown, status, code) => {
    const reply = await ask(throwing(thrown), "/");
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
    expect(reply.headers!["retry-after"]).toBe(status === 503 ? "2" : undefined);
  });

  test("a bug tells nothing but that there is one", async () => {
    const reply = await ask(throwing(new Error("password=hunter2")), "/");
    expect([reply.status, codeOf(reply)]).toEqual([500, "internal"]);
    expect(reply.body).not.toContain("hunter2");
    expect(reply.events[0]).toContain("hunter2");
  });
});

describe("Router conditional GET", () => {
  const routes: Route[] = [
    { method: "GET", path: "/", answer: () => jsonReply({}, 200, { etag: '"e1-7"' }) },
    { method: "POST", path: "/", answer: () => jsonReply({}, 200, { etag: '"e1-7"' }) },
  ];

  test.each(['"e1-7"', 'W/"e1-7"', '"e1-6", "e1-7"', "*"])("%s is known: 304", async (known) => {
    const reply = await ask(routes, "/", "GET", { "if-none-match": known });
    expect(reply).toMatchObject({ status: 304, headers: { etag: '"e1-7"' } });
    expect(reply.body).toBeUndefined();
  });

  test("another tag and another method get the whole", async () => {
    expect((await ask(routes, "/", "GET", { "if-none-match": '"e1-6"' })).status).toBe(200);
    expect((await ask(routes, "/", "POST", { "if-none-match": '"e1-7"' })).status).toBe(200);
  });
});
