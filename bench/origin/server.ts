/**
 * The origin alone: an HTTP listener of the gateway with the asset routes.
 */
import { assetRoutes } from "../../assets/asset_routes.ts";
import { clientAddress } from "../../gateway/auth/client_address.ts";
import { HttpServer } from "../../gateway/http/server.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { systemClock } from "../../runtime/clock.ts";
import type { Route } from "../../runtime/http_route.ts";
import { obey } from "../load_process.ts";

let answered: Record<string, number> = {};

function counted(route: Route): Route {
  return {
    ...route,
    answer(request) {
      const name = request.params.rest!;
      answered[name] = (answered[name] ?? 0) + 1;
      return route.answer(request);
    },
  };
}

obey({
  listen(folder: string): Promise<number> {
    const server = new HttpServer({
      routes: assetRoutes({ folder, clock: systemClock }).map(counted),
      clientAddress: clientAddress([]),
      clock: systemClock,
      events: silentEvents,
    });
    return server.listen({ host: "127.0.0.1", port: 0, reusePort: false });
  },
  /** By name, since the last time. */
  requests() {
    const before = answered;
    answered = {};
    return before;
  },
});
