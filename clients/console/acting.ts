/**
 * What an action's key means where the moderator is: at a message, in a room, or
 * in somebody's case; and asking once more before what cannot be taken back.
 */
import type { ActionKey } from "./action_keys.ts";
import type { Acts } from "./acts.ts";
import type { AskDialog } from "./ask_dialog.ts";
import { caseActions } from "./case_view.ts";
import type { RoomDesk } from "./room_desk.ts";
import { actionsFor, roomActions } from "./room_view.ts";

/** Where the moderator is, as it is when a key is pressed. */
export interface ActingPlace {
  readonly acts: Acts | null;
  readonly desk: RoomDesk | null;
  /** Whose case is open; empty: nobody's. */
  readonly user: string;
  /** What is not everywhere is done there; empty: nowhere. */
  readonly room: string;
  readonly dialog: AskDialog;
}

interface Target {
  /** A message, a user, or empty: the room. */
  id: string;
  /** Who or what that is, in a word. */
  name: string;
  /** Where it was when the key was pressed. */
  room: string;
}

export class Acting {
  readonly #place: ActingPlace;

  constructor(place: ActingPlace) {
    this.#place = place;
  }

  /** False: the key means nothing here. */
  press(key: string): boolean {
    const { desk, user, room } = this.#place;
    const isKey = (one: ActionKey) => one.key === key;
    if (user !== "") {
      const action = caseActions(room !== "").find(isKey);
      if (action) void this.#act(action, { id: user, name: user, room });
      return action !== undefined;
    }
    if (!desk) return false;
    const { state } = desk.store.picture;
    const onRoom = roomActions(state?.mode ?? "").find(isKey);
    if (onRoom) {
      void this.#act(onRoom, { id: "", name: "the room", room });
      return true;
    }
    const { item } = desk;
    const isPinned = item !== null && (state?.pinned ?? []).includes(item.id);
    const action = item && actionsFor(item, isPinned).find(isKey);
    if (!item || !action) return false;
    void this.#act(action, {
      id: action.about === "user" ? item.user : item.id,
      ...{ name: item.user, room },
    });
    return true;
  }

  async #act(action: ActionKey, target: Target, confirm = false): Promise<void> {
    const { acts, dialog } = this.#place;
    const { asks, title } = action;
    const again = () => void this.#act(action, target, true);
    if (asks !== undefined && !confirm) {
      return dialog.ask(title, `${title}: ${asks}. It is about ${target.name}.`, again);
    }
    if (!acts) return;
    const field = document.querySelector<HTMLInputElement>("#reason");
    const reason = field?.value.trim() ?? "";
    const { id, name, room } = target;
    const more = await acts.act(action, { room, target: id, name, reason, confirm });
    if (more !== null) dialog.ask(title, more, again);
    else if (field) field.value = "";
  }
}
