import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { whyNotLoadable } from "../backends/engines/shared-library.ts";
import { goPrograms } from "../e2e/go-program.ts";
import { findGrpcurl, installGrpcurl } from "../e2e/grpcurl.ts";
import { findChromium } from "../display/find-chromium.fixture.ts";
import { findPromtool } from "./monitoring/promtool.ts";
import { findSoftwareVulkan, softwareVulkanFolder } from "../backends/engines/software-vulkan.ts";

/*
 * Brings what tests want and this machine lacks. Runs before the tests; what it cannot bring it says how to get, and
 * the tests that want it are skipped with the reason (with CI=1, they fail).
 */

interface Need {
  readonly what: string;
  readonly isMet: () => boolean;
  /** What stands in the way of installing it here. */
  readonly obstacle: () => string | undefined;
  readonly install: () => void;
  readonly byHand: string;
}

const needs: readonly Need[] = [
  {
    what: "a Vulkan loader and SwiftShader, with which the webgpu engine runs without a GPU",
    isMet: () =>
      whyNotLoadable("libvulkan.so.1") === undefined && findSoftwareVulkan() !== undefined,
    obstacle: whyNotAptGet,
    install: () => {
      aptGet(["update"]);
      aptGet(["install", "--yes", "--no-install-recommends", "libvulkan1"]);
      unpackSwiftShader();
    },
    byHand: `"apt-get install libvulkan1 chromium-common" (Debian; on Ubuntu, Google Chrome brings the driver)`,
  },
  {
    what: "grpcurl, which runs examples/recommend.sh",
    isMet: () => findGrpcurl() !== undefined,
    obstacle: whyNotGo,
    install: installGrpcurl,
    byHand:
      '"go install github.com/fullstorydev/grpcurl/cmd/grpcurl@latest", or a package of your system',
  },
  {
    what: "Chromium, in which the reports of load tests are looked at",
    isMet: () => findChromium() !== undefined,
    obstacle: whyNotAptGet,
    install: () => {
      aptGet(["update"]);
      aptGet(["install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core"]);
    },
    byHand: `"apt-get install chromium" (Debian), or Google Chrome; CHROME_PATH names one elsewhere`,
  },
  {
    what: "curl, which runs a line of the README",
    isMet: () => answers("curl", "--version"),
    obstacle: whyNotAptGet,
    install: () => {
      aptGet(["update"]);
      aptGet(["install", "--yes", "--no-install-recommends", "curl"]);
    },
    byHand: "a package of your system",
  },
  {
    what: "a Redis or Valkey, which tests start on ports of their own",
    isMet: () => answers("redis-server", "--version") || answers("valkey-server", "--version"),
    obstacle: whyNotAptGet,
    install: () => {
      aptGet(["update"]);
      aptGet(["install", "--yes", "--no-install-recommends", "redis-server"]);
    },
    byHand: "the package redis-server or valkey-server of your system",
  },
  {
    what: "promtool, which tests the alerts and the dashboards",
    isMet: () => findPromtool() !== undefined,
    obstacle: whyNotAptGet,
    install: () => {
      aptGet(["update"]);
      unpack("prometheus", ["usr/bin/promtool"], goPrograms);
    },
    byHand: "the package prometheus of your system, or Prometheus' own archive",
  },
];

/** Two files of 5 MB; the package itself would bring the 66 MB around a browser and its X11 programs. */
function unpackSwiftShader(): void {
  const files = ["libvk_swiftshader.so", "vk_swiftshader_icd.json"];
  unpack(
    "chromium-common",
    files.map((name) => `usr/lib/chromium/${name}`),
    softwareVulkanFolder,
  );
}

/** Files of a package that is not installed, with its services and all that it depends on. */
function unpack(packageName: string, files: readonly string[], target: string): void {
  const folder = mkdtempSync(join(tmpdir(), "crossfade-unpack-"));
  try {
    aptGet(["download", packageName], folder);
    const [archive] = readdirSync(folder);
    execFileSync("dpkg-deb", ["--extract", join(folder, archive!), folder]);
    mkdirSync(target, { recursive: true });
    for (const file of files) copyFileSync(join(folder, file), join(target, basename(file)));
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

function whyNotAptGet(): string | undefined {
  if (process.getuid?.() !== 0) return "this is not root";
  return answers("apt-get", "--version") ? undefined : "there is no apt-get here";
}

function whyNotGo(): string | undefined {
  return answers("go", "version") ? undefined : "there is no Go here to build it with";
}

function answers(command: string, argument: string): boolean {
  try {
    execFileSync(command, [argument], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function prepare({ what, isMet, obstacle, install, byHand }: Need): void {
  if (isMet()) return;
  const why =
    process.env["CROSSFADE_NO_INSTALL"] === "1" ? "CROSSFADE_NO_INSTALL is 1" : obstacle();
  if (why === undefined) {
    console.log(`Installing, for tests: ${what} (CROSSFADE_NO_INSTALL=1 turns this off).`);
    try {
      install();
    } catch (error) {
      console.log(`That failed: ${(error as Error).message}`);
    }
  }
  if (isMet()) return;
  console.log(`Tests want ${what}. Get it with ${byHand}. Not installed: ${why ?? "see above"}.`);
}

for (const need of needs) prepare(need);
