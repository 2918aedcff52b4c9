import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch, type Page } from "puppeteer-core";
import { findChromium } from "./find-chromium.fixture.ts";

export interface Shown extends AsyncDisposable {
  readonly page: Page;
  /** Everything that went wrong in it, and every request but the one for the page itself. */
  readonly faults: readonly string[];
}

export interface ShowOptions {
  readonly width?: number;
  readonly theme?: "light" | "dark";
}

/** A real browser without a window. */
export async function openBrowser() {
  const folder = await mkdtemp(join(tmpdir(), "crossfade-report-"));
  // Chromium's sandbox wants a user who is not root.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await launch({ executablePath: findChromium()!, args });
  let pages = 0;
  return {
    /** Opens a report as people do: from a file. */
    async show(html: string, { width = 1_400, theme = "light" }: ShowOptions = {}): Promise<Shown> {
      const file = join(folder, `${pages++}.html`);
      await writeFile(file, html);
      const url = pathToFileURL(file).href;
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on("console", (message) => faults.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("dialog", (dialog) => void (faults.push(dialog.message()), dialog.dismiss()));
      page.on("request", (request) => request.url() !== url && faults.push(request.url()));
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
      await page.setViewport({ width, height: 900 });
      await page.goto(url);
      return { page, faults, [Symbol.asyncDispose]: () => page.close() };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await rm(folder, { recursive: true });
    },
  };
}
