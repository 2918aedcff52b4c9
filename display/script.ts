/**
 * Shows figures where the pointer is. The page says all it has to say without: on paper, and where scripts are not
 * allowed.
 */
export const script = `
"use strict";
const { time, percentile } = JSON.parse(document.getElementById("hover").textContent);
const tip = document.body.appendChild(document.createElement("div"));
tip.className = "tip";
tip.setAttribute("aria-hidden", "true");

function rowAt(svg, share) {
  const table = svg.dataset.hover === "time" ? time : percentile[svg.id];
  if (!table || table.rows.length === 0) return undefined;
  const last = table.rows.length - 1;
  const at = svg.dataset.hover === "time" ? Math.floor(share * (last + 1)) : Math.round(share * last);
  const row = Math.min(last, Math.max(0, at));
  return { table, row, share: svg.dataset.hover === "time" ? (row + 0.5) / (last + 1) : row / Math.max(1, last) };
}

function fill({ table, row }) {
  const [title, ...values] = table.rows[row];
  const head = document.createElement("b");
  head.textContent = title;
  tip.replaceChildren(head, ...values.map((value, at) => {
    const line = document.createElement("span");
    const name = document.createElement("i");
    name.textContent = table.heads[at + 1];
    line.append(name, value);
    return line;
  }));
}

function cross(svg, found) {
  const group = svg.dataset.hover === "time" ? document.querySelectorAll('svg[data-hover="time"]') : [svg];
  for (const one of group) {
    const line = one.querySelector(".cross");
    line.style.visibility = found ? "visible" : "hidden";
    if (found) for (const end of ["x1", "x2"]) line.setAttribute(end, 100 * found.share + "%");
  }
}

for (const svg of document.querySelectorAll('svg[data-hover="time"], svg[data-hover="percentile"]')) {
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const found = rowAt(svg, (event.clientX - box.left) / box.width);
    if (!found) return;
    fill(found);
    cross(svg, found);
    const width = document.documentElement.clientWidth;
    const left = event.clientX + 16 + tip.offsetWidth > width ? event.clientX - 16 - tip.offsetWidth : event.clientX + 16;
    tip.style.left = Math.max(4, left) + scrollX + "px";
    tip.style.top = event.clientY + 14 + scrollY + "px";
    tip.style.visibility = "visible";
  });
  svg.addEventListener("pointerleave", () => {
    tip.style.visibility = "hidden";
    cross(svg, undefined);
  });
}
`.trim();
