/**
 * A server to which nothing is done, beside the one that is drilled.
 *
 * The same neighbours are played on it at the same time, so that what the
 * machine does to any server can be told from what the fault did to one.
 */
import { Neighbours } from "./neighbours.ts";
import { opening } from "./opening.ts";
import { ProcessGroup, type ServerProcess } from "./process_group.ts";
import { Subscriber } from "./subscriber.ts";
import { until } from "./until.ts";
import { WebhookSource } from "./webhook_source.ts";

export class Control {
  readonly #group = new ProcessGroup(WebhookSource.settings);
  readonly #source = new WebhookSource(() => this.#server.address);
  readonly #neighbours = new Neighbours(this.#source);
  #server!: ServerProcess;
  #fan: Subscriber | null = null;

  async start(): Promise<void> {
    this.#server = await this.#group.start();
    const { ids } = this.#neighbours;
    for (const id of ids) await this.#source.post(id, opening());
    const fan = new Subscriber({
      name: "control",
      address: () => this.#server.address,
      channels: ids.map((id) => `match:${id}`),
    });
    this.#fan = fan;
    await until("the control's fan is subscribed", () => fan.isSubscribed);
    this.#neighbours.start();
  }

  /** Ends the play; answers the longest gap of its neighbours. */
  async stop(from: number, to: number): Promise<number> {
    this.#neighbours.stop();
    await this.#source.settled();
    return this.#neighbours.longestGap(this.#fan!, from, to);
  }

  end(): void {
    this.#neighbours.stop();
    this.#fan?.close();
    this.#group.end();
  }
}
