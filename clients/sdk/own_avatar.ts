/**
 * Sets a fan's own picture, or takes it away. Signs in who has not yet, as the
 * first word in a chat does.
 */
import type { ClientPlatform } from "./client_platform.ts";
import type { FanApi } from "./fan_api.ts";
import { refusalOf } from "./refusal.ts";

/** Null: none any more. @throws {Refusal} by the server, or as the platform does. */
export async function setOwnAvatar(
  platform: Pick<ClientPlatform, "request">,
  api: Pick<FanApi, "asFan">,
  file: Uint8Array | null,
): Promise<void> {
  const answer = await api.asFan((token) =>
    platform.request({
      ...{ method: file ? "POST" : "DELETE", path: "/api/avatar", token },
      ...file ? { file } : {},
    })
  );
  if (answer.status !== 201 && answer.status !== 204) throw refusalOf(answer);
}
