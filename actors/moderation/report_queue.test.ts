/** The order in which moderators look, and what a crowd can and cannot do to it. */
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { looked, report, type ReportQueue, type ReportReason, urgencyOf } from "./report_queue.ts";

const told = (list: [message: string, by: string, why: ReportReason][]): ReportQueue =>
  list.reduce<ReportQueue>(
    (queue, [message, by, why], at) => report(queue, { message, author: "zed", by, why, at }),
    [],
  );
const order = (queue: ReportQueue) => queue.map(({ message }) => message);

describe("report", () => {
  test("puts the worst first, of equals the one that waits longest", () => {
    expect(order(told([["m1", "a", "spam"], ["m2", "a", "hate"], ["m3", "b", "hate"]])))
      .toEqual(["m2", "m3", "m1"]);
  });

  test("lets more reporters bring a message forward, and not before a threat", () => {
    const crowd = Array.from({ length: 40 }, (_, at) => ["m1", `u${at}`, "spam"] as const);
    const queue = told([
      ["m2", "a", "abuse"],
      ["m3", "a", "threat"],
      ...crowd.map((one) => [...one] as [string, string, ReportReason]),
    ]);
    expect(order(queue)).toEqual(["m3", "m1", "m2"]);
  });

  test("counts a fan once and keeps the worst reason", () => {
    const queue = told([["m1", "a", "spam"], ["m1", "a", "threat"], ["m1", "b", "abuse"]]);
    expect(queue).toMatchObject([{ why: "abuse", reporters: ["a", "b"], firstAt: 0 }]);
  });

  test("is bounded: the least urgent goes, and reporters past the bound are not kept", () => {
    let queue = told([["mild", "a", "spam"]]);
    for (let at = 0; at < limits.roomReportsMax; at++) {
      queue = report(queue, { message: `m${at}`, author: "zed", by: "a", why: "hate", at });
    }
    expect(queue.length).toBe(limits.roomReportsMax);
    expect(order(queue)).not.toContain("mild");
    for (let at = 0; at < 100; at++) {
      queue = report(queue, { message: "m1", author: "zed", by: `u${at}`, why: "hate", at });
    }
    expect(queue[0]!.reporters.length).toBe(limits.messageReportersMax);
    expect(urgencyOf(queue[0]!)).toBe(30);
  });
});

describe("looked", () => {
  test("takes out what somebody looked at", () => {
    const queue = told([["m1", "a", "spam"], ["m2", "a", "spam"]]);
    expect(order(looked(queue, ({ message }) => message === "m1"))).toEqual(["m2"]);
  });
});
