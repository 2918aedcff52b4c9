import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

test("npm run crossfade -- serve, in the background and ended by npm's pid, drains and is gone", async () => {
  const ports = ["--port", "0", "--http-port", "off", "--metrics-port", "off"];
  const serve = ["serve", "--models", "examples/bundles", ...ports];
  const child = spawn("npm", ["run", "-s", "crossfade", "--", ...serve], {
    cwd: new URL("..", import.meta.url),
    stdio: ["ignore", "ignore", "pipe"],
  });
  // Not before whoever else holds its standard error has ended too.
  const closed = once(child, "close");
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const isNew = !log.includes('"listening"');
    log += text;
    if (isNew && log.includes('"listening"')) child.kill("SIGTERM");
  });
  await closed;
  expect(log).toContain('"message":"stopped"');
}, 60_000);
