import { renderFlags } from "../server/config/render-help.ts";
import type { Schema } from "../server/config/schema.ts";
import { choice, duration, optional, text } from "../server/config/setting.ts";
import { makeCredential } from "../server/control/admin/make-credential.ts";
import { roles } from "../server/control/admin/role.ts";
import type { Command } from "./command.ts";
import { readFlags } from "./read-flags.ts";

const settings = {
  name: optional(text("a name"), "as the audit names whoever has the token"),
  role: optional(choice(roles), "viewer looks, operator changes, admin applies and adopts as well"),
  expires: optional(
    duration({ min: 60_000, max: 3_650 * 86_400_000 }),
    "when it ends, e.g. 90d; absent: never",
  ),
};

const schema: Schema<typeof settings> = {
  settings,
  rulesBroken: ({ name, role }) => [
    ...(name === undefined ? ["for whom? give --name"] : []),
    ...(role === undefined ? ["for what? give --role"] : []),
  ],
};

const command = "crossfade admin-token";

export const adminToken: Command = {
  summary: "makes a token for somebody who may look at rollouts or change them",
  help: () => `Makes a bearer token and the line by which routers know it.

  ${command} --name ann --role operator --expires 90d >> admin-tokens

The line goes to standard output: append it to the file that routers have as --admin-tokens, which they read again when
it changes. The token is told once, on standard error: give it to whoever it is for, for --token-file or
CROSSFADE_ADMIN_TOKEN. The line holds no secret; delete it to take the token back.

${renderFlags(settings)}

A client certificate gets a role by a line like
  {"name":"deploys","role":"operator","certificate":"URI:spiffe://cluster/deploys"}
with a name as it stands in the certificate: URI:, DNS: or CN=.
`,
  async run(args) {
    const config = readFlags(schema, { command, args });
    if (config === undefined) return 2;
    const { name = "", role = "viewer", expires } = config;
    try {
      const ends = expires === undefined ? undefined : new Date(Date.now() + expires);
      const { token, line } = makeCredential(name, role, ends);
      process.stdout.write(`${line}\n`);
      process.stderr.write(`The token of ${name}, told this once:\n\n  ${token}\n\n`);
      return 0;
    } catch (error) {
      process.stderr.write(`${command}: ${(error as Error).message}\n`);
      return 2;
    }
  },
};
