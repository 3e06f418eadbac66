// A site whose rules read two cookies: one always, one with consent.

import { siteBytes } from "./sample.mjs";

const experience = (name, priority, when, text) => `name: ${name}\nwhen: '${when}'\npriority: ${priority}\nvariants: [{ name: only, slots: { title: { text: ${text} } } }]\n`;
const FILES = {
  "nameplate.yaml": "site: Example\nhosts: [www.tidewater.example]\naccounts: { file: accounts.csv, columns: { id: id, name: name } }\ncookies: { __Host-plan: necessary, region: consent }\nslots: { title: { selector: h1 } }\n",
  "accounts.csv": "id,name\nalder,Alder Bank\n",
  "experiences/plan.yaml": experience("plan", 500, 'cookie("__Host-plan") == "pro"', "For those who pay"),
  "experiences/region.yaml": experience("region", 400, 'visitor.cookies.region in ["eu", "uk"]', "For Europe"),
};

/** The bytes of its bundle. */
export function cookieBytes() {
  return siteBytes(FILES);
}
