import { expect, test } from "vitest";
import { AvatarBook } from "./avatar_book.ts";
import { clientLimits } from "./client_limits.ts";
import { FanApi } from "./fan_api.ts";
import { setOwnAvatar } from "./own_avatar.ts";
import { ScriptedPlatform } from "./scripted_platform.ts";

const { avatarsAtOnce, avatarEveryMs, avatarAgeMs, avatarFansMax } = clientLimits;
const NOW = 1_671_375_600_000;

test("AvatarBook says where a picture is, and not again where there is none", () => {
  const book = new AvatarBook();
  expect(book.address("ana", NOW)).toBe("/api/users/ana/avatar?size=64&v=0");
  expect(book.isHere("ana")).toBe(false);
  book.found("ana", true, NOW);
  expect(book.isHere("ana")).toBe(true);
  book.address("ben/x", NOW);
  book.found("ben/x", false, NOW);
  expect(book.address("ben/x", NOW + avatarAgeMs - 1)).toBeNull();
  // After a while they may have one.
  book.address("ben/x", NOW + avatarAgeMs);
  expect(book.address("ben/x", NOW + avatarAgeMs)).toContain("/api/users/ben%2Fx/avatar");
  expect(book.address("", NOW)).toBeNull();
});

test("one taken down is asked for again on an open page, and is gone", () => {
  const book = new AvatarBook();
  book.address("ana", NOW);
  book.found("ana", true, NOW);
  expect(book.address("ana", NOW + avatarAgeMs)).toBe("/api/users/ana/avatar?size=64&v=1");
  book.found("ana", false, NOW + avatarAgeMs);
  expect([book.address("ana", NOW + avatarAgeMs), book.isHere("ana")]).toEqual([null, false]);
});

test("questions about strangers are rationed, whoever is known stays so", () => {
  const book = new AvatarBook();
  const asked = (from: number, now: number) =>
    Array.from({ length: 100 }, (_, at) => book.address(`fan-${from + at}`, now))
      .filter((address) => address !== null).length;
  expect(asked(0, NOW)).toBe(avatarsAtOnce);
  expect(asked(100, NOW + avatarEveryMs - 1)).toBe(0);
  expect(asked(200, NOW + 3 * avatarEveryMs)).toBe(3);
  expect(book.address("fan-0", NOW + 3 * avatarEveryMs)).not.toBeNull();
  for (let at = 0; at < 2 * avatarFansMax; at++) book.address(`x-${at}`, NOW + at * 1e6);
  expect(book.isHere("fan-0")).toBe(false);
});

test("an own change is seen at once, past every cache", () => {
  const book = new AvatarBook();
  const before = book.address("ana", NOW);
  book.changed("ana", true, NOW + 5);
  const after = book.address("ana", NOW + 5, 128);
  expect(after).toMatch(/size=128&v=\w+-0$/);
  expect(after).not.toBe(before);
  book.changed("ana", false, NOW + 6);
  expect(book.address("ana", NOW + 6)).toBeNull();
});

test("setOwnAvatar signs in, and asks once more with a newer token", async () => {
  const platform = new ScriptedPlatform();
  const given = ["old", "new"];
  const api = new FanApi(platform, {
    load: () => null,
    fetch: () => Promise.resolve({ token: given.shift()!, user: "ana" }),
  });
  const file = Uint8Array.of(1, 2);
  platform.answer = () => ({ status: 201 });
  await setOwnAvatar(platform, api, file);
  // It was taken once, so it has run out since and is not refused for good.
  platform.answer = ({ token }) => ({ status: token === "new" ? 201 : 401 });
  await setOwnAvatar(platform, api, file);
  const asked = { method: "POST", path: "/api/avatar", file };
  expect(platform.questions).toMatchObject(
    ["old", "old", "new"].map((token) => ({ ...asked, token })),
  );
  platform.answer = () => ({ status: 204 });
  await setOwnAvatar(platform, api, null);
  expect(platform.questions[3]).toMatchObject({ method: "DELETE" });
  platform.answer = () => ({ status: 429, value: { code: "tooSoon", retryAfterMs: 4_000 } });
  await expect(setOwnAvatar(platform, api, file)).rejects.toMatchObject({ code: "tooSoon" });
});
