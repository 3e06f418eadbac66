// A decision's changes as a payload of GrowthBook's: one experiment of two variations, whose second one all visitors of the account see. An
// attribute that is set to nothing is left out: its parser would write `null`.

export function payloadOf(slots) {
  const domMutations = slots.flatMap(({ selector, changes }) =>
    changes.filter(({ value }) => value !== "").map(({ kind, name, value }) => ({ selector, action: "set", attribute: kind === "attribute" ? name : "html", value })),
  );
  const experiment = {
    key: "known",
    changeId: "known",
    status: "running",
    hashAttribute: "id",
    condition: { account: "known" },
    coverage: 1,
    weights: [0, 1],
    variations: [{}, { domMutations }],
  };
  return { features: {}, experiments: [experiment] };
}
