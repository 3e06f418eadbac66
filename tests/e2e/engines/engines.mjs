// Three engines behind one interface: `start()` gives `{ version, open, close }`, `open()` a page in a context that remembers
// nothing: `goto`, `reload`, `evaluate(call, argument)`, `click(selector)`, `close`.
//
// Chromium by Puppeteer too, because Playwright turns off what visitors have: pages that are kept, pages that are prerendered.

import { createRequire } from "node:module";
import { CHROMIUM } from "../browser.mjs";
import { freePort, startProgram } from "../process.mjs";
import { eventually } from "../server.mjs";
import { makeHome } from "./home.mjs";
import { command, WebDriverPage } from "./webdriver.mjs";

const require = createRequire(new URL("../../../www/package.json", import.meta.url));
const puppeteer = require("puppeteer-core");

const CHROME = { browser: "chrome", ...CHROMIUM };
const FIREFOX = { browser: "firefox", executablePath: "/usr/bin/firefox-esr" };

async function startPuppeteer(options) {
  const { folder, env, remove } = makeHome();
  try {
    const defaultViewport = { width: 1440, height: 900 };
    const browser = await puppeteer.launch({ ...options, env, userDataDir: folder, defaultViewport });
    const open = async () => {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      page.close = () => context.close();
      return page;
    };
    const version = (await browser.version()).replace(/^.*\//, "");
    return { version, open, close: () => browser.close().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** WebKitGTK needs a display; a driver has one browser at a time. */
async function startWebKit() {
  const ends = [];
  const close = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const home = makeHome();
    ends.push(home.remove);
    const screen = await startProgram("Xvfb", ["-displayfd", "1", "-screen", "0", "1440x1000x24", "-nolisten", "tcp"], /^\d+$/m);
    ends.push(screen.stop);
    const port = await freePort();
    const env = { ...home.env, DISPLAY: `:${screen.found}`, GDK_BACKEND: "x11", NO_AT_BRIDGE: "1" };
    const driver = await startProgram("WebKitWebDriver", [`--port=${port}`, "--replace-on-new-session"], /^/, env);
    ends.push(driver.stop);
    const url = `http://127.0.0.1:${port}`;
    await eventually(() => command(url, "GET", "/status"));
    const { page, version } = await WebDriverPage.open(url);
    await page.close();
    return { version, open: async () => (await WebDriverPage.open(url)).page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export const ENGINES = {
  Chromium: () => startPuppeteer(CHROME),
  "Firefox ESR": () => startPuppeteer(FIREFOX),
  WebKitGTK: startWebKit,
};
