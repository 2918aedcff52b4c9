import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

/** Logs to a real pipe, is told when its reader has gone, and says on standard output how many lines it lost. */
const script = `
  import { once } from "node:events";
  import { createLog } from "./server/log/log.ts";
  const log = createLog();
  log.info("read");
  await once(process.stdin, "data");
  for (let i = 0; i < 3; i += 1) log.child({ i }).info("not read");
  const counted = setInterval(() => {
    if (log.lostLines() < 3) return;
    clearInterval(counted);
    process.stdout.write("lost " + log.lostLines());
    process.exit(0);
  }, 5);
`;

test("a log whose reader has gone loses lines, counts them and lets the process live", async () => {
  const flags = ["--import", "tsx", "--input-type=module", "--eval", script];
  const child = spawn(process.execPath, flags, { stdio: "pipe" });
  const said: string[] = [];
  child.stdout.on("data", (chunk) => said.push(String(chunk)));
  await once(child.stderr, "data");
  child.stderr.destroy();
  await once(child.stderr, "close");
  child.stdin.write("go");
  const [code] = (await once(child, "close")) as [number];
  expect({ code, said: said.join("") }).toEqual({ code: 0, said: "lost 3" });
});
