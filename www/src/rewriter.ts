// What a caller sees of a page that is rewritten.

/** One page on its way to the visitor, in bytes of HTML. Nothing in it throws: what it cannot follow passes through. */
export interface Rewriter {
  /**
   * Takes the next bytes of the page; gives those that are done: in `room` where they fit and the chunk has at most 65,536 bytes, and else in other
   * memory. `room` may be the chunk's memory, of which nothing is needed then.
   */
  write(chunk: Uint8Array, room?: Uint8Array): Uint8Array;
  /** The page is over: gives what is left. */
  end(): Uint8Array;
  /** Nobody wants the rest. */
  cancel(): void;
  /** How many elements were changed by now. */
  readonly rewrites: number;
}
