// The bars of the project's goal for cost, each beside what was measured.

import { microseconds, number, table } from "./report.mjs";

export function bars({ address, rules, general, scale, start, size, page, memory, serve, rewriter, edge, faults, match, databases }) {
  const rows = [];
  const bar = (what, want, got, holds) => rows.push([what, want, got, holds ? "yes" : "**no**"]);
  const one = (size, accounts = 5000) => scale.find((set) => set.rules === size && set.accounts === accounts);

  const flat = one(100000)["js known"].cpuNs / one(1000)["js known"].cpuNs;
  bar("a decision at 100,000 rules against 1,000, known account, JavaScript", "at most 1.5x", `${number(flat)}x`, flat <= 1.5);
  const native = one(100000)["native known"].cpuNs / one(1000)["native known"].cpuNs;
  bar("the same, native", "at most 1.5x", `${number(native)}x`, native <= 1.5);

  for (const mode of ["what each slot shows", "all rules that hold"]) {
    for (const [size, want] of [[1000, 100], [100000, 10000]]) {
      const { ours, ...peers } = rules[`JavaScript: ${mode}`][size];
      const ratios = Object.entries(peers).filter(([, peer]) => peer.known).map(([name, peer]) => [name, peer.known.cpuNs / ours.known.cpuNs]);
      const [name, least] = ratios.sort(([, a], [, b]) => a - b)[0] ?? ["none", Infinity];
      bar(`${number(size, 6)} rules, JavaScript, ${mode}: the nearest peer`, `${number(want, 6)}x`, `${number(least)}x (\`${name}\`)`, least >= want);
    }
  }

  for (const [what, key, peers] of [
    ["native against `maxminddb`", "native", ["maxminddb raw", "maxminddb decode"]],
    ["JavaScript against npm `maxmind`", "js", ["maxmind"]],
  ]) {
    for (const family of ["v4", "v6"]) {
      const found = address[`5000 ${key} ${family}`];
      for (const peer of peers) {
        const ratio = found[peer].cpuNs / found.ours.cpuNs;
        bar(`address IP${family}, ${what === "native against `maxminddb`" ? `native against \`${peer}\`` : what}`, "8x", `${number(ratio)}x`, ratio >= 8);
      }
    }
  }

  for (const size of [1000, 100000]) {
    const [, own, inTurn] = general[size];
    const ratio = inTurn.cpuNs / own.cpuNs;
    bar(`a company in no list, ${number(size, 6)} rules, native: the same programs in turn`, "more than 1x", `${number(ratio)}x`, ratio > 1);
  }

  const goal = one(1000, 10000);
  bar("`decide` p50 in Node, 8 slots, 3 placements, 10,000 accounts, 1,000 rules", "5 µs", `${microseconds(goal.latency.p50)} µs`, goal.latency.p50 <= 5000);
  for (const [size, accounts, most] of [[1000, 10000, 5], [10000, 100000, 180]]) {
    const { milliseconds, peakBytes } = one(size, accounts).build;
    const [seconds, gib] = [milliseconds / 1000, peakBytes / 2 ** 30];
    bar(`\`nameplate build\`, ${number(accounts, 6)} accounts, ${number(size, 6)} rules, one core`, `${most} s, 8 GiB`, `${number(seconds)} s, ${number(gib)} GiB`, seconds <= most && gib <= 8);
  }
  const opens = memory.prefix["ours, native"].cpuNs / 10;
  bar("prefixes opened, native, 100,000 of them", "2 ms", `${number(opens)} ms`, opens <= 2);
  const held = [memory.rule, memory.account, memory.prefix].map((bytes) => number(bytes["ours, native"].heap, 4));
  bar("bytes in memory, native: a rule with its content, an account, a prefix", "stated", held.join(", "), true);
  const ofBytes = (address.file.brotli / address.file.count) * 40_500;
  bar(`40,500 prefixes of 5,000 accounts, brotli (of ${number(address.file.count, 6)}: ${number(address.file.brotli / 1000)} KB)`, "100 KB", `${number(ofBytes / 1000)} KB`, ofBytes <= 100_000);
  const wasm = size["**Nameplate** `core.wasm`"].brotli;
  bar("the browser's core, brotli", "60 KB", `${number(wasm / 1000)} KB`, wasm <= 60_000);
  if (page) pageBars(bar, page);
  const { compile, open } = start.core;
  bar("the browser's core compiled, instantiated, one visitor's slice opened", "5 ms", `${number(compile + open)} ms`, compile + open <= 5);
  if (match) {
    const { seconds, peakBytes, summary } = match[10000];
    bar(`\`nameplate match\`, 10,000 accounts, ${number(summary.databases[0].ranges, 7)} prefixes, one core and 2 GiB, wall`, "60 s", `${number(seconds)} s, ${number(peakBytes / 2 ** 30)} GiB`, seconds <= 60);
  }
  if (databases) {
    for (const [where, key] of [["native", "native"], ["wasm in Node", "wasm"]]) {
      const [name, { [key]: most }] = Object.entries(databases).sort(([, a], [, b]) => b[key].worstNs - a[key].worstNs)[0];
      bar(`the longest look-up in an address database, broken ones and whole ones, ${where}`, "1 ms", `${microseconds(most.worstNs)} µs (${name})`, most.worstNs <= 1e6);
    }
  }
  const account = address["5000 js v4"].ours;
  bar("an address from JavaScript", "100 ns", `${number(account.cpuNs)} ns (${account.how})`, account.cpuNs <= 100);
  const { brotli } = one(1000).size;
  bar("bundle of 5,000 accounts, their prefixes, 1,000 rules, brotli", "250 KB", `${number(brotli / 1000)} KB`, brotli <= 250_000);
  if (serve) {
    const { perSecond, p99 } = serve.slice;
    bar("slices a second, client and server on two cores", "20,000", `${number(perSecond, 5)} (p99 ${number(p99 / 1000)} ms)`, perSecond >= 20_000);
  }
  edgeBars(bar, rewriter, edge);
  if (faults) faultBars(bar, faults);
  return table(["what", "bar", "measured", "holds"], rows, 4);
}

function pageBars(bar, page) {
  const [, ...ways] = Object.entries(page);
  for (const [way, { later, shift, fromSlice, fromAll }] of ways) {
    // Where the page asks for the slice it is there before there is a tag.
    const [from, time] = way.startsWith("tag") ? ["the slice's last byte", fromSlice] : ["slice, core and runtime", fromAll];
    bar(`Chromium, ${way}: from ${from} to all slots changed`, "50 ms", `${number(time)} ms`, time <= 50);
    bar("the same: largest contentful paint, later than without us", "50 ms", `${number(later)} ms`, later <= 50);
    bar("the same: layout shift", "0.02", shift.toFixed(4), shift <= 0.02);
  }
}

function edgeBars(bar, { pages, bytes, wasm, memory }, { load }) {
  if (load) {
    const { pass, ours, native, growthbook } = load[20];
    const above = ({ cpuMicroseconds }) => cpuMicroseconds - pass.cpuMicroseconds;
    for (const [what, cost] of [["CPU above pass-through", above], ["CPU, all of an answer", ({ cpuMicroseconds }) => cpuMicroseconds]]) {
      const [toNative, toGrowthbook] = [cost(ours) / cost(native), cost(ours) / cost(growthbook)];
      bar(`workerd, decide and rewrite 20 KB against \`HTMLRewriter\` alone: ${what}`, "at most 0.6x", `${number(toNative)}x`, toNative <= 0.6);
      bar(`the same against \`@growthbook/edge-cloudflare\`: ${what}`, "at most 0.333x", `${number(toGrowthbook)}x`, toGrowthbook <= 1 / 3);
    }
    const added = (ours.firstByte - pass.firstByte) / 1e3;
    bar("workerd, first byte of 20 KB, above pass-through", "5 ms", `${number(added)} ms`, added <= 5);
  }
  const work = pages[20]["**Nameplate**, the same, decided for each page"].cpuNs / pages[20]["workerd's `HTMLRewriter`"].cpuNs;
  bar("workerd, decide and rewrite 20 KB against `HTMLRewriter` alone: CPU without a server around them", "at most 0.6x", `${number(work)}x`, work <= 0.6);
  const speed = (bytes[1000] * 1e3) / pages[1000]["**Nameplate**, wasm in workerd"].cpuNs;
  bar("the rewriter in workerd, 1 MB", "200 MB/s", `${number(speed)} MB/s`, speed >= 200);
  bar("the edge's wasm, brotli", "120 KB", `${number(wasm.brotli / 1000)} KB`, wasm.brotli <= 120_000);
  for (const [where, extra] of Object.entries(memory)) bar(`a page of 10 MiB, memory beyond one of 20 KB, ${where}`, "4 MiB", `${number(extra / 2 ** 20)} MiB`, extra <= 4 * 2 ** 20);
}

function faultBars(bar, faults) {
  for (const name of Object.keys(Object.values(faults)[0])) {
    const [what, later] = Object.entries(faults).map(([what, of]) => [what, of[name]]).sort(([, a], [, b]) => b - a)[0];
    bar(`${name}: a page with a fault, later than one untouched, p99, the worst`, "50 ms", `${number(later)} ms (${what})`, later <= 50);
  }
}
