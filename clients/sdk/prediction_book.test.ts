import { describe, expect, test } from "vitest";
import type { HttpAnswer, HttpQuestion } from "./client_platform.ts";
import { FanApi } from "./fan_api.ts";
import type { PredictionToSend } from "./fan_json.ts";
import { guestTokens } from "./fan_token.ts";
import { PredictionBook, type RefusedPick } from "./prediction_book.ts";
import { ScriptedPlatform } from "./scripted_platform.ts";

const MATCH = "arg-fra";
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** A server of predictions; what it is told to say comes first. */
class Desk {
  readonly rows = new Map<string, PredictionToSend>();
  readonly batches: PredictionToSend[][] = [];
  say: (() => Partial<HttpAnswer> | null)[] = [];
  reject: (one: PredictionToSend) => string | null = () => null;
  guests = 0;

  readonly answer = ({ path, method, token, body }: HttpQuestion): Partial<HttpAnswer> | null => {
    if (path === "/api/session") {
      const subject = `guest-${++this.guests}`;
      const expiresAt = 1_671_375_600_000 + 3_600_000;
      return { status: 201, value: { token: `token-${this.guests}`, subject, expiresAt } };
    }
    if (method === "GET") {
      const predictions = [...this.rows.values()].map((row) => ({ ...row, acceptedAt: 1 }));
      return { value: { predictions } };
    }
    const { predictions } = JSON.parse(body!) as { predictions: PredictionToSend[] };
    this.batches.push(predictions);
    const said = this.say.shift();
    if (said) return said();
    if (token === "") return { status: 401, value: { code: "signIn", detail: "Sign in" } };
    const results = predictions.map((one) => {
      const code = this.reject(one);
      if (code) return { clientId: one.clientId, outcome: "rejected", code, reason: `is ${code}` };
      this.rows.set(one.clientId, one);
      return { clientId: one.clientId, outcome: "taken" };
    });
    return { value: { results } };
  };
}

function start({ platform = new ScriptedPlatform(), desk = new Desk() } = {}) {
  platform.answer = desk.answer;
  const refused: RefusedPick[] = [];
  const api = new FanApi(platform, guestTokens(platform));
  const book = new PredictionBook(api, platform, (one) => void (one && refused.push(one)));
  const shown = (market = "finalScore") => book.pick(MATCH, market);
  const predict = (pick: string, market = "finalScore") => book.predict(MATCH, market, pick);
  return { platform, desk, api, book, refused, shown, predict };
}

describe("PredictionBook", () => {
  test("shows a pick at once, signs a guest in and says when it is taken", async () => {
    const { api, desk, shown, predict } = start();
    predict("2-1");
    expect(shown()).toEqual({ pick: "2-1", isPending: true });
    await turn();
    expect(shown()).toEqual({ pick: "2-1", isPending: false });
    expect(api.user).toBe("guest-1");
    predict("2-1");
    await turn();
    expect(desk.batches).toHaveLength(1);
  });

  test("changes a prediction under its own id, and other markets under others", async () => {
    const { desk, predict } = start();
    predict("2-1");
    await turn();
    predict("3-1");
    predict("home", "matchWinner");
    await turn();
    await turn();
    const [first, second, third] = desk.batches.flat();
    expect(second!.clientId).toBe(first!.clientId);
    expect(third!.clientId).not.toBe(first!.clientId);
    expect(desk.rows.get(first!.clientId)!.pick).toBe("3-1");
  });

  test("sends the last of several picks that were made while one was under way", async () => {
    const { desk, shown, predict } = start();
    predict("1-0");
    predict("2-0");
    predict("3-0");
    await turn();
    await turn();
    expect(desk.batches.flat().map(({ pick }) => pick)).toEqual(["1-0", "3-0"]);
    expect(shown()).toEqual({ pick: "3-0", isPending: false });
  });

  test("brings back what holds on a refusal, with the reason", async () => {
    const { desk, book, refused, shown, predict } = start();
    predict("2-1");
    await turn();
    desk.reject = () => "locked";
    predict("5-0");
    expect(shown()).toEqual({ pick: "5-0", isPending: true });
    await turn();
    expect(shown()).toEqual({ pick: "2-1", isPending: false });
    expect(book.refusal(MATCH, "finalScore")).toEqual({
      pick: "5-0",
      code: "locked",
      reason: "is locked",
    });
    expect(refused).toHaveLength(1);
    desk.reject = () => null;
    predict("2-1");
    expect(book.refusal(MATCH, "finalScore")).toBeNull();
  });

  test("is not refused where the answer was lost and the lock came in between", async () => {
    const { platform, desk, shown, predict } = start();
    desk.say = [() => {
      const [sent] = desk.batches[0]!;
      desk.rows.set(sent!.clientId, sent!);
      return null;
    }];
    predict("2-1");
    await turn();
    desk.reject = () => "locked";
    platform.advance(20_000);
    await turn();
    await turn();
    expect(desk.batches.flat().map(({ clientId }) => clientId)).toHaveLength(2);
    expect(shown()).toEqual({ pick: "2-1", isPending: false });
  });

  test("sends again when a busy server asked for it, and takes nothing back", async () => {
    const { platform, desk, book, shown, predict } = start();
    const busy = { status: 503, value: { code: "busy", retryAfterMs: 740 }, retryAfterMs: 1_000 };
    desk.say = [() => busy];
    predict("2-1");
    await turn();
    expect(book.retryAt).toBe(platform.now() + 740);
    expect(shown()).toEqual({ pick: "2-1", isPending: true });
    platform.advance(739);
    await turn();
    expect(desk.batches).toHaveLength(1);
    platform.advance(1);
    await turn();
    expect(shown()).toEqual({ pick: "2-1", isPending: false });
    const ids = desk.batches.flat().map(({ clientId }) => clientId);
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(book.retryAt).toBeNull();
  });

  test("sends after a reload what was not answered, under the same id", async () => {
    const before = start();
    before.predict("1-0", "matchWinner");
    await turn();
    before.desk.say = [() => null];
    before.predict("2-1");
    await turn();
    const sent = before.desk.batches.at(-1)![0]!.clientId;
    const after = start({ platform: before.platform, desk: before.desk });
    expect(after.shown()).toEqual({ pick: "2-1", isPending: true });
    await turn();
    expect(after.shown()).toEqual({ pick: "2-1", isPending: false });
    expect(before.desk.batches.at(-1)!.map(({ clientId }) => clientId)).toEqual([sent]);
    expect(before.desk.guests).toBe(1);
    await after.book.load(MATCH);
    expect(after.shown("matchWinner")).toEqual({ pick: "1-0", isPending: false });
    const again = start({ platform: before.platform, desk: before.desk });
    expect(again.shown()).toBeNull();
  });

  test("reads again what was read while a pick was answered", async () => {
    const { platform, book, shown, predict } = start();
    predict("2-1");
    await turn();
    const request = platform.request.bind(platform);
    let arrive = () => {};
    platform.request = async (question) => {
      const answer = await request(question);
      if (question.method === "GET") await new Promise<void>((resolve) => (arrive = resolve));
      return answer;
    };
    const load = book.load(MATCH);
    await turn();
    predict("3-1");
    await turn();
    arrive();
    await turn();
    arrive();
    await load;
    await turn();
    expect(shown()).toEqual({ pick: "3-1", isPending: false });
  });

  test("renews a guest whose token has run out, once, and predicts as the new one", async () => {
    const { desk, api, shown, predict } = start();
    predict("2-1");
    await turn();
    const [first] = desk.batches.flat();
    desk.say = [() => ({ status: 401, value: { code: "signIn", detail: "Sign in" } })];
    desk.reject = ({ clientId }) => clientId === first!.clientId ? "notYours" : null;
    predict("3-1");
    await turn();
    await turn();
    expect(api.user).toBe("guest-2");
    expect(shown()).toEqual({ pick: "3-1", isPending: false });
    expect(desk.batches.at(-1)![0]!.clientId).not.toBe(first!.clientId);
  });

  test("asks no third time where every id is said to be another's", async () => {
    const { desk, refused, predict } = start();
    desk.reject = () => "notYours";
    predict("2-1");
    for (let turns = 0; turns < 5; turns++) await turn();
    expect(desk.batches).toHaveLength(2);
    expect(refused.map(({ code }) => code)).toEqual(["notYours"]);
  });

  test("tells why nobody can sign in here", async () => {
    const { platform, desk, refused, shown, predict } = start();
    const problem = { code: "guestsNotOffered", detail: "Take yours to the server" };
    platform.answer = (question) =>
      question.path === "/api/session" ? { status: 403, value: problem } : desk.answer(question);
    predict("2-1");
    await turn();
    expect(shown()).toBeNull();
    expect(refused).toEqual([
      { pick: "2-1", code: "guestsNotOffered", reason: "Take yours to the server" },
    ]);
  });
});

describe("FanApi", () => {
  test("reads nothing of one's own for who has not signed in, and signs nobody in for it", async () => {
    const { platform, api } = start();
    expect(await api.predictions(MATCH)).toBeNull();
    expect(await api.projection(MATCH)).toBeNull();
    expect(await api.aroundMe(MATCH, 2)).toBeNull();
    expect(platform.questions).toEqual([]);
  });

  test("is nobody again once a token is refused for reading", async () => {
    const { platform, api, predict } = start();
    predict("2-1");
    await turn();
    platform.answer = () => ({ status: 401 });
    expect(await api.projection(MATCH)).toBeNull();
    expect(api.user).toBe("");
  });

  test("forgets a guest whose token ran out between visits", async () => {
    const { platform, predict } = start();
    predict("2-1");
    await turn();
    expect(start({ platform }).api.user).toBe("guest-1");
    platform.advance(3_595_000);
    expect(start({ platform }).api.user).toBe("");
  });
});
