// The W3C WebDriver protocol over `fetch`: as much of it as the tests need, in Puppeteer's words.

const LIMIT_MS = 30_000;
const START_LIMIT_MS = 10_000;
const STARTS_MAX = 3;
/** WebKit's driver never answers a script whose page is kept meanwhile, whatever its own limit; who waits for something asks again. */
const SCRIPT_LIMIT_MS = 3_000;

/** One command. Errors say which, and what the browser answered. */
export async function command(driver, method, path, parameters, limit = LIMIT_MS) {
  const body = method === "POST" ? JSON.stringify(parameters ?? {}) : undefined;
  const response = await fetch(driver + path, { method, body, signal: AbortSignal.timeout(limit) }).catch((error) => {
    throw new Error(`${method} ${path}: ${error}`);
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}

/** A page in a browser of its own, that remembers nothing. */
export class WebDriverPage {
  #session;

  constructor(session) {
    this.#session = session;
  }

  /** `{ page, version }`. Once in some 200 times WebKit's driver misses that its browser has started: then it is asked again. */
  static async open(driver, starts = 1) {
    try {
      const { sessionId, capabilities } = await command(driver, "POST", "/session", { capabilities: {} }, START_LIMIT_MS);
      const page = new WebDriverPage(`${driver}/session/${sessionId}`);
      await page.#post("/window/rect", { width: 1440, height: 900 });
      return { page, version: capabilities.browserVersion };
    } catch (error) {
      if (starts === STARTS_MAX) throw error;
      return WebDriverPage.open(driver, starts + 1);
    }
  }

  goto(url) {
    return this.#post("/url", { url });
  }

  reload() {
    return this.#post("/refresh");
  }

  /** What `call(argument)` gives in the page, awaited. */
  async evaluate(call, argument) {
    const script = `const done = arguments[1];
      Promise.resolve(arguments[0]).then(${call}).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await this.#post("/execute/async", { script, args: [argument ?? null] }, SCRIPT_LIMIT_MS);
    if (error !== undefined) throw new Error(error);
    // JSON has no `undefined`.
    return value === null ? undefined : value;
  }

  async click(selector) {
    const element = await this.#post("/element", { using: "css selector", value: selector });
    await this.#post(`/element/${Object.values(element)[0]}/click`);
  }

  close() {
    return command(this.#session, "DELETE", "");
  }

  #post(path, parameters, limit) {
    return command(this.#session, "POST", path, parameters, limit);
  }
}
