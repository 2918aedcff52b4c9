import { escapeXml } from "./escape-xml.ts";

/** Markup that is safe to put into a page as it stands. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/** Everything that is put in is escaped, unless it is markup itself: names and messages come from servers. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(String.raw({ raw: withoutIndent(strings) }, ...values.map(textOf)));
}

const unindented = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Templates are indented for those who read the code; half of the page would be that. */
function withoutIndent(strings: TemplateStringsArray): readonly string[] {
  const known = unindented.get(strings) ?? strings.map((text) => text.replaceAll(/\n\s+/g, "\n"));
  unindented.set(strings, known);
  return known;
}

function textOf(value: HtmlValue): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "string" || typeof value === "number") return escapeXml(`${value}`);
  return value.map(textOf).join("");
}

/** JSON inside a script element: nothing in it ends the element. */
export function jsonBlock(id: string, value: unknown): Html {
  const json = JSON.stringify(value).replaceAll("<", String.raw`\u003c`);
  return new Html(`<script type="application/json" id="${escapeXml(id)}">${json}</script>`);
}
