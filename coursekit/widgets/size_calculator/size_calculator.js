// The size calculator: layers in a row, what each makes of its input, and what one cell depends on.

const KEYS = ["size", "channels", "layers", "layer", "cell"];
const MOST_LAYERS = 12;
const FIELDS = [["filters", "Filters", 1, 2048], ["kernel", "Kernel", 1, 31], ["stride", "Stride", 1, 16], ["padding", "Padding", 0, 31], ["dilation", "Dilation", 1, 16]];
const KINDS = [["conv", "Convolution"], ["pool", "Pooling"]];

// One map as a square of cells: the padding around it, what is looked at, what is never seen.
function squareMap(still, label, events = {}) {
  const plate = board(label);
  if (still) for (const name of ["tabindex", "role", "aria-label"]) plate.node.removeAttribute(name);
  let [n, ring, unit] = [1, 0, 1];

  function draw(ui, { size, edge, widest, rows, columns, blind = null, chosen = false }) {
    [n, ring] = [size, edge];
    const all = n + 2 * ring;
    unit = Math.min(20, Math.max(1, (Math.min(widest, ui.width) - 3) / all));
    const at = (i) => Math.round((i + ring) * unit) + 1;
    const side = at(n + ring) + 2;
    const low = plate.size(side, side);
    low.fillStyle = ui.colours.panel;
    low.fillRect(at(0), at(0), at(n) - at(0), at(n) - at(0));
    if (blind) hatch(low, blind, at, ui);
    lines(low, at, ui);
    const inside = (cells) => cells.filter((i) => i >= -ring && i < n + ring);
    const high = plate.over();
    high.fillStyle = ui.colours.accent;
    high.globalAlpha = 0.55;
    for (const y of inside(rows)) for (const x of inside(columns)) high.fillRect(at(x), at(y), at(x + 1) - at(x), at(y + 1) - at(y));
    high.globalAlpha = 1;
    const [top, left] = [rows, columns].map((cells) => at(Math.max(-ring, cells[0])));
    const [bottom, right] = [rows, columns].map((cells) => at(Math.min(n + ring, cells.at(-1) + 1)));
    for (const [colour, width] of [[ui.colours.paper, chosen ? 6 : 4], [ui.colours.accent, chosen ? 3.5 : 2]]) {
      high.strokeStyle = colour;
      high.lineWidth = width;
      high.strokeRect(left, top, right - left, bottom - top);
    }
  }

  function lines(pen, at, ui) {
    pen.lineWidth = 1;
    pen.strokeStyle = ui.colours.edge;
    if (unit >= 4)
      for (let i = -ring; i <= n + ring; i++) {
        const outer = i < 0 || i > n;
        pen.setLineDash(outer ? [2, 3] : []);
        const [from, to] = outer ? [at(-ring), at(n + ring)] : [at(0), at(n)];
        pen.globalAlpha = 0.55;
        pen.beginPath();
        pen.moveTo(at(i) + 0.5, from);
        pen.lineTo(at(i) + 0.5, to);
        pen.moveTo(from, at(i) + 0.5);
        pen.lineTo(to, at(i) + 0.5);
        pen.stroke();
      }
    pen.globalAlpha = 1;
    pen.setLineDash([]);
    pen.strokeRect(at(0) + 0.5, at(0) + 0.5, at(n) - at(0), at(n) - at(0));
  }

  function hatch(pen, blind, at, ui) {
    pen.strokeStyle = ui.colours.second;
    pen.lineWidth = Math.min(1.5, unit / 3);
    pen.beginPath();
    for (let y = 0; y < n; y++)
      for (let x = 0; x < n; x++)
        if (blind[y] || blind[x]) {
          pen.moveTo(at(x) + 1, at(y + 1) - 1);
          pen.lineTo(at(x + 1) - 1, at(y) + 1);
        }
    pen.stroke();
  }

  function cellAt(event) {
    const [x, y] = plate.place(event).map((spot) => Math.floor((spot - 1) / unit) - ring);
    return y >= 0 && x >= 0 && y < n && x < n ? [y, x] : null;
  }

  if (!still) {
    const pick = (event, how) => {
      const cell = cellAt(event);
      if (cell) events.onPick(cell, how);
    };
    plate.node.addEventListener("pointermove", (event) => event.pointerType !== "touch" && events.onHover(cellAt(event)));
    plate.node.addEventListener("pointerleave", () => events.onHover(null));
    plate.node.addEventListener("click", pick);
    plate.node.addEventListener("keydown", (event) => {
      const next = walk(event, events.now(), n, n);
      if (!next) return;
      event.preventDefault();
      events.onPick(next);
    });
  }
  return { node: plate.node, draw, describe: plate.describe };
}

const render = courseWidget("sizes", KEYS, (ui) => {
  let rows = [];
  let hover = null;

  const change = (changes, number) => {
    ui.set(changes);
    ui.say(number ? spokenLayer(number, calculate(ui.state)[number - 1]) : totalSentence(calculate(ui.state)));
  };
  const example = menu("Example", [["", ""], ...Object.entries(EXAMPLES).map(([key, [text]]) => [key, text])], (key) => {
    const { size, channels, layers } = key ? EXAMPLES[key][1] : ui.initial;
    change({ size, channels, layers, layer: layers.length, cell: [0, 0] });
  });
  const size = wholeBox("Input, rows and columns", 1, 512, (value) => change({ size: value }));
  const channels = wholeBox("Channels", 1, 2048, (value) => change({ channels: value }));

  // ---- the layers -------------------------------------------------------------------------------------

  const list = el("ol", { class: "ck-layers" });
  let cards = [];
  const swap = (i, changes) => change({ layers: ui.state.layers.map((layer, j) => (j === i ? { ...layer, ...changes } : layer)), layer: i + 1 }, i + 1);

  function makeCard(i) {
    const kind = menu("Layer", KINDS, (value) => swap(i, { kind: value, stride: value === "pool" ? ui.state.layers[i].kernel : 1 }));
    const boxes = FIELDS.map(([name, label, low, high]) => ({ name, ...wholeBox(label, low, high, (value) => swap(i, { [name]: value })) }));
    const look = button("Look back from here", () => {
      ui.set({ layer: i + 1 });
      ui.say(picture());
    });
    const remove = button("Remove", () => {
      const layers = ui.state.layers.filter((_, j) => j !== i);
      change({ layers, layer: Math.min(ui.state.layer, layers.length) });
      (cards[Math.min(i, layers.length - 1)]?.kind.node ?? add).focus();
    });
    const results = el("div", { class: "ck-results" });
    const node = el("li", { class: "ck-layer" },
      el("div", { class: "ck-row ck-settings" }, kind.field, ...boxes.map((box) => box.field)), results, el("div", { class: "ck-row" }, look, remove));
    return { node, kind, boxes, remove, look, results };
  }

  const add = button("Add a layer", () => {
    const layers = [...ui.state.layers, conv(3, 8)];
    change({ layers, layer: layers.length }, layers.length);
    queueMicrotask(() => cards.at(-1).kind.node.focus());
  });
  const total = el("p", { class: "ck-total" });

  // ---- what one cell depends on -----------------------------------------------------------------------

  const inputMap = squareMap(true, "Input");
  const lastMap = squareMap(false, "Map", { onPick(cell) {
    hover = null;
    ui.set({ cell });
    ui.say(picture());
  }, onHover(cell) {
    if (same(cell, hover)) return;
    hover = cell;
    drawMaps();
  }, now: () => chosen() });
  const between = el("div", { class: "ck-between" });
  const [inputTitle, lastTitle] = [0, 0].map(() => el("p", { class: "ck-title" }));
  const lastPanel = el("div", { class: "ck-panel" }, lastTitle, lastMap.node, el("p", { class: "ck-small" }, "Point at a cell, or press the arrow keys."));
  const told = el("p", { class: "ck-sum" });
  const unseen = el("p", { class: "ck-unseen" });
  let middle = [];

  // The layer that is looked back from: the chosen one, or the last before it that fits.
  const fitting = () => rows.filter((row) => row?.fits).length;
  const from = () => within(ui.state.layer || ui.state.layers.length, 0, fitting());
  const chosen = () => {
    const n = sizesOf(ui.state)[from()];
    return (hover ?? ui.state.cell).map((i) => within(i, 0, n - 1));
  };

  function picture() {
    rows = calculate(ui.state);
    if (!from()) return "There is no layer to look back from.";
    const [down, across] = chosen().map((i) => lookBack(ui.state, from(), i)[0]);
    return fieldSentence(ui.state, from(), chosen(), down, across);
  }

  function drawMaps() {
    const [end, sizes] = [from(), sizesOf(ui.state)];
    const [down, across] = chosen().map((i) => lookBack(ui.state, end, i));
    const edge = (level) => (level < end ? ui.state.layers[level].padding : 0);
    const blind = end ? neverSeen(ui.state, end) : null;
    inputMap.draw(ui, { size: sizes[0], edge: edge(0), widest: 310, rows: down[0], columns: across[0], blind, chosen: true });
    inputTitle.textContent = `Input ${by([sizes[0], sizes[0]])}`;
    if (middle.length !== Math.max(0, end - 1)) {
      middle = Array.from({ length: Math.max(0, end - 1) }, () => ({ map: squareMap(true, ""), title: el("p", { class: "ck-small" }) }));
      between.replaceChildren(...middle.map(({ map, title }) => el("div", { class: "ck-panel" }, title, map.node)));
    }
    middle.forEach(({ map, title }, i) => {
      const level = i + 1;
      title.textContent = `After layer ${level}: ${by([sizes[level], sizes[level]])}`;
      map.draw(ui, { size: sizes[level], edge: edge(level), widest: 130, rows: down[level], columns: across[level] });
    });
    lastPanel.hidden = !end;
    if (end) {
      lastTitle.textContent = `After layer ${end}: ${by([sizes[end], sizes[end]])}`;
      lastMap.draw(ui, { size: sizes[end], edge: 0, widest: 190, rows: down[end], columns: across[end], chosen: true });
      lastMap.describe(`Map after layer ${end}, ${sizes[end]} rows and columns. Arrow keys choose the cell to look back from.`);
    }
    told.textContent = end ? fieldSentence(ui.state, end, chosen(), down[0], across[0]) : "There is no layer to look back from.";
    unseen.textContent = end ? unseenSentence(ui.state, end) : "";
  }

  // ---- drawing ----------------------------------------------------------------------------------------

  function drawCards() {
    const { layers } = ui.state;
    if (cards.length !== layers.length) {
      cards = layers.map((_, i) => cards[i] ?? makeCard(i));
      list.replaceChildren(...cards.map(({ node }) => node));
    }
    cards.forEach(({ node, kind, boxes, look, remove, results }, i) => {
      const layer = layers[i];
      const row = rows[i];
      kind.show(layer.kind);
      kind.node.setAttribute("aria-label", `Layer ${i + 1}`);
      remove.setAttribute("aria-label", `Remove layer ${i + 1}`);
      look.setAttribute("aria-label", `Look back from here, layer ${i + 1}`);
      look.setAttribute("aria-pressed", String(from() === i + 1));
      look.hidden = !row?.fits;
      for (const { name, field, show: put } of boxes) {
        put(layer[name]);
        field.hidden = name === "filters" && layer.kind === "pool";
      }
      node.classList.toggle("ck-misfit", Boolean(row && !row.fits));
      const lines = row ? resultLines(row) : [["Waits", "for the layer before it, which does not fit."]];
      results.replaceChildren(...lines.map(([name, start, value, end = ""]) => el("div", {},
        el("span", { class: "ck-what" }, name), el("span", {}, start, value && value !== true ? el("strong", {}, value) : "", end))));
    });
    add.hidden = layers.length >= MOST_LAYERS;
  }

  return {
    nodes: [
      controls(example.field, size.field, channels.field), list, el("div", { class: "ck-row" }, add), total,
      el("div", { class: "ck-panels" }, el("div", { class: "ck-panel" }, inputTitle, inputMap.node), between, lastPanel),
      told, unseen,
    ],
    draw() {
      rows = calculate(ui.state);
      const now = ({ size, channels, layers }) => ({ size, channels, layers });
      const given = same(now(ui.initial), now(ui.state));
      const key = given ? "" : Object.keys(EXAMPLES).find((name) => same(EXAMPLES[name][1], now(ui.state))) ?? "";
      example.show(key);
      example.node.options[0].textContent = given || key ? "As given in this cell" : "Your own (choose to go back)";
      size.show(ui.state.size);
      channels.show(ui.state.channels);
      drawCards();
      total.textContent = totalSentence(rows);
      drawMaps();
    },
  };
});

export { calculate, lookBack, neverSeen, EXAMPLES };
export default { render };
