// What a caller sees of a page that is rewritten.

/** One page on its way to the visitor, in bytes of HTML. Nothing in it throws: what it cannot follow passes through. */
export interface Rewriter {
  /** Takes the next bytes of the page; gives those that are done. */
  write(chunk: Uint8Array): Uint8Array;
  /**
   * The page is over: gives what is left. Who knows which bytes are the last hands them over here: behind the last element of a slot the page is
   * then not read. What comes of them is in `room` where it fits and they are at most 65,536, and else in other memory. `room` may be their own
   * memory, of which nothing is needed then.
   */
  end(last?: Uint8Array, room?: Uint8Array): Uint8Array;
  /** Nobody wants the rest. */
  cancel(): void;
  /** How many elements were changed by now. */
  readonly rewrites: number;
}
