// Chance that is the same on every machine and every run: a seed in, a stream of numbers out.

/** A generator of numbers, seeded by any words (splitmix32 over their hash). */
export function random(...seed) {
  let state = hash(seed.join("\n"));
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const float = () => next() / 2 ** 32;
  return {
    next,
    float,
    /** A whole number from `least` to `most`, both included. */
    int: (least, most) => least + Math.floor(float() * (most - least + 1)),
    chance: (share) => float() < share,
    pick: (list) => list[Math.floor(float() * list.length)],
    /** One of the keys, by the weights that are its values. */
    weighted(weights) {
      let left = float() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
      for (const [key, weight] of Object.entries(weights)) if ((left -= weight) < 0) return key;
      return Object.keys(weights).at(-1);
    },
    /** `count` different ones, in the order of the draw. */
    sample(list, count) {
      const rest = [...list];
      const taken = [];
      while (taken.length < count && rest.length > 0) taken.push(rest.splice(Math.floor(float() * rest.length), 1)[0]);
      return taken;
    },
    shuffle(list) {
      for (let at = list.length - 1; at > 0; at--) {
        const other = Math.floor(float() * (at + 1));
        [list[at], list[other]] = [list[other], list[at]];
      }
      return list;
    },
  };
}

/** FNV-1a, 32 bits. */
function hash(text) {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
}
