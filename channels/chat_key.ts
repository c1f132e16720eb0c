/**
 * What a room's publication is about, readable without decoding its body.
 *
 * Stands in the envelope's key, which only volatile publications need
 * otherwise: a gateway samples posts by their authors, and takes a removed body
 * out of what it keeps, though to it all bodies are bytes.
 */

/** Of a post or an edit: the message and who wrote it. */
export function postKey(message: string, author: string): string {
  return `${message} ${author}`;
}

/** Of a removal: one message, or all of a user's up to one. */
export function removalKey(removed: { message: string } | { user: string; upTo: string }): string {
  return "message" in removed ? `${removed.message} ` : `<=${removed.upTo} ${removed.user}`;
}

export function authorOf(key: string): string {
  return key.slice(key.indexOf(" ") + 1);
}

/** Whether a removal takes away what a post says; ids stand in the order of the messages. */
export function removes(removal: string, post: string): boolean {
  const [what, user] = [removal.slice(0, removal.indexOf(" ")), authorOf(removal)];
  const message = post.slice(0, post.indexOf(" "));
  if (!what.startsWith("<=")) return message === what;
  return authorOf(post) === user && message <= what.slice(2);
}
