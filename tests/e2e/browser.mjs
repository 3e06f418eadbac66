// Chromium for the end-to-end tests, from the packages of www/ and with nothing that calls home.

import { createRequire } from "node:module";

const require = createRequire(new URL("../../www/package.json", import.meta.url));
const { chromium } = require("playwright-core");
export const { build } = require("esbuild");

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.NAMEPLATE_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/** A page that keeps what went wrong in it: `problems` holds console errors, uncaught errors and policy violations. */
export async function openPage(browser, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  page.setDefaultTimeout(10_000);
  const problems = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  return { page, problems };
}
