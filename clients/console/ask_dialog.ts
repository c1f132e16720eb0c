/**
 * The one dialog: asks once more, or lists the keys. Focus goes back to where the
 * moderator was when it closes.
 */
import { confirmView, keysView } from "./dialog_view.ts";

export class AskDialog {
  readonly #dialog: HTMLDialogElement;
  #confirmed: () => void = () => {};

  constructor(dialog: HTMLDialogElement, onClose: () => void) {
    this.#dialog = dialog;
    dialog.addEventListener("close", onClose);
  }

  get isOpen(): boolean {
    return this.#dialog.open;
  }

  ask(title: string, what: string, then: () => void): void {
    this.#confirmed = then;
    this.#show(confirmView(title, what));
  }

  showKeys(): void {
    this.#show(keysView());
  }

  confirm(): void {
    this.#dialog.close();
    this.#confirmed();
  }

  close(): void {
    this.#dialog.close();
  }

  #show(views: HTMLElement[]): void {
    this.#dialog.replaceChildren(...views);
    if (!this.#dialog.open) this.#dialog.showModal();
  }
}
