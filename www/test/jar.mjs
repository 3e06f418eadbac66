// A site whose rules read two cookies: one always, one with consent.

import { siteBytes } from "./sample.mjs";

const experience = (slot, name, priority, when, text) => `name: ${name}\nwhen: '${when}'\npriority: ${priority}\nvariants: [{ name: only, slots: { ${slot}: { text: ${text} } } }]\n`;
const filesOf = (slot) => ({
  "nameplate.yaml": `site: Example\nhosts: [www.tidewater.example]\naccounts: { file: accounts.csv, columns: { id: id, name: name } }\ncookies: { __Host-plan: necessary, region: consent }\nslots: { ${slot}: { selector: h1 } }\n`,
  "accounts.csv": "id,name\nalder,Alder Bank\n",
  "experiences/plan.yaml": experience(slot, "plan", 500, 'cookie("__Host-plan") == "pro"', "For those who pay"),
  "experiences/region.yaml": experience(slot, "region", 400, 'visitor.cookies.region in ["eu", "uk"]', "For Europe"),
});

/** The bytes of its bundle. `slot`: the one that they fill. */
export function cookieBytes(slot = "title") {
  return siteBytes(filesOf(slot));
}
