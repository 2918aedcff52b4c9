import { startAgent } from "./agent.ts";

/* An agent as a process of its own, for tests: prints its address, and ends when its input does. */

process.stdin.resume().once("end", () => process.exit());
void start();

async function start(): Promise<void> {
  const token = process.env["CROSSFADE_LOADTEST_TOKEN"];
  const agent = await startAgent(token === undefined ? {} : { token });
  console.log(agent.address);
}
