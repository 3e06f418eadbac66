// An Express application whose pages arrive personalised: SITE=site.npb PAGES=pages PORT=3000 node server.mjs

import { readFile } from "node:fs/promises";
import express from "express";
import { middleware } from "nameplate/node";

const { SITE = "site.npb", PAGES = "pages", PORT = "3000" } = process.env;

const app = express();
app.use(
  middleware({
    bundle: () => readFile(SITE),
    // One proxy stands before this one. Where none does: (request, incoming) => incoming.socket.remoteAddress.
    clientAddress: "x-forwarded-for=1",
    // The tag, where pages have it: what you measure with takes the place of the log.
    np: {
      files: (name) => readFile(new URL(import.meta.resolve(`nameplate/np/${name}`))),
      events: (events) => console.log(JSON.stringify(events)),
    },
  }),
);
app.use(express.static(PAGES));

const server = app.listen(Number(PORT), () => console.log(`http://127.0.0.1:${server.address().port}`));
