// nginx as a cache that everybody shares, before the wrapper and between it and the origin: nobody is given a page of others.
// `NAMEPLATE_REQUESTS` says how many requests there are; `make soak` makes a hundred thousand.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { seeded } from "../../../www/test/sample.mjs";
import { startProgram } from "../process.mjs";
import { HTML, nameplate, STRANGERS, visitors } from "./cohorts.mjs";
import { edge, pageRequest } from "./world.mjs";

const REQUESTS = Number(process.env.NAMEPLATE_REQUESTS ?? 4_000);
const AT_ONCE = 16;
const ACCOUNTS = visitors().slice(0, 50);
const WHO = [...ACCOUNTS.map(({ ip }) => ip), ...STRANGERS];
const folder = mkdtempSync(join(tmpdir(), "nameplate-nginx-"));
const socket = (name) => join(folder, `${name}.sock`);
const agent = new Agent({ keepAlive: true });
const servers = [];
let nginx;

/** What the origin says of its pages. Strangers see `/plain` as its author wrote it. */
const PAGES = {
  "/": { "cache-control": "public, max-age=3600", etag: '"v1"', "accept-ranges": "bytes" },
  "/plain": { "cache-control": "public, max-age=3600", etag: '"v1"' },
  "/shared": { "cache-control": "max-age=60, s-maxage=3600", vary: "Accept-Encoding", expires: "Wed, 01 Jan 2125 00:00:00 GMT" },
  "/accel": { "x-accel-expires": "3600", "surrogate-control": "max-age=3600", "cdn-cache-control": "max-age=3600" },
  "/cookie": { "cache-control": "public, max-age=3600", "set-cookie": "a=1" },
  "/private": { "cache-control": "private" },
  "/none": {},
};
const STYLE = "p { color: green }";

function config() {
  const through = (zone, to, mark) => `
      proxy_pass http://unix:${socket(to)}:;
      proxy_cache ${zone};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      add_header ${mark} $upstream_cache_status;`;
  const server = (name, to, mark) => `
  proxy_cache_path ${folder}/${name} keys_zone=${name}:10m;
  server {
    listen unix:${socket(name)};
    location / {${through(name, to, mark)}
    }
  }`;
  return `daemon off;
pid ${folder}/nginx.pid;
error_log stderr error;
${process.getuid() === 0 ? "user root;" : ""}
worker_processes 1;
events { worker_connections 1024; }
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name}_temp;`).join("\n  ")}
  ${server("front", "wrapper", "x-front")}
  ${server("front-keeping", "wrapper-keeping", "x-front")}
  ${server("back", "origin", "x-back")}
}
`;
}

/** What an origin says, and from which cache it came. */
function ask(name, path, headers) {
  return new Promise((resolve, reject) => {
    request({ socketPath: socket(name), path, headers: { host: "www.tidewater.example", ...headers }, agent }, resolve).once("error", reject).end();
  });
}

function answer({ url, headers }, response) {
  const path = url.split("?")[0];
  if (path === "/style.css") return response.writeHead(200, { "content-type": "text/css", "cache-control": "public, max-age=3600" }).end(STYLE);
  const isPacked = /\bgzip\b/.test(headers["accept-encoding"] ?? "") && path === "/shared";
  const packing = isPacked ? { "content-encoding": "gzip" } : {};
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...PAGES[path], ...packing }).end(isPacked ? gzipSync(HTML) : HTML);
}

/** The handler behind a server of Node's. */
function wrapping(options) {
  const origin = async (asked) => {
    const { pathname, search } = new URL(asked.url);
    const came = await ask("back", pathname + search, Object.fromEntries(asked.headers));
    return new Response(Readable.toWeb(came), { status: came.statusCode, headers: Object.entries(came.headers).flatMap(([name, value]) => [value].flat().map((one) => [name, one])) });
  };
  const { handle, problems } = edge({ bundle: nameplate, origin, ...options });
  const serve = async (incoming, outgoing) => {
    const headers = Object.entries(incoming.headers).filter(([name]) => name !== "connection");
    const response = await handle(new Request(`https://www.tidewater.example${incoming.url}`, { headers, method: incoming.method }));
    const given = [...response.headers].filter(([name]) => !["connection", "transfer-encoding"].includes(name));
    outgoing.writeHead(response.status, given.flat());
    if (response.body === null) outgoing.end();
    else Readable.fromWeb(response.body).pipe(outgoing);
  };
  return { problems, server: createServer((...both) => void serve(...both).catch((error) => (problems.push(error.message), both[1].destroy()))) };
}

const kept = new Map();
const cache = { match: async ({ url }) => kept.get(url)?.clone(), put: async ({ url }, response) => void kept.set(url, response) };
const plain = wrapping({});
const keeping = wrapping({ cache });

before(async () => {
  for (const [name, server] of [["origin", createServer(answer)], ["wrapper", plain.server], ["wrapper-keeping", keeping.server]]) {
    await new Promise((resolve, reject) => server.once("error", reject).listen(socket(name), resolve));
    servers.push(server);
  }
  writeFileSync(join(folder, "nginx.conf"), config());
  nginx = await startProgram("nginx", ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")], /(?:)/, { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` });
  for (let tries = 0; ; tries += 1) {
    const is = await ask("front", "/style.css", {}).then((came) => came.resume().statusCode, () => 0);
    if (is === 200) break;
    assert.ok(tries < 300, "nginx does not answer");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

after(async () => {
  agent.destroy();
  await nginx?.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

/** What each is to see, by address and path. */
async function expectations() {
  const expected = new Map();
  for (const ip of WHO) {
    for (const path of Object.keys(PAGES)) {
      const { handle } = edge({ bundle: nameplate, origin: () => new Response(HTML, { headers: { "content-type": "text/html" } }) });
      const asking = new Request(`https://www.tidewater.example${path}`, pageRequest(ip));
      expected.set(`${ip} ${path}`, await (await handle(asking)).text());
    }
  }
  return expected;
}

test(`${REQUESTS} requests of ${ACCOUNTS.length} accounts and strangers through two caches: everybody sees his own page`, async () => {
  const expected = await expectations();
  assert.equal(ACCOUNTS.length, 50);
  const random = seeded(1);
  const one = (list) => list[Math.floor(random() * list.length)];
  const count = {};
  const extras = [{}, {}, {}, { "if-none-match": '"v1"' }, { range: "bytes=0-99" }, { "accept-encoding": "identity" }, { cookie: "a=2" }];
  const come = async () => {
    const [front, ip, extra] = [one(["front", "front-keeping"]), one(WHO), one(extras)];
    const path = one([...Object.keys(PAGES), "/style.css"]);
    const headers = { ...Object.fromEntries(pageRequest(ip, { headers: extra }).headers), ...(path === "/style.css" ? { "sec-fetch-dest": "style", accept: "text/css" } : {}) };
    const answered = await ask(front, path, headers);
    const body = Buffer.concat(await answered.toArray()).toString();
    const [own, authors] = [path === "/style.css" ? STYLE : expected.get(`${ip} ${path}`), path === "/style.css" ? STYLE : HTML];
    const said = answered.headers;
    const about = `${front} ${ip} ${path} ${JSON.stringify(extra)}: ${answered.statusCode} ${JSON.stringify(said)}`;
    const isKept = said["x-front"] === "HIT";
    // What a cache before the wrapper keeps is the author's: all of it, a part, or word that it is still the same.
    const whole = isKept ? authors : own;
    if (answered.statusCode === 304) assert.equal(isKept && body, "", about);
    else if (answered.statusCode === 206) assert.equal(isKept && body, authors.slice(0, 100), about);
    else assert.ok(answered.statusCode === 200 && body === whole, about);
    if (own !== authors && !isKept) assert.equal(said["cache-control"], "private, no-store", about);
    const kind = isKept ? "kept before" : own === authors ? "the author's" : ACCOUNTS.some((account) => account.ip === ip) ? "an account's" : "strangers'";
    count[kind] = (count[kind] ?? 0) + 1;
    if (said["x-back"] === "HIT") count["kept behind"] = (count["kept behind"] ?? 0) + 1;
  };
  let left = REQUESTS;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left > 0) {
      left -= 1;
      await come();
    }
  }));
  assert.deepEqual([plain.problems, keeping.problems], [[], []]);
  // All of it has happened; what goes through untouched is kept before.
  for (const [kind, least] of [["the author's", 1], ["kept before", REQUESTS / 50], ["an account's", REQUESTS / 50], ["strangers'", REQUESTS / 50], ["kept behind", REQUESTS / 50]]) {
    assert.ok(count[kind] >= least, `${kind}: ${JSON.stringify(count)}`);
  }
  // Three cohorts, and the pages that everybody may keep: the page for strangers is no changed one on `/plain`.
  assert.equal(kept.size, 3 * 3 - 1);
  const personal = new Set([...expected.values()].filter((text) => text !== HTML).map((text) => /<h1[^]*?<\/p>/.exec(text)[0]));
  assert.ok(personal.size > 5);
  for (const zone of ["front", "front-keeping"]) {
    const files = readdirSync(join(folder, zone), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    assert.ok(files.length >= 2);
    for (const { path, name } of files) {
      const text = readFileSync(join(path, name), "latin1");
      for (const page of personal) assert.ok(!text.includes(page), name);
    }
  }
  if (process.env.NAMEPLATE_REQUESTS !== undefined) console.log(count);
});
