// One visit: which rules hold, and what each slot shows.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Contender, race } from "../lib/contenders.mjs";
import { microseconds, number, table } from "../lib/report.mjs";
import { holds } from "../rules/condition.mjs";
import { inOrder } from "../rules/modes.mjs";
import { winners } from "../rules/ours.mjs";

const JS = ["growthbook", "unleash-client", "launchdarkly", "optimizely", "json-logic-js", "zen-engine"];
const NATIVE = ["cel", "datalogic-rs", "unleash-yggdrasil"];

/** Who runs beside whom. Ours runs in every group, so that every ratio is of one race. */
const GROUPS = [
  { title: "JavaScript: what each slot shows", mode: "first", isNative: false, peers: JS },
  { title: "JavaScript: all rules that hold", mode: "all", isNative: false, peers: JS },
  { title: "Native: what each slot shows", mode: "first", isNative: true, peers: NATIVE },
  { title: "Native: all rules that hold", mode: "all", isNative: true, peers: [...NATIVE, "a-tree"] },
];

/** `{ text, data }`; data: group -> size -> name -> `{ known, stranger, leftOut, checked }`. */
export async function rules(sets, { rounds, ms, say }) {
  const data = {};
  for (const group of GROUPS) {
    data[group.title] = {};
    for (const [size, folder] of sets) {
      say(`rules: ${group.title}, ${number(size, 6)}`);
      data[group.title][size] = await measure(group, size, folder, { rounds, ms, say });
    }
  }
  return { data, text: GROUPS.map((group) => section(group, data[group.title])).join("\n\n") };
}

async function measure({ mode, isNative, peers }, size, folder, { rounds, ms, say }) {
  const read = (file) => JSON.parse(readFileSync(join(folder, file), "utf8"));
  const set = { rules: read("rules.json"), ...read("visits.json") };
  const count = Math.max(8, Math.min(set.known.length, Math.floor(1_000_000 / size)));
  const judge = new Judge(set, count);
  const results = {};
  const contenders = [];
  for (const peer of ["ours", ...peers]) {
    results[peer] = {};
    const contender = new Contender(peer, { kind: "rules", peer, mode, set: folder }, isNative);
    try {
      const { wallNs } = await contender.ask({ do: "open" });
      results[peer].openMs = wallNs / 1e6;
      results[peer].checked = await judge.check(contender, mode);
      contenders.push(contender);
    } catch (error) {
      // Without ours there is nothing to compare with.
      if (peer === "ours") throw error;
      results[peer].leftOut = error.message.split("\n")[0].slice(0, 200);
      say(`  ${peer}: ${error.message}`);
      contender.end();
    }
  }
  for (const of of ["known", "stranger"]) {
    for (const [contender, result] of await race(contenders, { of, rounds, ms })) {
      if (result.leftOut) results[contender.name].leftOut = result.leftOut;
      else results[contender.name][of] = result;
    }
  }
  for (const contender of contenders) contender.end();
  return results;
}

/** Knows every answer beforehand, from the conditions themselves. */
class Judge {
  #set;
  #count;
  #slots;

  constructor(set, count) {
    this.#set = set;
    this.#count = count;
    this.#slots = inOrder(set.rules);
  }

  /** The number of visits whose answers were right; throws at the first that is not. */
  async check(contender, mode) {
    for (const of of ["known", "stranger"]) {
      const { answers } = await contender.ask({ do: "answers", of, count: this.#count }, 600);
      answers.forEach((answer, at) => {
        const { context, account } = this.#set[of][at];
        const given = contender.name === "ours" ? ours(answer, mode, account, context) : answer;
        const want = contender.name === "ours" && contender.isNative ? this.#answer(context, "first") : this.#answer(context, mode);
        if (JSON.stringify(given) !== JSON.stringify(want)) {
          throw new Error(`wrong answer for ${of} visit ${at}: ${JSON.stringify(given)}; expected ${JSON.stringify(want)}`);
        }
      });
    }
    return 2 * this.#count;
  }

  #answer(context, mode) {
    if (mode === "all") return this.#set.rules.filter(({ when }) => holds(when, context)).map(({ name }) => name).sort();
    return this.#slots.map((rules) => rules.find(({ when }) => holds(when, context))?.name ?? null);
  }
}

/** Ours must also have found the account and its segments by itself. */
function ours(answer, mode, account, context) {
  if (answer.slots) return winners({ slots: answer.slots });
  if (answer.account !== account) throw new Error(`found account ${answer.account}; expected ${account}`);
  const segments = [...answer.segments].sort();
  if (JSON.stringify(segments) !== JSON.stringify(context.account_segments ?? [])) throw new Error(`found segments ${segments} for ${account}`);
  return answer[mode];
}

function section({ title, mode, isNative, peers }, bySize) {
  const sizes = Object.keys(bySize);
  const head = ["engine", ...sizes.flatMap((size) => [`${number(Number(size), 6)} rules`, "x ours", "stranger", "x ours"])];
  const rows = ["ours", ...peers].map((peer) => [
    peer === "ours" ? "**Nameplate** `decide`" : `\`${peer}\``,
    ...sizes.flatMap((size) => {
      const [own, result] = [bySize[size].ours, bySize[size][peer]];
      if (result.leftOut) return [result.leftOut, "", "", ""];
      return ["known", "stranger"].flatMap((of) => [microseconds(result[of].cpuNs), number(result[of].cpuNs / own[of].cpuNs)]);
    }),
  ]);
  const spread = ["ours", ...peers].map((peer) => [
    peer,
    ...sizes.map((size) => {
      const known = bySize[size][peer].known;
      return known ? `${microseconds(known.wallNs)} (${microseconds(known.least)} to ${microseconds(known.most)})` : "";
    }),
  ]);
  const checked = sizes.map((size) => `${number(bySize[size].ours.checked, 6)} at ${number(Number(size), 6)}`).join(", ");
  const note = mode === "all" ? " `decide` does not answer this question: it stands here for comparison, with its own job." : "";
  return `### ${title}

CPU microseconds for one visit, known account and stranger; median of rounds.${note} Visits whose answers were checked: ${checked}.

${table(head, rows)}

Wall microseconds, known account: median, least and most.

${table(["engine", ...sizes.map((size) => `${number(Number(size), 6)} rules`)], spread)}`;
}

