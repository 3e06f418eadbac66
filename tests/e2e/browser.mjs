// Chromium for the end-to-end tests, from the packages of www/ and with nothing that calls home.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const www = fileURLToPath(new URL("../../www/", import.meta.url));
const require = createRequire(`${www}package.json`);
const { chromium } = require("playwright-core");
const { build } = require("esbuild");

const executablePath = process.env.NAMEPLATE_CHROMIUM ?? "/usr/bin/chromium";
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where Chromium is and how it is started. */
export const CHROMIUM = { executablePath, args };

export function launch() {
  return chromium.launch(CHROMIUM);
}

/** A page that keeps what went wrong in it: `problems` holds console errors, uncaught errors and policy violations; `uncaught` these errors alone. */
export async function openPage(browser, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  page.setDefaultTimeout(10_000);
  const problems = [];
  const uncaught = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => {
    problems.push(String(error));
    uncaught.push(error.stack ?? String(error));
  });
  return { page, problems, uncaught };
}

/** One classic script of `contents`, which imports from www/. */
export async function bundle(contents, options = {}) {
  const { outputFiles } = await build({ stdin: { contents, resolveDir: www, loader: "ts" }, bundle: true, format: "iife", write: false, logLevel: "error", ...options });
  return outputFiles[0].text;
}
