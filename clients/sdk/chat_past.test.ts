import { describe, expect, test } from "vitest";
import {
  type ChatMessage,
  decodeChatMessage,
  decodePublication,
  encodeChatMessage,
  encodePublication,
  type PublicationInit,
} from "../../protocol/golazo_codec.ts";
import { withPage, withPastKept, withPastLetGo } from "./chat_past.ts";
import { type ChatPicture, EMPTY_CHAT, foldChat, withSnapshot } from "./chat_picture.ts";
import { ChatStore } from "./chat_store.ts";
import { clientLimits } from "./client_limits.ts";
import type { RoomPage } from "./room_page.ts";

const { chatMessagesMax, chatPastMax } = clientLimits;
const name = (at: number) => `m${String(at).padStart(4, "0")}`;
const message = (at: number, text = "said", user = "ana") =>
  decodeChatMessage(encodeChatMessage({ id: name(at), user, text }));
const page = (from: number, to: number, before: string | null = name(from)): RoomPage => ({
  messages: Array.from({ length: to - from }, (_, at) => message(from + at)),
  reactions: new Map(),
  before,
});
const fold = (picture: ChatPicture, ...all: PublicationInit[]) =>
  all.map((one) => decodePublication(encodePublication(one))).reduce(foldChat, picture);
const posts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => ({
    ...{ offset: from + at, chat: { id: name(from + at), user: "ben", text: "new" } },
  }));
const opened = (from: number, to: number) =>
  withSnapshot(EMPTY_CHAT, { messages: page(from, to).messages });
const ids = ({ messages }: { messages: readonly ChatMessage[] }) => messages.map(({ id }) => id);
/** From which to which, and how many. */
const span = ({ messages }: ChatPicture) => [messages[0]!.id, messages.at(-1)!.id, messages.length];

describe("withPage", () => {
  test("stands before what is known, and says where to go on", () => {
    const picture = withPage(opened(50, 60), page(40, 50));
    expect(span(picture)).toEqual([name(40), name(59), 20]);
    expect(picture.before).toBe(name(40));
    expect(withPage(picture, page(30, 40, null)).before).toBeNull();
  });

  test("what was removed or changed while it was on its way stays so", () => {
    const picture = fold(
      withPastKept(opened(50, 52)),
      { offset: 1, removal: { message: name(41) } },
      { offset: 2, removal: { user: "eve", upTo: name(45) } },
      { offset: 3, chat: { id: name(43), user: "ana", text: "changed", edited: true } },
    );
    const late = page(40, 50);
    late.messages[2] = message(42, "by eve", "eve");
    late.messages[8] = message(48, "by eve, later", "eve");
    const after = withPage(picture, late);
    expect(ids(after)).toEqual([40, 43, 44, 45, 46, 47, 48, 49, 50, 51].map(name));
    expect(after.messages[1]!.text).toBe("changed");
    const gone = fold(after, { offset: 4, removal: { message: name(44) } });
    expect(ids(gone)).not.toContain(name(44));
  });
});

describe("a reader of the past", () => {
  test("keeps it while the room goes on; what is over is counted in the middle", () => {
    const read = withPage(opened(500, 550), page(450, 500));
    const picture = fold(read, ...posts(550, 1_000));
    const max = chatMessagesMax + chatPastMax;
    expect(span(picture)).toEqual([name(450), name(999), max]);
    expect(picture.messages[chatPastMax]!.id).toBe(name(1_000 - chatMessagesMax));
    expect([...picture.leftOut]).toEqual([[name(450 + chatPastMax - 1), 550 - max]]);
  });

  test("may go back for ever: the list stays as large, the gap grows", () => {
    let picture = fold(opened(1_000, 1_050), ...posts(1_050, 1_200));
    for (let from = 950; from >= 0; from -= 50) picture = withPage(picture, page(from, from + 50));
    expect(span(picture)).toEqual([name(0), name(1_199), chatMessagesMax + chatPastMax]);
    expect([...picture.leftOut]).toEqual([[name(chatPastMax - 1), 1_200 - 400]]);
  });

  test("the gap is still told once the message before it is removed", () => {
    const picture = fold(opened(1, 3), { more: { more: 7 } }, {
      offset: 9,
      removal: { message: name(2) },
    });
    expect([...picture.leftOut]).toEqual([[name(1), 7]]);
  });

  test("back at the newest lets it go, and can ask for it again", () => {
    const read = fold(withPage(opened(500, 550), page(450, 500)), ...posts(550, 900));
    const picture = withPastLetGo(read);
    expect(span(picture)).toEqual([name(700), name(899), chatMessagesMax]);
    expect(picture.before).toBe(name(700));
    expect(picture.leftOut.size).toBe(0);
  });
});

test("a page asked for before a snapshot is not taken: it may hold what was removed between", async () => {
  const store = new ChatStore(() => {});
  const snapshot = (from: number, to: number) =>
    store.receive({ kind: "room", room: { messages: page(from, to).messages } } as never);
  snapshot(50, 60);
  let come = (_: RoomPage) => {};
  const asked = store.prepend(() => new Promise((resolve) => come = resolve));
  snapshot(70, 80);
  come(page(40, 50));
  expect(await asked).toBeNull();
  expect(ids(store.picture)).toEqual(ids(page(70, 80)));
  expect(await store.prepend(() => Promise.resolve(page(60, 70)))).toBe(10);
  expect(await store.prepend(() => Promise.resolve(page(50, 60, null)))).toBe(10);
  expect(await store.prepend(() => Promise.reject(new Error("not asked")))).toBeNull();
});
