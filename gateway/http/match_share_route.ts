/**
 * `/m/:match`: a match as links show it, and the way from there to its page.
 *
 * Programs that preview a link read the head and run no script; people's
 * browsers run the one that sends them on, or show the link. Addresses are of
 * the host by which the request came, since that is what was shared; the image's
 * changes with what it shows, so that no cache of previews keeps an old score.
 */
import { type HttpReply, problemReply, type Route } from "../../runtime/http_route.ts";

export interface SharedImage {
  /** From the root, with its query. */
  path: string;
  width: number;
  height: number;
}

export interface SharedMatch {
  title: string;
  description: string;
  /** The image in words. */
  alt: string;
  /** The first is the one for links; none where no cards are painted. */
  images: SharedImage[];
  /** The app's page of the match, from the root. */
  page: string;
}

/** Null: there is no such match. */
export type ShareOf = (matchId: string) => Promise<SharedMatch | null>;

const SCRIPT = `const page = document.querySelector("a[data-page]");
if (page) location.replace(page.href);
`;
const HTML = { "content-type": "text/html; charset=utf-8" };

export function matchShareRoutes(shareOf: ShareOf): Route[] {
  return [
    {
      method: "GET",
      path: "/m/:match",
      async answer({ params: { match = "" }, url }) {
        const shared = await shareOf(match);
        if (shared === null) return unknown();
        return {
          status: 200,
          headers: { ...HTML, "cache-control": "public, s-maxage=1, stale-while-revalidate=5" },
          body: pageOf(shared, url.origin, url.origin + url.pathname),
        };
      },
    },
    {
      // No match's id has a dot.
      method: "GET",
      path: "/m/open.js",
      answer: () => ({
        status: 200,
        headers: {
          "content-type": "text/javascript; charset=utf-8",
          "cache-control": "public, max-age=86400",
        },
        body: SCRIPT,
      }),
    },
  ];
}

function pageOf(shared: SharedMatch, origin: string, address: string): string {
  const { title, description, alt, images, page } = shared;
  const head = [
    property("og:site_name", "Golazo"),
    property("og:type", "website"),
    property("og:url", address),
    property("og:title", title),
    property("og:description", description),
    ...images.flatMap(({ path, width, height }) => [
      property("og:image", origin + path),
      property("og:image:type", "image/png"),
      property("og:image:width", `${width}`),
      property("og:image:height", `${height}`),
      property("og:image:alt", alt),
    ]),
    named("twitter:card", images.length > 0 ? "summary_large_image" : "summary"),
    named("twitter:title", title),
    named("twitter:description", description),
    ...images.slice(0, 1).flatMap(({ path }) => [
      named("twitter:image", origin + path),
      named("twitter:image:alt", alt),
    ]),
    named("description", description),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${escaped(title)} – Golazo</title>
<link rel="canonical" href="${escaped(address)}">
${head.join("\n")}
<script src="/m/open.js" defer></script>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(description)}</p>
<p><a data-page href="${escaped(page)}">Follow the match live</a></p>
</body>
</html>
`;
}

function unknown(): HttpReply {
  return problemReply({ status: 404, code: "unknownMatch", detail: "There is no such match" });
}

function property(name: string, content: string): string {
  return `<meta property="${name}" content="${escaped(content)}">`;
}

function named(name: string, content: string): string {
  return `<meta name="${name}" content="${escaped(content)}">`;
}

function escaped(text: string): string {
  return text.replace(/[<>&"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
