/**
 * Golazo for programs that embed it.
 *
 * ```ts
 * const golazo = await startGolazo({ config: parseConfig({ argv: [], env: {} , readFile }), write: console.error });
 * console.log(golazo.address);
 * await golazo.stop("done");
 * ```
 */
export { type Golazo, type GolazoOptions, startGolazo } from "./supervisors/golazo.ts";
export { type Config, type ConfigSources, parseConfig } from "./supervisors/config.ts";
