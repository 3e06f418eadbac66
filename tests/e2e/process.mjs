// Programs that a test starts and ends.

import { spawn } from "node:child_process";
import { createServer } from "node:net";

const START_MS = 60_000;

/** Starts a program and waits until it prints what matches `ready`: `{ found, stop }`, the match and the way to end it. */
export async function startProgram(program, args, ready, env = process.env, cwd = undefined) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env, cwd });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const kill = () => child.kill();
  // A test that breaks off leaves nothing behind.
  process.once("exit", kill);
  ended.then(() => process.off("exit", kill));
  const stop = async () => {
    kill();
    await ended;
  };
  let output = "";
  try {
    const found = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`\`${program}\` is not ready after ${START_MS} ms: ${output}`)), START_MS);
      ended.then(() => clearTimeout(timer));
      const look = (data = "") => {
        output += data;
        const match = ready.exec(output);
        if (match === null) return;
        clearTimeout(timer);
        resolve(match[0]);
      };
      // One that says nothing is ready as soon as it runs.
      child.once("spawn", () => look());
      for (const stream of [child.stdout, child.stderr]) stream.on("data", look);
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`\`${program} ${args[0]}\` ended with ${code}: ${output}`)));
    });
    return { found, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A port that nobody listens on now, for programs that must be told one. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
