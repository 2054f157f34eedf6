// Shared by all widgets of the course. Each widget's module is this text followed by its own, so
// these are plain functions in one scope. Nothing here or there is fetched from a network.

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

// ---- a page without a kernel ----------------------------------------------------------------

// The part of a Backbone model that the widgets use.
function pageModel(state) {
  const values = { ...state };
  const listeners = {};
  return {
    get: (name) => values[name],
    set(name, value) {
      if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
      values[name] = value;
      for (const listener of listeners["change:" + name] ?? []) listener();
    },
    save_changes() {},
    on: (name, listener) => (listeners[name] ??= []).push(listener),
    off() {},
  };
}

const HERE = "Your answers are kept in this browser, on this computer.";
const NOWHERE =
  "This browser does not let the page store anything: your answers last until you leave the page.";
const STORE = "kernel-by-kernel:answer:";

// Reading throws where storage is forbidden, and what is stored may be anything.
function readAnswer(id) {
  try {
    const record = JSON.parse(localStorage.getItem(STORE + id));
    return record && typeof record === "object" && !Array.isArray(record) ? record : {};
  } catch {
    return {};
  }
}

function writeAnswer(id, record) {
  let where = HERE;
  try {
    localStorage.setItem(STORE + id, JSON.stringify(record));
  } catch {
    where = NOWHERE;
  }
  document.dispatchEvent(new CustomEvent("coursekit:answer", { detail: { id, record } }));
  return where;
}

function keepAnswersHere(model) {
  const id = model.get("answer_id");
  model.set("record", readAnswer(id));
  model.set("where", HERE);
  model.on("change:record", () => model.set("where", writeAnswer(id, model.get("record"))));
}

function mountStandalone(host, state, render) {
  const model = pageModel(state);
  if ("answer_id" in state) keepAnswersHere(model);
  host.replaceChildren();
  render({ model, el: host });
  return model;
}

function mountAll(name, render) {
  for (const host of document.querySelectorAll(`.coursekit-widget[data-widget="${name}"]`))
    mountStandalone(host, JSON.parse(host.dataset.state), render);
}
