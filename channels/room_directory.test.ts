import { expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
import { matchStage } from "./match_test_kit.ts";
import { RoomDirectory } from "./room_directory.ts";

test("RoomDirectory lists what any process has added, once each, the newest ones", async () => {
  const { stream, close } = matchStage();
  const [here, there] = [new RoomDirectory(stream), new RoomDirectory(stream)];
  expect(await here.rooms()).toEqual([]);
  const plaza = { id: "r-1", title: "Plaza", matchId: null };
  await here.add(plaza);
  await here.add(plaza);
  expect(await there.rooms()).toEqual([plaza]);
  for (let at = 0; at < limits.publicRoomsMax; at++) {
    await there.add({ id: `r-x${at}`, title: "", matchId: null });
  }
  const rooms = await here.rooms();
  expect(rooms).toHaveLength(limits.publicRoomsMax);
  expect(rooms).not.toContainEqual(plaza);
  close();
});
