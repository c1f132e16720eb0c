/**
 * Golazo's process: `deno task start`. What it is made of is in supervisors/.
 */
import { exitProcess } from "./runtime/platform.ts";
import { boot } from "./supervisors/boot.ts";

const exitCode = await boot();
if (exitCode !== null) exitProcess(exitCode);
