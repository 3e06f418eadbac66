// A site for the tests of caches: the sample's accounts and networks, where some are shown their own name, and others what all of their
// tier are shown.

import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Nameplate } from "../../../www/dist/lib/node.js";
import { sampleNetworks } from "../../../www/test/sample.mjs";
import { writeSite } from "../web.mjs";

const data = (name) => fileURLToPath(new URL(`../../../data/site/${name}`, import.meta.url));

const SETTINGS = readFileSync(data("nameplate.yaml"), "utf8").replace(/^segments:[^]*$/m, "");
const experience = (name, when, slots) => `name: ${name}\nwhen: ${JSON.stringify(when)}\npriority: 500\nvariants: [{ name: only, slots: ${JSON.stringify(slots)} }]\n`;
const FILES = {
  "nameplate.yaml": `${SETTINGS}slots: { title: { selector: h1 }, lead: { selector: "#lead" } }\n`,
  "experiences/first.yaml": experience("first", "account.tier == 1", { title: { text: "Hello, {{account.name | you}}" }, lead: { html: "All of <b>{{account.name | yours}}</b>" } }),
  "experiences/second.yaml": experience("second", "account.tier == 2", { title: { text: "For those who grow" } }),
  "experiences/third.yaml": experience("third", "account.tier == 3", { lead: { text: "For those who begin" } }),
  "experiences/strangers.yaml": experience("strangers", "!account.known && page.path != \"/plain\"", { lead: { text: "Nice to meet you" } }),
};

export const HTML = `<!doctype html><title>A page</title><h1>One screen</h1><p id="lead">For all sites.</p>${"<p>More of it.</p>".repeat(200)}</html>\n`;
export const STRANGERS = ["91.0.0.1", "91.0.0.2", "2a02:8100::1"];

export const bytes = compiled();
export const nameplate = await Nameplate.load(bytes);

function compiled() {
  const { folder, run, clean } = writeSite(FILES);
  try {
    for (const name of ["accounts.csv", "networks.csv"]) copyFileSync(data(name), join(folder, "site", name));
    run("build", "site", "-o", "site.npb");
    return readFileSync(join(folder, "site.npb"));
  } finally {
    clean();
  }
}

/** One address of each account that has one: `{ ip, account, tier }`. */
export function visitors() {
  const found = new Map();
  for (const { prefix, account } of sampleNetworks()) {
    const ip = prefix.split("/")[0];
    if (!found.has(account) && nameplate.account(ip)?.id === account) found.set(account, { ip, account, tier: nameplate.account(ip).tier });
  }
  return [...found.values()];
}

/** Of the first account of a tier. */
export const ofTier = (tier, place = 0) => visitors().filter((visitor) => visitor.tier === tier)[place].ip;
