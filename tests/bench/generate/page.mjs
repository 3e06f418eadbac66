// A page of a marketing site, with five slots: the same size, the same page. Its mix is that of pages which are built from components: a
// start tag in every 60 bytes, a quarter of the bytes in attributes, a tenth in scripts and styles.

import { random } from "./random.mjs";

/** What stands in it of the slots of `rules.mjs`, in its order. */
export const PAGE_SLOTS = ["hero-title", "hero-body", "hero-cta", "hero-image", "proof"];

const WORDS = `plants meters estates energy night peak load tariff alarm furnace cold store shift report board invoice forecast window cable
sensor roof battery charge site region budget saving audit carbon target weather demand supply grid contract renewal finance team owner plan`.split(/\s+/);

/** A page of `size` bytes, give or take a block: UTF-8. */
export function page(size) {
  const dice = random("page", size);
  const blocks = [hero(dice)];
  for (let length = 3_000; length < size; length += blocks.at(-1).length) blocks.push(dice.pick([cards, article, prices, questions, inline])(dice));
  // The last slot stands where half of the page is over.
  blocks.splice(blocks.length >> 1, 0, `<aside class="proof proof--wide" id="proof"><p>${sentence(dice, 12)}</p><cite>${sentence(dice, 3)}</cite></aside>\n`);
  return Buffer.from(`${head(dice)}<main class="page" id="main">\n${blocks.join("")}</main>\n${foot(dice)}`);
}

const words = (dice, count) => Array.from({ length: count }, () => dice.pick(WORDS)).join(" ");

function sentence(dice, count) {
  const text = words(dice, count);
  return `${text[0].toUpperCase()}${text.slice(1)}${dice.chance(0.1) ? " – naïve &amp; simple" : ""}.`;
}

const paragraph = (dice) => Array.from({ length: dice.int(2, 5) }, () => sentence(dice, dice.int(6, 16))).join(" ");
const repeat = (dice, least, most, make) => Array.from({ length: dice.int(least, most) }, (_, at) => make(at)).join("\n");

function head(dice) {
  const rules = repeat(dice, 12, 12, () => `.${dice.pick(WORDS)}-${dice.int(1, 99)}>a:hover{color:#${dice.int(100, 999)};padding:${dice.int(1, 9)}px}`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${sentence(dice, 5)}</title>
<meta name="description" content="${sentence(dice, 12)}">
<link rel="stylesheet" href="/assets/site.css?v=${dice.int(1e5, 1e6)}">
<style>${rules}</style>
<script>window.dataLayer=window.dataLayer||[];for(var i=0;i<3&&i<dataLayer.length;i++)dataLayer.push({event:"${dice.pick(WORDS)}"});</script>
</head>
<body class="site site--${dice.pick(WORDS)}">
<nav class="nav" aria-label="Main"><ul class="nav__list">
${repeat(dice, 6, 6, (at) => `<li class="nav__item"><a class="nav__link" href="/${dice.pick(WORDS)}/" data-at="${at}">${sentence(dice, 2)}</a></li>`)}
</ul></nav>
`;
}

const hero = (dice) => `<section class="hero hero--dark" aria-labelledby="hero-title">
<div class="hero__text"><h1 class="hero__title" id="hero-title">${sentence(dice, 6)}</h1>
<div class="hero__body" id="hero-body"><p>${paragraph(dice)}</p></div>
<a class="button button--primary" id="hero-cta" href="/pricing">${sentence(dice, 3)}</a></div>
<img class="hero__image" id="hero-image" src="/images/hero.svg" alt="${sentence(dice, 4)}" width="640" height="360">
</section>
`;

const cards = (dice) => `<section class="cards cards--${dice.int(2, 4)}"><h2 class="cards__title">${sentence(dice, 4)}</h2><ul class="cards__list">
${repeat(dice, 3, 6, () => `<li class="card"><a class="card__link" href="/customers/${dice.pick(WORDS)}" data-track="card-${dice.int(1, 999)}"><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M${dice.int(1, 20)} 4h${dice.int(1, 9)}v16H4z"/></svg><h3>${sentence(dice, 3)}</h3><p>${sentence(dice, 12)}</p></a></li>`)}
</ul></section>
`;

const article = (dice) => `<article class="story" id="story-${dice.int(1e4, 1e5)}"><h2>${sentence(dice, 5)}</h2>
${repeat(dice, 2, 5, () => `<p class="story__text">${paragraph(dice)} <a href="/blog/${dice.pick(WORDS)}-${dice.int(1, 99)}">${words(dice, 2)}</a> <em>${words(dice, 3)}</em>, ${words(dice, 6)}.</p>`)}
<figure><img src="/images/${dice.pick(WORDS)}-${dice.int(1, 40)}.webp" alt="${sentence(dice, 3)}" loading="lazy"><figcaption>${sentence(dice, 6)}</figcaption></figure></article>
`;

const prices = (dice) => `<div class="table" role="region"><table class="prices"><thead><tr><th scope="col">${words(dice, 1)}</th><th scope="col">${words(dice, 1)}</th><th scope="col">${words(dice, 1)}</th></tr></thead><tbody>
${repeat(dice, 4, 8, () => `<tr><td>${words(dice, 2)}</td><td class="number">${dice.int(1, 9999)}</td><td><span class="tag tag--${dice.pick(WORDS)}">${words(dice, 1)}</span></td></tr>`)}
</tbody></table></div>
`;

const questions = (dice) => `<section class="faq">
${repeat(dice, 2, 4, () => `<details class="faq__item"><summary class="faq__question">${sentence(dice, 7)}</summary><div class="faq__answer"><p>${paragraph(dice)}</p></div></details>`)}
</section>
`;

const inline = (dice) => `<script type="application/json" id="data-${dice.int(1e4, 1e5)}">{"items":[${repeat(dice, 6, 12, () => `{"id":${dice.int(1, 1e6)},"name":"${words(dice, 3)}","open":${dice.chance(0.5)}}`).replaceAll("\n", ",")}]}</script>
`;

const foot = (dice) => `<footer class="foot"><div class="foot__columns">
${repeat(dice, 3, 3, () => `<ul>${repeat(dice, 5, 5, () => `<li><a href="/${dice.pick(WORDS)}">${words(dice, 2)}</a></li>`)}</ul>`)}
</div><small>${sentence(dice, 8)}</small></footer>
<script defer src="/assets/site.js?v=${dice.int(1e5, 1e6)}"></script>
</body>
</html>
`;
