import { createHash } from "node:crypto";
import { Html, html, jsonBlock, type HtmlValue } from "./html.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";

export interface Page {
  readonly title: string;
  readonly header: HtmlValue;
  readonly main: HtmlValue;
  readonly footer: HtmlValue;
  readonly hover: Hover;
  /** The figures as numbers, for whoever reads the page with a program. */
  readonly figures: unknown;
}

/** What is shown where the pointer is: of all plots over time alike, of percentile plots by their id. */
export interface Hover {
  readonly time: HoverTable;
  readonly percentile: Readonly<Record<string, HoverTable>>;
}

export interface HoverTable {
  readonly heads: readonly string[];
  /** As far from each other as they are in the plot. The first cell says where it is. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * One file that needs nothing else. Its own policy allows its one style and its one script, known by their hashes, and
 * nothing from anywhere: should a name or a message get past the escaping, it cannot run or fetch anything.
 */
export function renderPage({ title, header, main, footer, hover, figures }: Page): string {
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${element("style", style)}
      </head>
      <body>
        <header>${header}</header>
        <main>${main}</main>
        <footer>${footer}</footer>
        ${jsonBlock("figures", figures)} ${jsonBlock("hover", hover)} ${element("script", script)}
      </body>
    </html> `;
  return page.text;
}

/** Nothing before or after the text: the hash is of what stands between the tags. */
function element(name: "style" | "script", text: string): Html {
  return new Html(`<${name}>${text}</${name}>`);
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
