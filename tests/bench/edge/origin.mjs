// The pages' server, which all ask: `?page=20` is the page of 20 KB.
import page20 from "20.html";
import page100 from "100.html";

const PAGES = { 20: page20, 100: page100 };
const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "public, max-age=60", etag: '"v1"' };

export default {
  fetch: ({ url }) => new Response(PAGES[new URL(url).searchParams.get("page")], { headers }),
};
