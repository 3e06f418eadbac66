// Unleash's SDK for Node, offline: its own evaluation over a repository in memory.

import { EventEmitter } from "node:events";

import unleashClient from "unleash-client";

import { toFeatures, toUnleashContext } from "./unleash.mjs";

export const packageName = "unleash-client";
export const how = "`isEnabled` for every rule, `getVariant` for every slot; features in memory, metrics off";

export const translate = (rules, mode) => JSON.stringify(toFeatures(rules, mode));
export const toContext = toUnleashContext;

export function open(payload, mode) {
  const { features } = JSON.parse(payload);
  const repository = new Memory(features);
  const unleash = new unleashClient.Unleash({
    appName: "bench",
    url: "http://127.0.0.1:9/",
    repository,
    disableMetrics: true,
    disableAutoStart: true,
    skipInstanceCountWarning: true,
  });
  // Until then every answer is the fallback.
  repository.emit("ready");
  const names = features.map(({ name }) => name);
  if (mode === "all") return (context) => names.map((name) => (unleash.isEnabled(name, context) ? name : null));
  return (context) =>
    names.map((name) => {
      const variant = unleash.getVariant(name, context);
      return variant.enabled ? variant.name : null;
    });
}

/** The repository's interface, without a network behind it. */
class Memory extends EventEmitter {
  #features;

  constructor(features) {
    super();
    this.#features = new Map(features.map((feature) => [feature.name, feature]));
  }

  getToggle(name) {
    return this.#features.get(name);
  }

  getToggles() {
    return [...this.#features.values()];
  }

  getTogglesWithSegmentData() {
    return this.getToggles();
  }

  getSegment() {
    return undefined;
  }

  stop() {}

  async start() {}
}
