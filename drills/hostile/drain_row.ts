/**
 * The last attack: a crowd on a server that is going down.
 */
import { connect } from "node:net";
import { until } from "../until.ts";
import type { HostileRow } from "./row.ts";
import { endOf, greet } from "./socket_rows.ts";

const CROWD = 500;

export const drainRow: HostileRow = {
  name: "a flood of connections on a server that drains",
  outcome: "refused, close 4014, exit 0",
  withinMs: 15_000,
  counter: null,
  isLast: true,
  memoryMb: 0,
  async attack(target) {
    const fan = await greet(target);
    const exit = target.stop();
    const closed = endOf(fan);
    await until("nobody new comes in", () => isRefused(target.port));
    const outcomes = await Promise.all(Array.from({ length: CROWD }, () => isRefused(target.port)));
    const seen = outcomes.every((refused) => refused) ? "refused" : "let in";
    return `${seen}, ${await closed}, exit ${await exit}`;
  },
};

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (refused: boolean) => {
      socket.destroy();
      resolve(refused);
    };
    socket.once("connect", () => answer(false));
    socket.once("error", () => answer(true));
  });
}
