// Pages through the built package's rewriter: whose memory the bytes that it gives are in, and whose they no longer need.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Nameplate } from "nameplate";
import { sampleBytes } from "./sample.mjs";

const NOW = Date.UTC(2026, 5, 15, 10) / 1000;
/** Much more than a page grows by. */
const SPARE = 65_536;
let nameplate;
let decision;
let page;
let expected;

before(async () => {
  nameplate = await Nameplate.load(sampleBytes());
  decision = nameplate.decide({ account: "novartis", url: "https://tidewater.example/", now: NOW });
  assert.ok(decision.slots.length > 2);
  const slots = decision.slots.map(({ slot }) => `<np-slot name="${slot}">What its author wrote.</np-slot><p class="between">Others.</p>`);
  page = Buffer.from(`<!doctype html><html><head><title>t</title></head><body>${slots.join("\n").repeat(5)}</body></html>`);
  const rewriter = nameplate.rewriter(decision);
  expected = Buffer.concat([rewriter.write(page), rewriter.end()]).toString();
  assert.match(expected, /data-np-edge/);
});

/** The page that comes of chunks, the last of which is known to be that. `roomOf` says where what comes of it may stand, and `spoil` what becomes of chunks' memory then. */
function through(chunks, roomOf = () => undefined, spoil = () => {}, by = decision) {
  const rewriter = nameplate.rewriter(by);
  const parts = chunks.map((chunk, at) => {
    const isLast = at === chunks.length - 1;
    const room = isLast ? roomOf(chunk) : undefined;
    const part = Buffer.from(isLast ? rewriter.end(chunk, room) : rewriter.write(chunk));
    spoil(chunk, room);
    return part;
  });
  return Buffer.concat(parts).toString();
}

/** The page in chunks of `length`, each at the beginning of memory of its own with room behind it. */
function chunksOf(length, spare = SPARE) {
  return Array.from({ length: Math.ceil(page.length / length) }, (_, at) => {
    const piece = page.subarray(at * length, (at + 1) * length);
    const memory = new Uint8Array(piece.length + spare);
    memory.set(piece);
    return memory.subarray(0, piece.length);
  });
}

const ownMemory = ({ buffer }) => new Uint8Array(buffer);
const spoilt = ({ buffer }, room) => [buffer, room?.buffer].forEach((memory) => memory && new Uint8Array(memory).fill(0x3c));

test("what the last chunk comes to may take its place, and no chunk is read again", () => {
  for (const length of [1, 7, 64, 999, page.length]) assert.equal(through(chunksOf(length), ownMemory, spoilt), expected, `chunks of ${length} bytes`);
  const withEmpty = chunksOf(64).flatMap((chunk) => [new Uint8Array(), chunk]);
  assert.equal(through(withEmpty, ownMemory, spoilt), expected, "with empty chunks between");
  assert.equal(through([...chunksOf(64), new Uint8Array()], ownMemory, spoilt), expected, "with an empty one as the last");
  assert.equal(through([new Uint8Array()]), "");
});

test("it is in the room that was given where it fits, and else in memory of its own", () => {
  const rewriter = nameplate.rewriter(decision);
  const room = new Uint8Array(page.length + SPARE);
  const part = rewriter.end(page, room);
  assert.equal(part.buffer, room.buffer);
  assert.equal(Buffer.from(part).toString(), expected);
  const tight = new Uint8Array(page.length);
  const other = nameplate.rewriter(decision).end(page, tight);
  assert.notEqual(other.buffer, tight.buffer);
  assert.ok(tight.every((byte) => byte === 0));
  for (const length of [64, 999, page.length]) assert.equal(through(chunksOf(length, 0), ownMemory, spoilt), expected, `without room, chunks of ${length} bytes`);
});

test("a chunk longer than the core takes at a time is rewritten whatever room is given", () => {
  const long = Buffer.concat([page, Buffer.alloc(200_000, "<p>more</p>")]);
  const rewriter = nameplate.rewriter(decision);
  const streamed = Buffer.concat([rewriter.write(long), rewriter.end()]).toString();
  assert.equal(through([Uint8Array.from(long)], () => new Uint8Array(400_000)), streamed);
});

test("somebody's own decision may change from page to page, and one of the package's cannot", () => {
  const own = { slots: structuredClone(decision.slots) };
  assert.equal(through([page], undefined, undefined, own), expected);
  const [first] = own.slots;
  first.changes = [{ kind: "text", value: "Another day" }];
  assert.match(through([page], undefined, undefined, own), /Another day/);
  first.changes[0].value = "And another";
  assert.match(through([page], undefined, undefined, own), /And another/);
  assert.ok(decision.slots.every((slot) => Object.isFrozen(slot) && Object.isFrozen(slot.changes) && slot.changes.every(Object.isFrozen)));
});
