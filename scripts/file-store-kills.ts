import { conclude } from "./bench/live/verdict.ts";
import { readFlags } from "./bench/live/flags.ts";
import { killFileStore } from "./chaos/file-store-kills.ts";

const about = `kill -9 of the process that writes rollouts to files, at random instants: nothing torn, nothing lost.

  npx tsx scripts/file-store-kills.ts`;

const flags = readFlags(process.argv.slice(2), about, {
  kills: { standard: 200, help: "how often it is killed" },
  seed: { standard: 1, help: "of the instants" },
});
if (flags !== undefined) {
  const { missed, ...figures } = await killFileStore({
    ...flags,
    onKill: (number) => process.stdout.write(number % 20 === 0 ? `${number} kills\n` : ""),
  });
  const invalid = figures.acknowledged === 0 ? ["nothing was written before the kills"] : [];
  conclude({ bench: "file-store-kills", figures, floors: {}, limits: {}, missed, invalid });
}
