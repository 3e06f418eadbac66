// A site as it stands in the world: sources that are compiled, `nameplate serve`, and a web server before it that hands `/np/` on.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServe } from "./server.mjs";

export const program = process.env.NAMEPLATE_PROGRAM ?? fileURLToPath(new URL("../../target/release/nameplate", import.meta.url));

/** Sources in a folder of their own: `run(command, ...)` runs the program beside them, `clean()` removes all. */
export function writeSite(files) {
  const folder = mkdtempSync(join(tmpdir(), "nameplate-site-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "site", name)), { recursive: true });
    writeFileSync(join(folder, "site", name), text);
  }
  const run = (...args) => execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return { folder, run, clean: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Serves these sources: a browser at `address(url)` asks for `url`, `page(pathname)` is what the site itself answers. `{ url, stop }`. */
export async function startSite(files, { page, address }) {
  const { folder, run, clean } = writeSite(files);
  try {
    run("build", "site", "-o", "site.npb");
    const server = await startServe(join(folder, "site.npb"));
    const web = await startWeb(server.url, { page, address });
    return { url: web.url, stop: () => Promise.all([web.stop(), server.stop()]).then(clean) };
  } catch (error) {
    clean();
    throw error;
  }
}

/** The web server alone, before a decision server at `onward`; it hands on as nginx does it. */
export async function startWeb(onward, { page, address }) {
  const web = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url, "http://localhost");
    if (!url.pathname.startsWith("/np/")) {
      const { type = "text/html; charset=utf-8", body = "", headers = {} } = page(url.pathname);
      return outgoing.writeHead(200, { "content-type": type, ...headers }).end(body);
    }
    const headers = { ...incoming.headers, "x-forwarded-for": address(url) };
    const further = request(`${onward}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    further.on("error", () => outgoing.destroy());
    incoming.pipe(further);
  });
  await new Promise((resolve) => web.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    web.closeAllConnections();
    return new Promise((resolve) => web.close(resolve));
  };
  return { url: `http://127.0.0.1:${web.address().port}`, stop };
}
