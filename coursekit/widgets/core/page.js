// A page without a kernel: what stands in for the kernel's model, and where answers are stored.

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
