/**
 * What was said before the room's last messages, page by page as it is asked for.
 *
 * A page was made before it came: what was removed meanwhile stays removed, and
 * what is known already is known better.
 */
import { bounded } from "./chat_bound.ts";
import { type ChatPicture, isRemoved } from "./chat_picture.ts";
import type { RoomPage } from "./room_page.ts";

export function withPage(picture: ChatPicture, page: RoomPage): ChatPicture {
  const known = new Set(picture.messages.map(({ id }) => id));
  const fresh = page.messages.filter((one) => !known.has(one.id) && !isRemoved(picture, one));
  const messages = [...fresh, ...picture.messages].sort((a, b) => a.id < b.id ? -1 : 1);
  const reactions = new Map([...page.reactions, ...picture.reactions]);
  return bounded({ ...picture, isPastKept: true, messages, reactions, before: page.before });
}

/** From now on the oldest stay, as somebody reads there. */
export function withPastKept(picture: ChatPicture): ChatPicture {
  return { ...picture, isPastKept: true };
}

/** Back at the newest: the past may go, and be asked for again. */
export function withPastLetGo(picture: ChatPicture): ChatPicture {
  return picture.isPastKept ? bounded({ ...picture, isPastKept: false }) : picture;
}
