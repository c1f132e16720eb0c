import { expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { ReadAhead } from "./read_ahead.ts";

const { chatAheadBytes: start, chatAheadBytesMin: least, chatAheadMs: window } = limits;

test("posts wait for a reader that was sent more than it was heard to have read", () => {
  const reader = new ReadAhead();
  expect(reader.isToBeAsked(start / 2)).toBe(false);
  expect(reader.isToBeAsked(start / 2 + 1)).toBe(true);
  reader.asked(start / 2 + 1, 0);
  expect(reader.isToBeAsked(start)).toBe(false);
  expect(reader.isOpen(start)).toBe(true);
  expect(reader.isOpen(start + 1)).toBe(false);
  reader.answered(window - 1);
  expect(reader.isOpen(start + 1)).toBe(true);
});

test("a quick reader is trusted with more, up to a limit, a slow one with less", () => {
  const quick = new ReadAhead();
  for (let ask = 0; ask < 20; ask++) {
    quick.asked(0, 0);
    quick.answered(1);
  }
  expect(quick.isOpen(limits.chatAheadBytesMax)).toBe(true);
  expect(quick.isOpen(limits.chatAheadBytesMax + 1)).toBe(false);
  const slow = new ReadAhead();
  for (let ask = 0; ask < 20; ask++) {
    slow.asked(0, 0);
    slow.answered(window);
  }
  expect(slow.isOpen(least)).toBe(true);
  expect(slow.isOpen(least + 1)).toBe(false);
});

test("an answer to nothing says nothing", () => {
  const reader = new ReadAhead();
  reader.answered(1);
  expect(reader.isOpen(start + 1)).toBe(false);
});
