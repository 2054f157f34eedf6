// Elements, numbers and keys. Each widget's module is the text of this folder followed by its own,
// so these are plain functions in one scope. Nothing here or there is fetched from a network.

// ---- elements -----------------------------------------------------------------------------

const FOCUSABLE = new Set(["INPUT", "SELECT", "BUTTON", "TEXTAREA", "SUMMARY", "A"]);
const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  // JupyterLab looks for this on the focused node itself: on a parent it does not help, and
  // without it "d d" pressed here would delete the notebook cell.
  if (FOCUSABLE.has(node.tagName) || node.hasAttribute("tabindex"))
    node.setAttribute("data-lm-suppress-shortcuts", "true");
  return node;
}

const el = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

// anywidget loads one copy of this module for each widget, so a counter would repeat itself.
const freshId = () => "ck" + Math.random().toString(36).slice(2, 10);

// `code` in backticks, the rest as it stands; never as HTML.
const rich = (text) =>
  String(text)
    .split("`")
    .map((part, i) => (i % 2 ? el("code", {}, part) : part));

// ---- numbers --------------------------------------------------------------------------------

// What a student may write: 2, -0.5, 1/9, 1e3, 0,5 and 1,000. NaN for anything else.
function parseNumber(text) {
  let clean = String(text).trim().replace(/\u2212/g, "-").replace(/\s+/g, "");
  if (/^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(clean)) clean = clean.replaceAll(",", "");
  else clean = clean.replace(/^([-+]?\d*),(\d+)$/, "$1.$2");
  const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
  const [top, bottom, ...rest] = clean.split("/");
  if (rest.length || !number.test(top)) return NaN;
  if (bottom === undefined) return Number(top);
  return number.test(bottom) && Number(bottom) !== 0 ? Number(top) / Number(bottom) : NaN;
}

// A number as it is read: a true minus sign, at most `digits` decimals, no trailing zeros.
function show(value, digits = 2) {
  const text = String(Number(Number(value).toFixed(digits)) + 0);
  return text.replace("-", "\u2212");
}

// A whole number in groups of three: 1,234,567. The browser's own formatter takes milliseconds each time.
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

// ---- keys -----------------------------------------------------------------------------------

// Keys pressed in a widget stay in it. Escape leaves it, back to the notebook.
function guardKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const notebook = root.closest(".jp-Notebook");
    document.activeElement?.blur();
    notebook?.focus({ preventScroll: true });
  });
}

// ---- values ---------------------------------------------------------------------------------

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
// Whether two states agree in the given keys; the costly ones, arrays, come last.
const agree = (a, b, keys) => keys.every((key) => a[key] === b[key] || same(a[key], b[key]));
const within = (value, low, high) => Math.max(low, Math.min(high, value));
const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
const by = ([rows, columns]) => `${rows} \u00d7 ${columns}`;
