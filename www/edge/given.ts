// Options that may depend on what a runtime hands to each request, such as its secrets.

export function given<Rest extends unknown[]>(option: string | ((...rest: Rest) => string | undefined) | undefined, rest: Rest): string | undefined {
  return typeof option === "function" ? option(...rest) : option;
}
