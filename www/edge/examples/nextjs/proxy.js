// What each page's visitor is to see is decided here, before the page is made: npm run build && SITE=site.npb npm start

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { personalise } from "nameplate/next";

const tagFiles = join(process.cwd(), "node_modules/nameplate/dist/np");

export const proxy = personalise({
  bundle: () => readFile(process.env.SITE ?? "site.npb"),
  // One proxy stands before this server, as on Vercel.
  clientAddress: "x-forwarded-for=1",
  // Kept by Next.js, one page for all who see the same: app/np/[cohort]/pricing.
  cohorts: { "/pricing": ["pricing-title", "pricing-cta"] },
  // The tag, where pages have it: what you measure with takes the place of the log.
  np: {
    files: (name) => readFile(join(tagFiles, name)),
    events: (events) => console.log(JSON.stringify(events)),
  },
});

// All pages that read the decision, and `/np/`.
export const config = { matcher: "/((?!_next/).*)" };
