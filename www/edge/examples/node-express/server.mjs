// An Express application whose pages arrive personalised: SITE=site.npb PAGES=pages PORT=3000 node server.mjs

import { readFile } from "node:fs/promises";
import express from "express";
import { middleware } from "nameplate/node";

const { SITE = "site.npb", PAGES = "pages", PORT = "3000" } = process.env;

const app = express();
// One proxy stands before this one. Where none does: (request, incoming) => incoming.socket.remoteAddress.
app.use(middleware({ bundle: () => readFile(SITE), clientAddress: "x-forwarded-for=1" }));
app.use(express.static(PAGES));

const server = app.listen(Number(PORT), () => console.log(`http://127.0.0.1:${server.address().port}`));
