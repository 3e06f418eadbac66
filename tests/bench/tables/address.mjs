// One address to its account; and what the prefixes weigh as a file.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Contender, race } from "../lib/contenders.mjs";
import { compressed, number, table } from "../lib/report.mjs";
import { sections } from "../lib/sets.mjs";

const JS = ["ours", "maxmind", "mmdb-lib", "geoip-lite"];
const NATIVE = ["ours", "maxminddb raw", "maxminddb decode", "poptrie", "prefix-trie", "ip_network_table", "DIR-24-8"];
const CHECKED = 4096;

/** `sets`: accounts -> folder. */
export async function address(sets, { rounds, ms, say }) {
  const data = {};
  for (const [accounts, folder] of sets) {
    for (const [runtime, peers] of [["js", JS], ["native", NATIVE]]) {
      for (const family of ["v4", "v6"]) {
        say(`address: ${number(accounts, 6)} accounts, ${runtime}, IP${family}`);
        const names = peers.filter((peer) => family === "v4" || peer !== "DIR-24-8");
        data[`${accounts} ${runtime} ${family}`] = await measure(folder, family, names, runtime === "native", { rounds, ms, say });
      }
    }
  }
  data.file = networkBytes(sets.get(5000));
  return { data, text: [...sets.keys()].map((accounts) => report(accounts, sets.get(accounts), data)).join("\n\n") };
}

async function measure(folder, family, peers, isNative, { rounds, ms, say }) {
  const ids = JSON.parse(readFileSync(join(folder, "accounts.json"), "utf8")).map(({ id }) => id);
  const expected = readFileSync(join(folder, `addresses-${family}.txt`), "utf8").split("\n").slice(0, CHECKED).map((line) => Number(line.split(" ")[1]));
  const results = {};
  const contenders = [];
  for (const peer of peers) {
    const contender = new Contender(peer, { kind: "address", peer, set: folder, family }, isNative);
    try {
      const { how, memory } = await contender.ask({ do: "open" });
      results[peer] = { how, memory };
      check(await contender.ask({ do: "answers", count: CHECKED }), expected, ids);
      contenders.push(contender);
    } catch (error) {
      // Without ours there is nothing to compare with.
      if (peer === "ours") throw error;
      results[peer] = { leftOut: error.message.split("\n")[0].slice(0, 200) };
      say(`  ${peer}: ${error.message}`);
      contender.end();
    }
  }
  for (const [contender, result] of await race(contenders, { of: "", rounds, ms })) Object.assign(results[contender.name], result);
  for (const contender of contenders) contender.end();
  return results;
}

/** Native peers number accounts as the set does; all others tell ids. */
function check({ answers }, expected, ids) {
  answers.forEach((answer, at) => {
    const want = typeof answer === "string" ? ids[expected[at]] : expected[at];
    if (answer !== want) throw new Error(`wrong answer for address ${at}: ${answer}; expected ${want}`);
  });
}

function report(accounts, folder, data) {
  const prefixes = readFileSync(join(folder, "prefixes.txt"), "utf8").split("\n");
  const v6 = prefixes.filter((line) => line.includes(":")).length;
  const parts = [`### ${number(accounts, 6)} accounts: ${number(prefixes.length - v6, 9)} IPv4 and ${number(v6, 9)} IPv6 prefixes

Nanoseconds for one address that hits; evenly drawn over the prefixes, in random order, ${number(1 << 17, 9)} of them natively and
${number(1 << 15, 9)} from JavaScript. ${number(CHECKED, 6)} answers of each contender and family were checked.`];
  for (const [runtime, title] of [["js", "From JavaScript, text in, record out"], ["native", "Native, parsed address in, account out (`maxminddb raw`: only found, not decoded)"]]) {
    const [four, six] = ["v4", "v6"].map((family) => data[`${accounts} ${runtime} ${family}`]);
    const cells = (result, own) => (!result ? ["", "", ""] : result.leftOut ? [result.leftOut, "", ""] : [number(result.cpuNs), number(result.wallNs), number(result.cpuNs / own.cpuNs)]);
    const rows = Object.keys(four).map((peer) => [
      peer === "ours" ? `**Nameplate** ${four.ours.how ?? "`table().find`"}` : `\`${peer}\``,
      ...cells(four[peer], four.ours),
      ...cells(six[peer], six.ours),
    ]);
    parts.push(`${title}:\n\n${table(["contender", "IPv4 CPU ns", "wall ns", "x ours", "IPv6 CPU ns", "wall ns", "x ours"], rows)}`);
  }
  // Brotli's best takes minutes for the larger set.
  if (prefixes.length < 100_000) parts.push(files(folder));
  return parts.join("\n\n");
}

/** The section of networks by brotli, alone, and how many prefixes it has. */
function networkBytes(folder) {
  const count = readFileSync(join(folder, "prefixes.txt"), "utf8").split("\n").length;
  return { count, brotli: compressed(networksOf(folder)).brotli };
}

function networksOf(folder) {
  const file = join(folder, "site.npb");
  const { offset, bytes } = sections(file).find(({ name }) => name === "networks");
  return readFileSync(file).subarray(offset, offset + bytes);
}

/** The same prefixes as files. */
function files(folder) {
  const accounts = JSON.parse(readFileSync(join(folder, "accounts.json"), "utf8"));
  const text = readFileSync(join(folder, "prefixes.txt"), "utf8").split("\n").map((line) => line.replace(/\d+$/, (at) => accounts[at].id)).join("\n");
  const rows = [
    ["mmdb, id and name", readFileSync(join(folder, "accounts.mmdb"))],
    ["`geoip-lite`, three files", Buffer.concat(["geoip-city.dat", "geoip-city6.dat", "geoip-city-names.dat"].map((name) => readFileSync(join(folder, "geoip", name))))],
    ["text, prefix and id a line", Buffer.from(text)],
    ["our section of networks, with confidence", networksOf(folder)],
  ].map(([name, bytes]) => [name, ...Object.values(compressed(bytes)).map((size) => number(size, 9))]);
  return `The same prefixes as a file, bytes:\n\n${table(["file", "raw", "gzip", "brotli"], rows)}`;
}
