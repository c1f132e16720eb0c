import { expect, test } from "vitest";
import { isStamp, tick } from "../../actors/room/hybrid_clock.ts";
import { after, roomPage } from "./room_page.ts";
import { ScriptedPlatform } from "./scripted_platform.ts";

test("after an id comes nothing of its own owner before its next one", () => {
  const node = "1531cqi4d4084qz0";
  for (
    const first of [tick("", 5_000, node), `${tick("", 5_000, node).slice(0, 10)}000z-${node}`]
  ) {
    const [here, next] = [after(first), tick(first, 5_000, node)];
    expect(isStamp(here), here).toBe(true);
    expect(first < here && here < next, `${first} ${here} ${next}`).toBe(true);
  }
});

test("a page has what is still there, as the socket says it", async () => {
  const platform = new ScriptedPlatform();
  const said = { id: "m2", user: "ana", text: "hi", at: 1, clientId: "c", mentions: [] };
  platform.answer = () => ({
    value: {
      messages: [{ id: "m1", gone: true }, {
        ...{ ...said, replyTo: null, sticker: "goal", badge: null, edited: false, reactions: {} },
      }],
      before: "m1",
    },
  });
  const page = await roomPage(platform, "x", { before: "m3", limit: 2, token: "t" });
  expect(platform.questions[0]).toMatchObject({
    ...{ method: "GET", path: "/api/rooms/x/messages?limit=2&before=m3", token: "t" },
  });
  expect(page.before).toBe("m1");
  expect(page.messages).toMatchObject([{ id: "m2", replyTo: "", sticker: "goal" }]);
  expect(page.messages[0]!.badge).toBe("noBadge");
});
