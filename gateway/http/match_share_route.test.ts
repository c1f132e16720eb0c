import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../../runtime/http_route.ts";
import { matchShareRoutes, type SharedMatch } from "./match_share_route.ts";

const shared: SharedMatch = {
  title: `Argentina 1–0 "<b>France</b>" & Co`,
  description: "First half",
  alt: "Argentina 1–0 France",
  images: [{ path: "/cards/arg-fra.png?v=k1", width: 1200, height: 630 }],
  page: "/#/match/arg-fra",
};

async function ask(answer: SharedMatch | null) {
  const [route] = matchShareRoutes(() => Promise.resolve(answer));
  const url = new URL("https://golazo.example/m/arg-fra?utm=1");
  return await route!.answer({ params: { match: "arg-fra" }, url } as never as HttpRequest);
}

describe("/m/:match", () => {
  test("tells previews the match's image by the host that was asked", async () => {
    const { status, body } = await ask(shared);
    expect(status).toBe(200);
    for (
      const tag of [
        `<meta property="og:image" content="https://golazo.example/cards/arg-fra.png?v=k1">`,
        `<meta property="og:image:width" content="1200">`,
        `<meta property="og:image:height" content="630">`,
        `<meta property="og:image:alt" content="Argentina 1–0 France">`,
        `<meta property="og:url" content="https://golazo.example/m/arg-fra">`,
        `<meta name="twitter:card" content="summary_large_image">`,
        `<a data-page href="/#/match/arg-fra">`,
      ]
    ) expect(body).toContain(tag);
  });

  test("escapes what teams are called", async () => {
    const { body } = await ask(shared);
    expect(body).not.toContain("<b>");
    expect(body).toContain("Argentina 1–0 &#34;&#60;b&#62;France&#60;/b&#62;&#34; &#38; Co");
  });

  test("has no image where no cards are painted", async () => {
    const { body } = await ask({ ...shared, images: [] });
    expect(body).not.toContain("og:image");
    expect(body).toContain(`<meta name="twitter:card" content="summary">`);
  });

  test("is not there for an unknown match", async () => {
    expect((await ask(null)).status).toBe(404);
  });
});
