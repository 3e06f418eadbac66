// The two questions that an engine is asked of one visit.
//
// `all`    which of all rules hold: each rule is a flag, an expression, a row of its own
// `first`  which rule gets each slot: the rules of a slot in the order in which they compete, ended by the first that holds

export const SLOT_COUNT = 8;

/** The rules of each slot as they compete: by priority, then by name. */
export function inOrder(rules) {
  const slots = Array.from({ length: SLOT_COUNT }, () => []);
  for (const rule of rules) slots[rule.slot].push(rule);
  for (const slot of slots) slot.sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
  return slots;
}
