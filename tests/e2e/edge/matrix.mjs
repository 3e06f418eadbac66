// What goes through byte for byte: `[what, { ip, method, headers, body }, { status, headers, body }]`, the question and the origin's answer.

import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { PAGE, SIEMENS, STRANGER } from "./world.mjs";

export const KEPT = { etag: '"v1"', "last-modified": "Wed, 01 Jan 2025 00:00:00 GMT", "cache-control": "public, max-age=600", "accept-ranges": "bytes", "content-length": String(PAGE.length) };

const asking = (headers, more = {}) => ({ ip: SIEMENS, headers, ...more });
/** For an answer whose body is no page: it says nothing of its length. */
const saying = (headers) => ({ headers: { ...KEPT, ...headers } });
const packed = (encoding, body) => ({ headers: { ...KEPT, "content-encoding": encoding, "content-length": String(body.length) }, body });
const utf16 = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(PAGE.toString("utf8"), "utf16le")]);
const form = { "content-type": "application/x-www-form-urlencoded" };

export const MATRIX = [
  ["HEAD", asking({}, { method: "HEAD" }), { headers: KEPT, body: null }],
  ...["POST", "PUT", "PATCH", "DELETE"].map((method) => [method, asking(form, { method, body: "a=b" }), saying({})]),
  ["OPTIONS", asking({}, { method: "OPTIONS" }), saying({})],
  ...["image", "style", "script", "font", "empty", "video", "worker", "object"].map((dest) => [`a request for ${dest}`, asking({ "sec-fetch-dest": dest }), saying({})]),
  ["a request for anything", asking({ accept: "*/*", "sec-fetch-dest": null }), saying({})],
  ...[201, 203, 400, 401, 403, 404, 410, 418, 429, 500, 502, 503].map((status) => [`status ${status}`, asking({}), { status, ...saying({}) }]),
  ["status 206", asking({ range: "bytes=0-9" }), { status: 206, headers: { "content-range": `bytes 0-9/${PAGE.length}` }, body: PAGE.subarray(0, 10) }],
  ["status 416", asking({ range: "bytes=9999999-" }), { status: 416, headers: { "content-range": `bytes */${PAGE.length}` }, body: "" }],
  ...[204, 304].map((status) => [`status ${status}`, asking({ "if-none-match": '"v1"' }), { status, headers: { etag: '"v1"' }, body: null }]),
  ...[301, 302, 303, 307, 308].map((status) => [`a redirect, ${status}`, asking({}), { status, headers: { location: "/elsewhere?a=%20b" }, body: null }]),
  ...["application/json", "application/xhtml+xml", "text/plain; charset=utf-8", "text/htmlx", "image/svg+xml", "text/html; charset=utf-8, text/html"].map((type) => [`type \`${type}\``, asking({}), saying({ "content-type": type })]),
  ...["utf-16", "utf-16le", "UTF-16BE", "iso-2022-jp", "hz-gb-2312", "utf-7", "x-unknown", "replacement"].map((charset) => [`charset ${charset}`, asking({}), saying({ "content-type": `text/html; charset=${charset}` })]),
  ["UTF-16 that only its first bytes tell", asking({}), { body: utf16, headers: { "content-type": "text/html" }, isMarkupUnknown: true }],
  ["no-transform", asking({}), saying({ "cache-control": "public, No-Transform" })],
  ["encoding br", asking({}), packed("br", brotliCompressSync(PAGE))],
  ["encoding deflate", asking({}), packed("deflate", deflateSync(PAGE))],
  ["encodings gzip and br", asking({}), packed("gzip, br", brotliCompressSync(gzipSync(PAGE)))],
  ...["zstd", "compress"].map((encoding) => [`encoding ${encoding}`, asking({}), packed(encoding, PAGE)]),
  ["gzip that is no page", asking({ "sec-fetch-dest": "script" }), packed("gzip", gzipSync(PAGE))],
  ["an empty body", asking({ "sec-fetch-dest": "empty" }), { headers: { "content-length": "0" }, body: "" }],
  ["several cookies, and headers of one's own", asking({ "sec-fetch-dest": "empty" }), saying({ "set-cookie": ["a=1; Path=/", "b=2; Expires=Wed, 01 Jan 2125 00:00:00 GMT", "c=3"], "x-own": "a,  b", link: "</a.css>; rel=preload" })],
];

/** What only the handler itself lets through: strangers see what the bundle says, and no server sends an answer without a type. */
export const HANDLER_ONLY = [
  ["no type", asking({}), saying({ "content-type": "" })],
  ["a stranger", { ip: STRANGER }, saying({})],
  ["a visitor without an address", asking({ "cf-connecting-ip": null }), saying({})],
  ["a visitor who asks not to be recognised", asking({ "sec-gpc": "1" }), saying({})],
];
