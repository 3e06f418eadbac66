// What the tag's tests stand on: a site of two accounts, compiled, and a server for a slice of it, the tag's files and any page.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { writeSite } from "../web.mjs";

export const dist = fileURLToPath(new URL("../../../www/dist", import.meta.url));

const SETTINGS = `
site: Example
hosts: [www.example.com]
link_hosts: [shop.example.com]
custom: { plan: text, seats: number, trial: boolean }
cookies: { __Host-member: necessary, member: necessary, region: consent }
targeting: [tier, segments]
segments: { banks: account.tier == 1, mills: account.tier == 2 }
accounts: { file: accounts.csv, columns: { id: id, name: name, tier: tier } }
slots:
  title:   { selector: h1 }
  lead:    { selector: .lead }
  cta:     { selector: "#cta" }
  picture: { selector: "#picture" }
  plans:   { selector: .plan }
  late:    { selector: "#late" }
  role:    { selector: "#role" }
  flag:    { selector: "#flag" }
  gone:    { selector: "#gone" }
  promo:   { selector: "#promo" }
  items:   { selector: .item }
placements:
  box: { selector: "#ad", sizes: [300x250], label: Advertisement }
`;

const EXPERIENCE = `
name: hello
when: account.known && !page.path.startsWith("/pricing") && !page.path.startsWith("/changes")
priority: 500
variants:
  - name: only
    slots:
      title: { text: "Hello, {{account.name | you}}" }
      lead: { html: "All plants of <strong>{{account.name | yours}}</strong> on <a href=\\"/plants\\">one screen</a>" }
      cta: { text: "See the plan", attributes: { href: "/plan", title: "A plan" }, classes: { add: big } }
      picture: { attributes: { src: "/picture.gif", alt: "A plant" } }
      plans: { text: "For banks" }
      late: { text: "In time" }
`;

const FILES = {
  "nameplate.yaml": SETTINGS,
  "accounts.csv": "id,name,tier\nalder,Alder Bank,1\nbirch,Birch Mills,2\n",
  "experiences/hello.yaml": EXPERIENCE,
  "experiences/pricing.yaml": `
name: pricing
when: page.path.startsWith("/pricing")
priority: 400
variants: [{ name: only, slots: { title: { text: "Prices for banks" } } }]
`,
  "experiences/birch.yaml": `
name: birch
when: account.id == "birch"
priority: 900
variants: [{ name: only, slots: { title: { text: "For the mills" } } }]
`,
  "experiences/role.yaml": `
name: role
when: visitor.role == "champion" && visitor.visits >= 2
priority: 300
variants: [{ name: only, slots: { role: { text: "Welcome back" } } }]
`,
  "experiences/told.yaml": `
name: told
when: visitor.role == "approver" && page.utm_campaign == "spring"
priority: 310
variants: [{ name: only, slots: { role: { text: "Ready to sign" } } }]
`,
  "experiences/changes.yaml": `
name: changes
when: account.known && page.path.startsWith("/changes")
priority: 600
variants:
  - name: only
    slots:
      flag: { classes: { add: [plan, new], remove: old } }
      gone: { visible: false }
      promo: { visible: true }
      items: { before: "For ", after: '<li class="item">{{account.name | you}}</li>' }
      cta: { classes: { add: big }, after: '<p class="note">For <b>{{account.name | you}}</b></p>' }
      role: { visible: false }
`,
  "experiences/away.yaml": `
name: away
when: page.path == "/start"
priority: 600
variants: [{ name: only, redirect: "/from/start?of={{account.id | nobody}}" }]
`,
  ...Object.fromEntries(
    [["circle-a", "/circle/a", "/circle/b"], ["circle-b", "/circle/b", "/circle/a"], ["itself", "/itself/", "/itself?again=1"], ["shop", "/shop", "https://shop.example.com/banks"]].map(
      ([name, from, to]) => [`experiences/${name}.yaml`, `name: ${name}\nwhen: page.path == "${from}"\npriority: 600\nvariants: [{ name: only, redirect: "${to}" }]\n`],
    ),
  ),
  "ads/frame.yaml": `
name: frame
when: account.known && page.path.startsWith("/changes")
placements: [box]
priority: 10
creatives:
  - { name: moving, size: 300x250, link: "https://www.example.com/plan", alt: A plan, html: "<style>p { color: red }</style><p>A plan for {{account.name | you}}</p>" }
`,
  "experiences/far.yaml": `
name: far
when: visitor.device == "desktop" && visitor.time_zone == "Asia/Tokyo" && visitor.viewport_width == 640 && visitor.visibility == "visible"
priority: 200
variants: [{ name: only, slots: { role: { text: "Good morning" } } }]
`,
  "experiences/plan.yaml": `
name: plan
when: custom.plan == "pro" && custom.seats >= 10 && custom.trial
priority: 250
variants: [{ name: only, slots: { role: { text: "More seats" } } }]
`,
  "experiences/member.yaml": `
name: member
when: cookie("__Host-member") == "yes" || cookie("member") == "yes"
priority: 270
variants: [{ name: only, slots: { role: { text: "For members" } } }]
`,
  "experiences/region.yaml": `
name: region
when: visitor.cookies.region == "eu"
priority: 260
variants: [{ name: only, slots: { role: { text: "For Europe" } } }]
`,
  "ads/box.yaml": `
name: box
when: account.known && page.path == "/"
placements: [box]
priority: 10
creatives:
  - { name: words, size: 300x250, link: "https://www.example.com/plan", alt: A plan, headline: "A plan for {{account.name | you}}" }
`,
};

const slices = new Map();

/** The bytes of a slice: of whom, in the words of `nameplate slice`. */
export function sliceBytes(...whom) {
  const wanted = whom.length === 0 ? ["--account", "alder"] : whom;
  const key = wanted.join(" ");
  if (!slices.has(key)) slices.set(key, compile(wanted));
  return slices.get(key);
}

function compile(whom) {
  const { folder, run, clean } = writeSite(FILES);
  try {
    run("build", "site", "-o", "site.npb");
    run("slice", "site.npb", ...whom, "-o", "slice.npb");
    return readFileSync(join(folder, "slice.npb"));
  } finally {
    clean();
  }
}

export const BODY = `<h1 id="title">Welcome</h1>
<p class="lead">One screen for <em>all</em> plants.</p>
<a id="cta" class="button" href="/demo">Book a tour</a>
<img id="picture" src="/authored.gif" alt="">
<ul><li class="plan">One</li><li class="plan">Two</li></ul>
<p id="role">Nice to meet you</p>
<aside id="ad"><p>House notice</p></aside>
<script type="application/json" id="data">{"a":1}</script>`;

export const TAG = '<script async src="/np/tag.js" data-np-consent="granted"></script>';
const PIXEL = Buffer.from("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==", "base64");
const TYPES = { js: "text/javascript", wasm: "application/wasm", html: "text/html; charset=utf-8", gif: "image/gif" };

/**
 * A server for pages whose parts a test chooses: `page(path)` gives `{ head, body, headers }` or HTML, `answers[path]` what a path
 * answers instead of what it should: `{ status, type, body, delay }`, or `pieces` of a body that come one by one; or how the connection `fails`: it `hangs` or `resets` before the answer,
 * `stalls` or `breaks` in its middle. `asked` lists the paths that were asked for, `told` what events were sent, in JSON.
 */
export async function serve(options = {}) {
  const { page = () => ({}), answers = {} } = options;
  const asked = [];
  const told = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    asked.push(pathname);
    if (pathname === "/np/events") told.push(await text(request));
    const usual = { status: 200, headers: {}, ...file(pathname, page) };
    const { fails, status, headers, body, type, delay, pieces } = { ...usual, ...answers[pathname] };
    if (fails === "hangs") return;
    if (fails === "resets") return request.socket.destroy();
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
    response.writeHead(status, { "content-type": type, "cache-control": "no-store", ...(fails && { "content-length": body.length }), ...headers });
    if (pieces) return sendSlowly(response, pieces);
    if (!fails) return response.end(body);
    response.write(body.subarray(0, body.length >> 1), () => fails === "breaks" && request.socket.destroy());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, asked, told, stop };
}

/** Piece by piece, each when the browser has surely read the one before. */
async function sendSlowly(response, pieces) {
  for (const piece of pieces) {
    response.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  response.end();
}

function file(pathname, page) {
  const type = TYPES[pathname.split(".").pop()];
  if (pathname === "/np/slice") return { type: "application/octet-stream", body: sliceBytes() };
  if (pathname === "/np/events") return { status: 204, type: TYPES.html, body: "" };
  if (pathname.startsWith("/np/")) return { type, body: readFileSync(join(dist, pathname.slice("/np/".length))) };
  if (pathname.endsWith(".gif")) return { type, body: PIXEL };
  if (pathname.endsWith(".ico")) return { status: 404, type: TYPES.html, body: "" };
  const made = page(pathname);
  if (typeof made === "string") return { type: TYPES.html, body: made };
  if (made.type !== undefined) return made;
  const { head = TAG, body = BODY, headers = {} } = made;
  const html = `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,">${head}</head>\n<body>\n${body}\n</body></html>`;
  return { type: TYPES.html, body: html, headers };
}
