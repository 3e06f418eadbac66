// What runs in every runtime: the edge as its engineer writes it, once for each thing that can be wrong with it. `/problems` tells what
// one has reported, `/seen` what became of the core,
// `/database` what comes of the address databases in its body, `/client` whose address a request has by the policy in `x-policy`, `/parity` what many visits get. A request says in `x-edge`, as JSON, which it means:
//
//   bundle      what it asks the origin for, `/bundles/NAME`; `good`
//   module      which of the wasm modules is the core; `null` is what the package finds by itself
//   load        options of `load`
//   fault       `address`: what says whose it is throws; `report`: what is told of that, too; `events`: what takes events throws
//   refreshSeconds
//   np          whether it answers below `/np/`, with files and events at the origin's
//
// and in `x-clock` what time it is, in milliseconds.

import { Nameplate } from "nameplate";
import { parseClientAddress, personalise } from "nameplate/edge";
import { Database } from "nameplate/geo";
import { outcomeOf, rowsOf } from "../../../www/test/hostile-databases.mjs";
import { digestsOf, makeVisits } from "../../../www/test/random-visits.mjs";

/** Instances of the core, and calls into those that an exception has left. */
const seen = { instances: 0, late: 0 };
const { Instance } = WebAssembly;
const { now } = Date;
// The glue takes its exports from here.
WebAssembly.Instance = function (module, imports) {
  seen.instances += 1;
  let isDead = false;
  const watch = (call) => (...given) => {
    if (isDead) seen.late += 1;
    try {
      return call(...given);
    } catch (error) {
      isDead = true;
      throw error;
    }
  };
  const exports = Object.entries(new Instance(module, imports).exports);
  return { exports: Object.fromEntries(exports.map(([name, value]) => [name, typeof value === "function" ? watch(value) : value])) };
};

/** `origin` is its address, `modules` are wasm modules by their names, `ask` asks the origin where `fetch` does not do. */
export function make({ origin, modules, ask = (request) => askOrigin(origin, request) }) {
  const edges = new Map();

  function newEdge({ bundle = "good", module = "core.wasm", load, fault, refreshSeconds = 1, np = false }) {
    const problems = [];
    const handle = personalise({
      async bundle() {
        const answer = await fetch(`${origin}/bundles/${bundle}`);
        return answer.ok ? answer.arrayBuffer() : null;
      },
      origin: (request) => ask(request),
      clientAddress: ["address", "report"].includes(fault) ? fail : ({ headers }) => headers.get("cf-connecting-ip"),
      load: { ...load, ...(module === null ? {} : { module: modules[module] }) },
      report: (problem) => (fault === "report" ? fail() : problems.push(problem)),
      refreshSeconds,
      ...(np && {
        np: {
          files: (name) => fetch(`${origin}/files/${name}`),
          events: (events) => (fault === "events" ? fail() : fetch(`${origin}/events`, { method: "POST", body: JSON.stringify(events) })),
        },
      }),
    });
    return { handle, problems };
  }

  return async (request, ...rest) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/parity") return Response.json(await decideAll(origin));
    if (pathname === "/database") return Response.json(await tryAll(await request.text()));
    if (pathname === "/client") return Response.json(parseClientAddress(request.headers.get("x-policy"), request.headers, request.headers.get("x-socket")));
    const said = request.headers.get("x-edge");
    const { handle, problems } = edges.get(said) ?? newEdge(JSON.parse(said));
    edges.set(said, { handle, problems });
    if (pathname === "/problems") return Response.json(problems);
    if (pathname === "/seen") return Response.json(seen);
    const clock = request.headers.get("x-clock");
    if (clock === null) return handle(request, ...rest);
    Date.now = () => Number(clock);
    return handle(request, ...rest).finally(() => {
      Date.now = now;
    });
  };
}

/** The digests of many decisions, by the core that the package finds by itself. */
async function decideAll(origin) {
  const [bundle, asked] = await Promise.all([fetch(`${origin}/bundles/good`), fetch(`${origin}/asked`)]);
  const nameplate = await Nameplate.load(await bundle.arrayBuffer());
  const { count, networks } = await asked.json();
  return digestsOf(nameplate, makeVisits(count, nameplate.site(), networks));
}

/** What comes of the rows of a table, by the module that the package finds by itself. */
async function tryAll(table) {
  const outcomes = [];
  for (const row of rowsOf(table)) outcomes.push(await outcomeOf(row, (bytes) => Database.load(bytes)));
  return outcomes;
}

/** As a proxy asks. */
async function askOrigin(origin, request) {
  const { pathname, search } = new URL(request.url);
  return fetch(new Request(origin + pathname + search, request), { redirect: "manual", decompress: false });
}

function fail() {
  throw new Error("thrown on purpose");
}
