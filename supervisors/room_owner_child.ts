/**
 * An owner of rooms as a process, until it is killed, for
 * `remote_rooms.process.test.ts`.
 *
 * `room_owner_child.ts <redis url> <database url> <namespace> <fence>`: answers at
 * the door of the test's room. It is its owner by the fence alone, there is no
 * placement around it.
 */
import { partitionOf } from "../actors/ports/partition.ts";
import { OwnerDoors } from "../channels/owner_call.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { systemClock } from "../runtime/clock.ts";
import { commandLine, printLine } from "../runtime/platform.ts";
import { systemRandom } from "../runtime/random.ts";
import type { Config } from "./config.ts";
import { roomAbilities } from "./remote_rooms.ts";
import { ROOM, roomsNode } from "./rooms_test_kit.ts";
import { openHotStores, openSqlStores } from "./stores.ts";

const [redisUrl = "", databaseUrl = "", namespace = "", fence = ""] = commandLine();
const parts = { clock: systemClock, random: systemRandom, events: silentEvents };
const config = { redisUrl, databaseUrl, namespace, data: "" } as Config;
const hot = await openHotStores(config, parts);
const sql = await openSqlStores(config, parts);
const { rooms } = await roomsNode({ hot, sql, fence: Number(fence), node: `n${fence}` });
await rooms.pulse(ROOM);
await new OwnerDoors(hot.broker, roomAbilities(rooms) as never).open(partitionOf(ROOM));
printLine("owns");
