// Runs the test files it is given, one after the other. Real browsers on a busy machine lose a process or a connection now and then, through
// no fault of the page's: files that failed, if they are few, get one more run, and are named at the end. What fails twice has failed.

import { run } from "node:test";
import { spec } from "node:test/reporters";

/** More than that is no accident. */
const AGAIN_MAX = 2;

/** The files in which a test failed. */
async function failedOf(files) {
  const failed = new Set();
  const results = run({ files, concurrency: 1 });
  results.on("test:fail", ({ file, todo }) => todo === undefined && failed.add(file));
  const printed = results.compose(new spec());
  for await (const text of printed) process.stdout.write(text);
  return [...failed];
}

const files = process.argv.slice(2);
const first = await failedOf(files);
const again = first.length > 0 && first.length <= AGAIN_MAX && first.every((file) => file !== undefined);
if (again) console.log(`\nonce more: ${first.join(", ")}\n`);
const failed = again ? await failedOf(first) : first;
if (again && failed.length === 0) console.log(`passed only the second time: ${first.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
