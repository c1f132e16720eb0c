/**
 * What of a chat is fetched once its words are there: faces, and the look of what
 * only shows once a fan does something.
 */
import laterStyle from "./chat_later.css" with { type: "text" };
import { addStyle } from "./chat_style.ts";

addStyle(laterStyle);

export { ChatFaces } from "./chat_faces.ts";
