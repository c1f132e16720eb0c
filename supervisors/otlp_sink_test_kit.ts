/**
 * A collector for tests: a real HTTP server that takes OTLP's JSON and keeps the
 * spans, or does as badly as it is told.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface OtlpAttribute {
  key: string;
  value: { stringValue?: string; intValue?: string };
}

export interface SunkSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code?: number; message?: string };
  attributes: Record<string, string>;
  /** Of the process that sent it. */
  process: Record<string, string>;
}

export class OtlpSink implements AsyncDisposable {
  readonly spans: SunkSpan[] = [];
  /** `POST /v1/traces application/json`, one a request. */
  readonly requests: string[] = [];
  /** Everything that was sent, as text. */
  text = "";
  status = 200;
  isSilent = false;
  readonly #server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    this.requests.push(`${method} ${url} ${headers["content-type"]}`);
    let body = "";
    for await (const chunk of request) body += chunk;
    if (this.isSilent) return;
    if (this.status === 200) this.#keep(body);
    response.writeHead(this.status, { "content-type": "application/json" }).end("{}");
  });

  static async open(): Promise<OtlpSink> {
    const sink = new OtlpSink();
    await new Promise<void>((resolve) => sink.#server.listen(0, "127.0.0.1", resolve));
    return sink;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(body: string): void {
    this.text += body;
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
      const process = byName(resource.attributes);
      for (const span of scopeSpans[0].spans) {
        this.spans.push({ ...span, attributes: byName(span.attributes), process });
      }
    }
  }
}

function byName(attributes: OtlpAttribute[]): Record<string, string> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue!]),
  );
}
