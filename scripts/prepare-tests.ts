import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { whyNotLoadable } from "../backends/engines/shared-library.ts";
import { findSoftwareVulkan, softwareVulkanFolder } from "../backends/engines/software-vulkan.ts";

/*
 * Brings what tests want and this machine lacks. Runs before the tests; what it cannot bring it says how to get, and
 * the tests that want it are skipped with the reason (with CI=1, they fail).
 */

interface Need {
  readonly what: string;
  readonly isMet: () => boolean;
  /** On Debian and Ubuntu, as root, after `apt-get update`. */
  readonly install: () => void;
  readonly byHand: string;
}

const needs: readonly Need[] = [
  {
    what: "a Vulkan loader and SwiftShader, with which the webgpu engine runs without a GPU",
    isMet: () =>
      whyNotLoadable("libvulkan.so.1") === undefined && findSoftwareVulkan() !== undefined,
    install: () => {
      aptGet(["install", "--yes", "--no-install-recommends", "libvulkan1"]);
      unpackSwiftShader();
    },
    byHand: `"apt-get install libvulkan1 chromium-common" (Debian; on Ubuntu, Google Chrome brings the driver)`,
  },
];

/** Two files of 5 MB; the package itself would bring the 66 MB around a browser and its X11 programs. */
function unpackSwiftShader(): void {
  const folder = mkdtempSync(join(tmpdir(), "crossfade-swiftshader-"));
  try {
    aptGet(["download", "chromium-common"], folder);
    const [file] = readdirSync(folder);
    execFileSync("dpkg-deb", ["--extract", join(folder, file!), folder]);
    mkdirSync(softwareVulkanFolder, { recursive: true });
    for (const name of ["libvk_swiftshader.so", "vk_swiftshader_icd.json"]) {
      copyFileSync(join(folder, "usr/lib/chromium", name), join(softwareVulkanFolder, name));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function aptGet(args: readonly string[], folder = "."): void {
  const asRoot = ["-o", "APT::Sandbox::User=root", "--quiet=2"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync("apt-get", [...asRoot, ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Why nothing may be installed here. */
function whyNotInstall(): string | undefined {
  if (process.env["CROSSFADE_NO_INSTALL"] === "1") return "CROSSFADE_NO_INSTALL is 1";
  if (process.getuid?.() !== 0) return "this is not root";
  try {
    aptGet(["--version"]);
    return undefined;
  } catch {
    return "there is no apt-get here";
  }
}

function prepare(): void {
  const unmet = needs.filter((need) => !need.isMet());
  if (unmet.length === 0) return;
  const obstacle = whyNotInstall();
  if (obstacle === undefined) installAll(unmet);
  for (const { what, byHand } of unmet.filter((need) => !need.isMet())) {
    console.log(
      `Tests want ${what}. Get it with ${byHand}. Not installed: ${obstacle ?? "see above"}.`,
    );
  }
}

function installAll(unmet: readonly Need[]): void {
  for (const { what } of unmet) {
    console.log(`Installing, for tests: ${what} (CROSSFADE_NO_INSTALL=1 turns this off).`);
  }
  try {
    aptGet(["update"]);
    for (const { install } of unmet) install();
  } catch (error) {
    console.log(`That failed: ${(error as Error).message}`);
  }
}

prepare();
