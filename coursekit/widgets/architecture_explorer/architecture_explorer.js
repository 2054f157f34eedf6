// The architecture explorer: what the layers of a network cost, and of two side by side.

const KEYS = ["left", "right", "own", "measure", "detail", "selected"];
const KIND_NAMES = [["conv", "convolution"], ["dense", "dense"], ["rest", "other"]];
const colourOf = (kind) => (WEIGHTED.includes(kind) ? kind : "rest");
const PAGE = 10; // lines that PageUp and PageDown pass over

const render = courseWidget("architecture", KEYS, (ui) => {
  const known = () => ({ ...NETWORKS, ...ui.state.own });
  const names = () => [ui.state.left, ui.state.right].filter((name) => known()[name]);
  const kept = new Map(); // networks in full: they do not change
  function networkOf(name) {
    const packed = known()[name];
    if (kept.get(name)?.packed !== packed) kept.set(name, { packed, layers: layersOf(packed), shape: packed.shape });
    return kept.get(name);
  }
  const itemsOf = (layers) => (ui.state.detail ? layers : blocksOf(layers));

  // ---- controls -------------------------------------------------------------------------------

  const change = (changes) => {
    ui.set(changes);
    ui.say(names().map((name) => totalSentence(name, networkOf(name).layers)).join(" "));
  };
  const left = menu("Network", [], (name) => change({ left: name, selected: [0, 0] }));
  const right = menu("Beside it", [], (name) => change({ right: name, selected: [0, 0] }));
  const measure = menu("Bars show", Object.entries({ ...MEASURE_NAMES, memory: "Memory, 32-bit floats" }), (value) => change({ measure: value }));
  const detail = tickBox("Every layer", (on) => change({ detail: on, selected: [ui.state.selected[0], 0] }));

  // ---- pictures -------------------------------------------------------------------------------

  const table = el("div", { class: "ck-totals" });
  const panels = [0, 1].map(makePanel);
  const chosen = el("div", { class: "ck-sum ck-chosen" });

  function makePanel(side) {
    const title = el("p", { class: "ck-title" });
    const strips = el("div", { class: "ck-strips" });
    const list = el("div", { class: "ck-lines", role: "listbox", tabindex: "0", onkeydown: (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -PAGE, PageDown: PAGE, Home: -1e6, End: 1e6 }[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      pick(side, within((ui.state.selected[0] === side ? at(side) : 0) + step, 0, panels[side].lines.length - 1));
    } });
    return { node: el("div", { class: "ck-panel" }, title, strips, list), title, strips, list, lines: [], items: [] };
  }

  const at = (side) => within(ui.state.selected[1], 0, panels[side].items.length - 1);

  function pick(side, index) {
    ui.set({ selected: [side, index] });
    const name = names()[side];
    ui.say(itemSentence(name, panels[side].items[index], networkOf(name).layers, networkOf(name).shape));
  }

  // One strip for a measure: the layers from input to output, each as wide as its share.
  function strip(layers, name) {
    const all = total(layers, name) || 1;
    const parts = layers.filter((layer) => layer[name] > 0).map((layer) =>
      el("span", { class: `ck-part ck-${colourOf(layer.kind)}`, style: `flex-grow: ${(layer[name] / all).toFixed(5)}` }));
    const words = KIND_NAMES.slice(0, 2).map(([kind, word]) => `${word} layers ${percent(shareOf(layers, name, kind))}`).join(", ");
    return el("div", { class: "ck-strip" }, el("span", { class: "ck-lead" }, MEASURE_NAMES[name]),
      el("div", { class: "ck-whole", role: "img", "aria-label": `${MEASURE_NAMES[name]}, from input to output: ${words}` }, ...parts));
  }

  function drawTotals() {
    const shown = names().map((name) => [name, networkOf(name).layers]);
    const two = shown.length === 2;
    table.replaceChildren(el("table", {},
      el("thead", {}, el("tr", {}, el("td"), ...shown.map(([name]) => el("th", { scope: "col" }, name)), two ? el("td") : null)),
      el("tbody", {}, ...MEASURES.map((key) => {
        const sums = shown.map(([, layers]) => total(layers, key));
        return el("tr", {}, el("th", { scope: "row" }, MEASURE_NAMES[key]), ...sums.map((sum) => el("td", {}, amount(key, sum))),
          two ? el("td", { class: "ck-lead" }, ratioWords(names(), sums)) : null);
      }))));
  }

  function drawPanel(panel, side, largest) {
    const name = names()[side];
    const { layers, shape } = networkOf(name);
    const { measure: key } = ui.state;
    panel.title.replaceChildren(name, el("span", { class: "ck-lead" }, `, input ${sized(shape)}`));
    panel.strips.replaceChildren(...MEASURES.slice(0, 3).map((each) => strip(layers, each)), el("p", { class: "ck-small" }, whereSentence(layers)));
    panel.list.setAttribute("aria-label", `${ui.state.detail ? "Layers" : "Blocks"} of ${name}. Arrow keys move from line to line.`);
    panel.lines = panel.items.map((item, index) => el("div", { class: "ck-line", role: "option", id: freshId(), "aria-selected": "false",
      "aria-label": `${item.name}, ${item.text}, ${MEASURE_NAMES[key]} ${amount(key, item[key])}`, onclick: () => pick(side, index) },
      el("span", { class: "ck-name" }, item.name), el("span", { class: "ck-what" }, item.text),
      el("span", { class: "ck-out" }, sized(item.shape)),
      el("span", { class: "ck-bar" }, el("span", { class: `ck-fill ck-${colourOf(item.kind)}`, style: `width: ${(100 * item[key] / largest).toFixed(2)}%` })),
      el("span", { class: "ck-figure" }, amount(key, item[key]))));
    panel.list.replaceChildren(...panel.lines);
  }

  let revealed = null; // the line that was scrolled to last
  function drawChosen() {
    const [side, name] = [names()[ui.state.selected[0]] ? ui.state.selected[0] : 0, names()[ui.state.selected[0]] ?? names()[0]];
    const { layers, shape } = networkOf(name);
    const item = panels[side].items[at(side)];
    panels.forEach((panel, i) => panel.lines.forEach((line, index) => {
      const on = String(i === side && index === at(side));
      if (line.getAttribute("aria-selected") !== on) line.setAttribute("aria-selected", on);
    }));
    const line = panels[side].lines[at(side)];
    panels.forEach((panel, i) => (i === side ? panel.list.setAttribute("aria-activedescendant", line.id) : panel.list.removeAttribute("aria-activedescendant")));
    if (line !== revealed && (revealed || at(side))) queueMicrotask(() => reveal(panels[side].list, line)); // at first it is not on the page yet
    revealed = line;
    chosen.replaceChildren(el("p", { class: "ck-title" }, `${name}, ${item.name}: `, el("span", { class: "ck-lead" }, item.text)),
      el("dl", {}, ...facts(item, layers, shape).map(([what, value]) => el("div", {}, el("dt", {}, what), el("dd", {}, value)))));
  }

  // Scrolls the list alone; the browser's own way would move the page too.
  function reveal(list, line) {
    const [top, bottom] = [line.offsetTop - list.offsetTop, line.offsetTop - list.offsetTop + line.offsetHeight];
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  }

  let drawn = null;
  function draw() {
    const { state } = ui;
    const entries = Object.keys(known()).map((name) => [name, name]);
    left.offer(entries);
    right.offer([["", "nothing"], ...entries]);
    left.show(state.left);
    right.show(state.right);
    measure.show(state.measure);
    detail.show(state.detail);
    const now = [state.left, state.right, state.measure, state.detail, Object.keys(state.own)];
    if (!same(now, drawn)) {
      drawn = now;
      names().forEach((name, side) => (panels[side].items = itemsOf(networkOf(name).layers)));
      const largest = Math.max(1, ...names().flatMap((_, side) => panels[side].items.map((item) => item[state.measure])));
      panels.forEach((panel, side) => {
        panel.node.hidden = side >= names().length;
        if (panel.node.hidden) Object.assign(panel, { lines: [], items: [] });
        else drawPanel(panel, side, largest);
      });
      drawTotals();
    }
    drawChosen();
  }

  const legend = el("p", { class: "ck-small ck-legend" }, ...KIND_NAMES.flatMap(([kind, word]) => [el("span", { class: `ck-key ck-${kind}` }), `${word} `]));
  return {
    nodes: [controls(left.field, right.field, measure.field, detail.field), table, legend,
      el("div", { class: "ck-panels" }, ...panels.map(({ node }) => node)), chosen,
      el("p", { class: "ck-small" }, "Click a line, or move from line to line with the arrow keys. Multiply-adds are products of weights, for one picture; neurons are what convolutions and dense layers give out; memory is weights and outputs, 4 bytes a number.")],
    draw,
  };
});

export { layersOf, blocksOf, total, shareOf, NETWORKS };
export default { render };
