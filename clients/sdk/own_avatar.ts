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
  api: Pick<FanApi, "signedIn" | "renewed">,
  file: Uint8Array | null,
): Promise<void> {
  const ask = (token: string) =>
    platform.request({
      ...{ method: file ? "POST" : "DELETE", path: "/api/avatar", token },
      ...file ? { file } : {},
    });
  let answer = await ask(await api.signedIn());
  if (answer.status === 401) answer = await ask(await api.renewed());
  if (answer.status !== 201 && answer.status !== 204) throw refusalOf(answer);
}
