import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const cwd = new URL("..", import.meta.url);

export interface Section {
  readonly title: string;
  /** Lines of its blocks of this language. */
  readonly commands: readonly string[];
}

/** Sections of a page, at any depth, that have such blocks. */
export function sectionsWith(language: string, page: string): readonly Section[] {
  const blocks = new RegExp(`^ *\`\`\`${language}\\n(.*?)^ *\`\`\`$`, "gms");
  return page
    .split(/^##+ /m)
    .map((section) => ({
      title: section.split("\n")[0]!,
      commands: Array.from(section.matchAll(blocks), ([, block]) => block!.split("\n"))
        .flat()
        .map((line) => line.trim())
        .filter((line) => line !== ""),
    }))
    .filter(({ commands }) => commands.length > 0);
}

export interface Typed {
  readonly stdout: string;
  readonly stderr: string;
}

/** As a page writes it, by a shell, to the router at that admin port. */
export function typeCommand(command: string, adminPort: number | undefined): Promise<Typed> {
  const crossfade = `"${process.execPath}" --import tsx cli/crossfade.ts`;
  const env = { ...process.env, CROSSFADE_ADMIN: `127.0.0.1:${adminPort}` };
  return run("sh", ["-c", command.replace(/^crossfade/, crossfade)], { cwd, env });
}
