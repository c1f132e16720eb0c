/**
 * What a fan asks the server by HTTP: markets, own predictions, ranks.
 *
 * Reading signs nobody in: without a token there is nothing of one's own to
 * read, and the answer is null without a question. The first prediction does.
 * A token that has run out is renewed once a question, never in a circle.
 */
import type { ClientPlatform, HttpAnswer } from "./client_platform.ts";
import type { FanToken, TokenSource } from "./fan_token.ts";
import type {
  AroundMe,
  BoardPage,
  MatchMarkets,
  OwnPrediction,
  OwnProjection,
  PredictionResult,
  PredictionToSend,
} from "./fan_json.ts";
import { Refusal, refusalOf } from "./refusal.ts";
import { TokenKeeper } from "./token_keeper.ts";

export class FanApi {
  /** Empty: nobody has signed in. */
  user = "";
  readonly #platform: ClientPlatform;
  readonly #tokens: TokenKeeper;
  #whyNoToken: unknown = null;

  constructor(platform: ClientPlatform, source: TokenSource) {
    this.#platform = platform;
    const known = source.load();
    this.user = known?.user ?? "";
    this.#tokens = new TokenKeeper(known?.token, async () => {
      const fan = await source.fetch().catch((thrown) => {
        this.#whyNoToken = thrown;
        throw thrown;
      });
      return this.#became(fan);
    });
  }

  /** All methods: @throws {Refusal} by the server, or as the platform does where nobody answers. */
  markets(match: string): Promise<MatchMarkets> {
    return this.#read(`/api/matches/${match}/markets`);
  }

  async predictions(match: string): Promise<OwnPrediction[] | null> {
    const path = `/api/matches/${match}/predictions`;
    return (await this.#readOwn<{ predictions: OwnPrediction[] }>(path))?.predictions ?? null;
  }

  projection(match: string): Promise<OwnProjection | null> {
    return this.#readOwn(`/api/matches/${match}/projection`);
  }

  board(id: string, page = 1): Promise<BoardPage> {
    return this.#read(`/api/leaderboards/${id}?page=${page}`);
  }

  /** The rows beside the fan's own, as many above as below. */
  aroundMe(id: string, each: number): Promise<AroundMe | null> {
    return this.#readOwn(`/api/leaderboards/${id}?around=me&above=${each}&below=${each}`);
  }

  /** Signs in where nobody has; answers in the order of the predictions. */
  async predict(predictions: readonly PredictionToSend[]): Promise<PredictionResult[]> {
    const body = JSON.stringify({ predictions });
    const answer = await this.asFan((token) =>
      this.#platform.request({ method: "POST", path: "/api/predictions", token, body })
    );
    if (answer.status !== 200) throw refusalOf(answer);
    return (answer.value as { results: PredictionResult[] }).results;
  }

  /** Asks with the fan's token, and once more where it has run out. Signs in where nobody has. */
  async asFan(ask: (token: string) => Promise<HttpAnswer>): Promise<HttpAnswer> {
    let answer = await ask(await this.signedIn());
    if (answer.status === 401 && this.#tokens.mayRenew) answer = await ask(await this.renewed());
    if (answer.status !== 401) this.#tokens.wasTaken();
    return answer;
  }

  /** The fan's token, for the socket; signs in where nobody has. */
  async signedIn(): Promise<string> {
    if (this.#tokens.token === "") await this.#renew();
    return this.#tokens.token;
  }

  /** A newer token of the same fan. */
  async renewed(): Promise<string> {
    await this.#renew();
    return this.#tokens.token;
  }

  async #read<Value>(path: string): Promise<Value> {
    const answer = await this.#platform.request({ method: "GET", path, token: "" });
    if (answer.status !== 200) throw refusalOf(answer);
    return answer.value as Value;
  }

  async #readOwn<Value>(path: string): Promise<Value | null> {
    if (this.#tokens.token === "") return null;
    const { token } = this.#tokens;
    const answer = await this.#platform.request({ method: "GET", path, token });
    if (answer.status === 401) {
      this.#tokens.token = "";
      this.user = "";
      return null;
    }
    this.#tokens.wasTaken();
    if (answer.status !== 200) throw refusalOf(answer);
    return answer.value as Value;
  }

  async #renew(): Promise<void> {
    if (await this.#tokens.renew()) return;
    throw this.#whyNoToken ?? new Refusal("signIn", "Nobody has signed in");
  }

  #became({ token, user }: FanToken): string {
    this.user = user;
    return token;
  }
}
