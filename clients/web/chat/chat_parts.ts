/** What the chat needs of the page that it is in. */
import type { ClientPlatform, FanApi, GolazoClient } from "../../sdk/mod.ts";

export interface ChatParts {
  /** Room and match have one id. */
  room: string;
  client: GolazoClient;
  api: FanApi;
  platform: ClientPlatform;
  /** Given the sentence to read aloud, empty where there is none. */
  onChange(sentence: string): void;
}
