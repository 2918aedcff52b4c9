/* Expressions for the browser, each a list of what is wrong. */

/** Texts whose contrast to the nearest opaque ground is below 4.5 (WCAG AA). */
export const faintTexts = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element) => {
    if (element === null) return "rgb(255, 255, 255)";
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 ? groundOf(element.parentElement) : color;
  };
  return [...document.querySelectorAll("body *")].flatMap((element) => {
    const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!isText || element.closest("script, title, desc, .tip") !== null) return [];
    const { fill, color } = getComputedStyle(element);
    const own = luminance(element instanceof SVGElement ? fill : color);
    const ground = luminance(groundOf(element));
    const contrast = (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05);
    return contrast < 4.5 ? [element.textContent + ": " + contrast.toFixed(2)] : [];
  });
})()`;

/** What a listener would miss. */
export const inaccessible = `(() => {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  const plots = [...document.querySelectorAll("svg[role=img]")].filter((svg) => {
    const names = (svg.getAttribute("aria-labelledby") ?? "").split(" ");
    const isNamed = names.every((id) => (document.getElementById(id)?.textContent ?? "") !== "");
    return !svg.hasAttribute("aria-label") && !isNamed;
  });
  const tables = [...document.querySelectorAll("table")].filter(
    (table) => table.querySelector("thead th[scope=col]") === null,
  );
  return [...twice, ...plots.map(({ id }) => id), ...tables.map(({ textContent }) => textContent)];
})()`;
