// What a database comes from: its bytes in pieces, and how many they are.

/** The bytes, an answer or a stream with them, or where they are. */
export type Given = Uint8Array | ArrayBuffer | Response | ReadableStream<Uint8Array> | Request | URL | string;

interface Pieces {
  length: number;
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * The pieces of what was given. Where nobody says how many bytes there are, they are waited for: then the memory holds them once more, less
 * with each piece that is taken.
 */
export async function piecesOf(given: Given, length?: number): Promise<Pieces> {
  if (given instanceof Uint8Array) return { length: given.length, pieces: [given] };
  if (Object.prototype.toString.call(given) === "[object ArrayBuffer]") return piecesOf(new Uint8Array(given as ArrayBuffer));
  const { body, known } = await bodyOf(given as Exclude<Given, Uint8Array | ArrayBuffer>);
  const expected = length ?? known;
  if (expected !== undefined) return { length: expected, pieces: read(body) };
  const all: Uint8Array[] = [];
  for await (const piece of read(body)) all.push(piece);
  return { length: all.reduce((sum, piece) => sum + piece.length, 0), pieces: taken(all) };
}

async function bodyOf(given: Exclude<Given, Uint8Array | ArrayBuffer>): Promise<{ body: ReadableStream<Uint8Array>; known: number | undefined }> {
  if (typeof given === "object" && given !== null && "getReader" in given) return { body: given, known: undefined };
  if (typeof given !== "string" && (typeof given !== "object" || given === null)) throw new Error("an address database is expected as bytes, as a stream or response, or as an address");
  const answer = typeof given === "object" && "status" in given ? given : await fetch(given);
  const { status, body, headers } = answer;
  if (status !== 200 || body === null) throw new Error(`expected an address database from its source, found status ${status}`);
  // What is packed on its way is longer here.
  const said = headers.has("content-encoding") ? null : headers.get("content-length");
  return { body, known: said === null ? undefined : Number(said) };
}

/** Not every runtime's streams are iterable. */
async function* read(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // What has failed cannot be cancelled, and need not be.
    reader.cancel().catch(() => {});
  }
}

function* taken(pieces: Uint8Array[]): Generator<Uint8Array> {
  pieces.reverse();
  for (let piece = pieces.pop(); piece !== undefined; piece = pieces.pop()) yield piece;
}
