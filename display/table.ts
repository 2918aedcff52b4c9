import { html, type Html, type HtmlValue } from "./html.ts";
import type { HoverTable } from "./page.ts";

export interface TableColumn {
  readonly head: HtmlValue;
  readonly kind?: "num" | "wide" | "bar-cell" | "interval-cell";
}

/** Scrolls by itself where the page is too narrow for it; its first cells are the heads of their rows. */
export function table(
  label: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly HtmlValue[])[],
): Html {
  const look = (at: number) => columns[at]?.kind ?? "text";
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${columns.map(({ head }, at) => html`<th scope="col" class="${look(at)}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...cells]) =>
            html`<tr>
              <th scope="row" class="${look(0)}">${first}</th>
              ${cells.map((cell, at) => html`<td class="${look(at + 1)}">${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What a plot shows, for whoever cannot see it or wants the numbers. */
export function foldedTable(label: string, { heads, rows }: HoverTable): Html {
  const columns = heads.map((head, at): TableColumn =>
    at === 0 ? { head } : { head, kind: "num" },
  );
  return html`<details>
    <summary>${label}</summary>
    ${table(label, columns, rows)}
  </details>`;
}

export interface Key {
  readonly look: string;
  readonly name: string;
}

export function figure(caption: string, keys: readonly Key[], content: HtmlValue): Html {
  const legend = html`<span class="legend"
    >${keys.map(({ look, name }) => html`<span class="key ${look}">${name}</span>`)}</span
  >`;
  return html`<figure>
    <figcaption>${caption}${keys.length > 0 && legend}</figcaption>
    ${content}
  </figure>`;
}
