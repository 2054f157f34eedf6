// The volume explorer: a filter has a kernel for every channel, and each filter gives one map.

const SETTINGS = ["stride", "padding", "rgb", "b", "w", "x"];
const KEYS = ["x", "w", "b", "stride", "padding", "rgb", "step", "selected"];
const PACE = 1100; // milliseconds of a step that plays by itself

const render = courseWidget("volume", KEYS, (ui) => {
  const { initial } = ui;
  let hover = null;
  let timer = 0;
  const channelParts = []; // one for each channel
  const mapParts = []; // one for each filter: its map
  let shown = null; // the filter that is drawn

  // ---- controls -------------------------------------------------------------------------------
  const change = (changes) => ui.set({ step: ui.state.step < 0 ? -1 : 0, ...changes });
  const example = menu("Example", [["", "As given in this cell"], ...Object.entries(VOLUMES).map(([key, [text]]) => [key, text])], (key) => {
    const { selected, ...given } = initial;
    change({ ...(key ? VOLUMES[key][1]() : given), selected: [0, 0, 0], step: -1 });
  });
  const filters = wholeBox("Filters", 1, 8, (count) => change(withFilters(ui.state, count)));
  const kernels = menu("Kernel size", [], (text) => change(withKernels(ui.state, Number(text))));
  const stride = wholeBox("Stride", 1, 9, (value) => change({ stride: value }));
  const padding = wholeBox("Padding", 0, 9, (value) => change({ padding: value }));
  const which = menu("Filter shown", [], (k) => select([Number(k), ...ui.state.selected.slice(1)]));
  const preset = menu("Its weights", [], (name) => {
    const k = ui.state.selected[0];
    if (name) change({ w: ui.state.w.map((filter, i) => (i === k ? filterOf(name, ...sizeOf(ui.state)) : filter)) });
    else preset.show(filterName(ui.state, k));
  });
  const bias = numberBox(ui, { label: "Bias", kind: "ck-bias", onChange: (value) => {
    const k = current()[0];
    change({ b: ui.state.b.map((old, i) => (i === k ? value : old)) });
  } });

  // ---- the walk, step by step -----------------------------------------------------------------
  const walking = () => ui.state.step >= 0;
  const begin = button("Step by step", () => (walking() ? leave() : go(0)));
  const back = button("Back", () => go(ui.state.step - 1));
  const next = button("Next step", () => go(ui.state.step + 1), { class: "ck-main" });
  const number = button("Next number", () => go((Math.floor(ui.state.step / stepsOfCell(ui.state)) + 1) * stepsOfCell(ui.state)));
  const play = button("Play", () => (timer ? pause() : start()));
  const steps = el("div", { class: "ck-row ck-steps" }, begin, back, next, number, play);

  function go(step) {
    const at = within(step, 0, lastStep(ui.state));
    ui.set({ step: at, selected: walkAt(ui.state, at).cell });
    ui.say(stepSentence(ui.state, at));
    if (at === lastStep(ui.state)) pause();
  }
  function start() {
    if (ui.state.step >= lastStep(ui.state)) go(0);
    timer = setInterval(() => (ui.root.isConnected ? go(ui.state.step + 1) : pause()), PACE);
    play.textContent = "Pause";
  }
  function pause() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  }
  function leave() {
    pause();
    ui.set({ step: -1 });
    ui.say("All of the output is shown.");
  }

  // ---- the pictures ----------------------------------------------------------------------------
  const sight = board("The picture in its colours");
  sight.node.removeAttribute("tabindex");
  sight.node.setAttribute("role", "img");
  const seen = el("div", { class: "ck-panel" }, el("p", { class: "ck-title" }, "The picture"), sight.node);
  const inputTitle = el("p", { class: "ck-small ck-inputsize" });
  const channels = el("div", { class: "ck-channels" });
  const small = () => (ui.width < 420 ? 78 : 100); // the width of a kernel
  const maps = el("div", { class: "ck-maps" });
  const total = el("p", { class: "ck-total" });
  const biasRow = el("div", { class: "ck-row ck-biasrow" }, el("span", {}, "+ bias"), bias.node, total);
  const sum = el("p", { class: "ck-sum" });
  const facts = el("div", { class: "ck-facts" });
  const hint = el("p", { class: "ck-small" },
    "Point at a cell of a map, or walk over it with the arrow keys. To change an input or a weight, click its cell twice or press Enter on it.");

  function select(cell) {
    if (walking()) return go((cellOrder(ui.state, cell) + 1) * stepsOfCell(ui.state));
    ui.set({ selected: cell });
    const [k] = cell;
    ui.say(`${placeName(cell)}: channels and bias ${totalLine(ui.state, cell, ui.state.w[k].length + 1).text}`);
  }

  // Only what comes is made and only what goes is taken away: the pictures that stay cost nothing.
  function fitTo(list, count, host, make) {
    while (list.length > count) list.pop().node.remove();
    while (list.length < count) host.append(list[list.push(make(list.length)) - 1].node);
  }

  function channelPart(c) {
    const cells = cellGrid(ui, { label: "", onPick: (row, column, how) => pixels.pick(row, column, how) || told(row, column),
      onKey: (event) => pixels.key(event) });
    const inside = (row, column) => [row - ui.state.padding, column - ui.state.padding];
    const value = (row, column) => { const [i, j] = inside(row, column); return ui.state.x[c][i]?.[j] ?? null; };
    const pixelName = (row, column) => `${channelName(ui.state, c)}, row ${inside(row, column)[0]}, column ${inside(row, column)[1]}`;
    const told = (row, column) => {
      cells.stand(row, column);
      ui.say(value(row, column) === null ? "A zero of the padding" : `${pixelName(row, column)}: ${show(value(row, column), 3)}`);
      drawMarks();
    };
    const pixels = editable(ui, cells, { read: value, name: pixelName, write: (row, column, number) => {
      const [i, j] = inside(row, column);
      change({ x: ui.state.x.map((plane, d) => (d !== c ? plane : plane.map((line, y) => (y !== i ? line : line.map((old, z) => (z === j ? number : old)))))) });
    } });
    const weights = cellGrid(ui, { label: "", onPick: (row, column, how) => { edited.pick(row, column, how); heard(row, column); },
      onKey: (event) => edited.key(event) });
    const weightName = (row, column) => `Filter ${current()[0]}, weight of channel ${c}, row ${row}, column ${column}`;
    const heard = (row, column) => {
      weights.stand(row, column);
      ui.say(`${weightName(row, column)}: ${show(ui.state.w[current()[0]][c][row][column], 3)}`);
      drawMarks();
    };
    const edited = editable(ui, weights, { read: (row, column) => ui.state.w[current()[0]][c][row]?.[column] ?? null, name: weightName,
      write: (row, column, number) => {
        const k = current()[0];
        change({ w: ui.state.w.map((filter, n) => (n !== k ? filter : filter.map((kernel, d) => (d !== c ? kernel
          : kernel.map((line, y) => (y !== row ? line : line.map((old, z) => (z === column ? number : old)))))))) });
      } });
    const products = board("");
    products.node.removeAttribute("tabindex");
    products.node.setAttribute("role", "img");
    const result = el("span", { class: "ck-channelsum" });
    const title = el("p", { class: "ck-title" });
    const node = el("div", { class: "ck-channel" },
      el("div", {}, title, pixels.node),
      el("div", { class: "ck-work" }, el("span", { class: "ck-op" }, "\u2217"), el("div", {}, el("p", { class: "ck-cap" }, "kernel"), edited.node),
        el("span", { class: "ck-op" }, "="), el("div", {}, el("p", { class: "ck-cap" }, "products"), products.node), el("span", { class: "ck-op ck-arrow" }, "\u2192"),
        el("div", {}, el("p", { class: "ck-cap" }, "sum"), result)));
    return { node, title, cells, chosen: pixels.at, weights, chosenWeight: edited.at, products, result };
  }

  function mapPart(k) {
    const cells = cellGrid(ui, { label: "", widest: 180, onPick: (row, column) => select([k, row, column]), onHover: (cell) => {
      hover = cell && !walking() ? [k, ...cell] : null;
      drawWork();
    } });
    const title = el("p", { class: "ck-title" });
    return { node: el("div", {}, title, cells.node), title, cells };
  }

  // The cell that is looked at; null where a filter does not fit.
  function current() {
    const [count, rows, columns] = volumeShape(ui.state);
    const [k, i, j] = walking() ? walkAt(ui.state, Math.min(ui.state.step, lastStep(ui.state))).cell : hover ?? ui.state.selected;
    return [within(k, 0, count - 1), within(i, 0, Math.max(0, rows - 1)), within(j, 0, Math.max(0, columns - 1))];
  }

  function drawControls() {
    const { state } = ui;
    const given = agree(initial, state, SETTINGS);
    const name = given ? "" : Object.keys(VOLUMES).find((key) => agree(VOLUMES[key][1](), state, SETTINGS)) ?? "";
    example.offer([["", given || name ? "As given in this cell" : "Your own (choose to go back)"],
      ...Object.entries(VOLUMES).map(([key, [text]]) => [key, text])]);
    example.show(name);
    filters.show(state.w.length);
    const [, m, n] = sizeOf(state);
    const sizes = [1, 2, 3, 5, 7].map((size) => [String(size), by([size, size])]);
    if (m !== n || !sizes.some(([size]) => Number(size) === m)) sizes.unshift(["", by([m, n])]);
    kernels.offer(sizes);
    kernels.show(m === n ? String(m) : "");
    stride.show(state.stride);
    padding.show(state.padding);
    which.offer(state.w.map((_, k) => [String(k), `Filter ${k}`]));
    preset.offer([["", "Other weights"], ...Object.entries(FILTERS).map(([key, [text]]) => [key, text(state.rgb)])]);
    steps.classList.toggle("ck-on", walking());
    begin.textContent = walking() ? "Show all" : "Step by step";
    const last = lastStep(state);
    begin.disabled = !last;
    for (const [node, off] of [[back, state.step <= 0], [next, state.step >= last], [number, state.step >= last], [play, !last]]) {
      node.hidden = !walking();
      node.setAttribute("aria-disabled", String(off));
    }
    if (!walking() && timer) pause();
  }

  function drawFilter(k) {
    const { state } = ui;
    shown = state.w[k];
    which.show(String(k));
    preset.show(filterName(state, k));
    bias.show(state.b[k]);
    const paint = painter(shown.flat(2));
    channelParts.forEach(({ weights }, c) => {
      weights.draw(shown[c], { paint, widest: small() });
      weights.describe(`Kernel of channel ${c} in filter ${k}. Arrow keys move, Enter changes a weight.`);
    });
  }

  // What follows the mouse: the filter, its products, the sums and the marks.
  function drawWork() {
    const { state } = ui;
    const [k] = current();
    if (shown !== state.w[k]) drawFilter(k);
    drawMarks();
  }

  function drawMarks() {
    const { state } = ui;
    const cell = current();
    const [k, i, j] = cell;
    const [, rows] = volumeShape(state);
    const [, m, n] = sizeOf(state);
    const added = walking() ? walkAt(state, state.step).parts : state.w[k].length + 1;
    const sums = rows ? channelSums(state, ...cell) : [];
    const cursor = (grid, chosen) => (chosen && document.activeElement === grid.node ? [{ row: chosen[0], column: chosen[1], thin: true, colour: ui.colours.ink }] : []);
    channelParts.forEach(({ node, cells, chosen, weights, chosenWeight, products, result }, c) => {
      const now = c === added - 1;
      const known = rows && c < added;
      const window = rows && (now || !walking()) ? [{ row: i * state.stride, column: j * state.stride, rows: m, columns: n }] : [];
      cells.mark([...window, ...cursor(cells, chosen())]);
      weights.mark(cursor(weights, chosenWeight()));
      node.classList.toggle("ck-now", walking() && now);
      node.classList.toggle("ck-waits", walking() && !known);
      result.textContent = known ? show(sums[c].sum, 3) : "?";
      drawProducts(products, known ? sums[c].terms : null, m, n);
      products.describe(known ? productsLine(state, cell, c) : "Products not computed yet");
    });
    mapParts.forEach(({ cells }, d) => {
      cells.mark(rows && d === k ? [{ row: i, column: j }] : []);
      if (d === k) cells.stand(i, j);
    });
    if (state.rgb && rows) markSight(i * state.stride - state.padding, j * state.stride - state.padding, m, n);
    const line = totalLine(state, cell, rows ? added : 0);
    total.replaceChildren(line.total === null ? "" : line.done ? el("strong", {}, `= ${show(line.total, 3)}`) : `so far ${show(line.total, 3)}`);
    biasRow.classList.toggle("ck-waits", walking() && !line.done);
    biasRow.classList.toggle("ck-now", walking() && line.done);
    if (!rows) sum.textContent = "The output has no cells: the filters do not fit into the padded input. Use smaller kernels or more padding.";
    else if (walking()) sum.textContent = stepSentence(state, state.step);
    else sum.replaceChildren(el("span", { class: "ck-lead" }, `${placeName(cell)}: `), line.text);
  }

  function drawProducts(plate, terms, m, n) {
    const unit = Math.min(CELL, (small() - 2) / n);
    const line = (at) => Math.round(at * unit) + 1;
    const pen = plate.size(line(n) + 1, line(m) + 1);
    for (let a = 0; a < m; a++)
      for (let b = 0; b < n; b++) {
        pen.fillStyle = ui.colours.panel;
        pen.fillRect(line(b), line(a), line(b + 1) - line(b), line(a + 1) - line(a));
        pen.strokeStyle = ui.colours.edge;
        pen.strokeRect(line(b) + 0.5, line(a) + 0.5, line(b + 1) - line(b), line(a + 1) - line(a));
      }
    if (!terms || unit < 14) return;
    const texts = terms.map(({ product }) => show(product, unit < 26 ? 1 : 2));
    setFont(pen, font(Math.max(6, Math.min(14, (unit - 4) / 0.61 / Math.max(...texts.map((text) => text.length))))));
    pen.fillStyle = ui.colours.ink;
    terms.forEach(({ a, b }, at) => pen.fillText(texts[at], line(b) + unit / 2, line(a) + unit / 2));
  }

  const sightUnit = () => Math.max(2, Math.floor(128 / Math.max(ui.state.x[0].length, ui.state.x[0][0].length)));

  function drawSight() {
    const { x, rgb } = ui.state;
    seen.hidden = !rgb;
    if (!rgb) return;
    const [height, width] = [x[0].length, x[0][0].length];
    const unit = sightUnit();
    const pen = sight.size(width * unit + 2, height * unit + 2);
    drawPixels(pen, height, width, (i, j) => x.map((plane) => within(Math.round(plane[i][j]), 0, 255)), 1, 1, width * unit, height * unit);
    sight.describe(`The picture in its colours, ${height} rows and ${width} columns`);
  }

  function markSight(row, column, m, n) {
    const pen = sight.over();
    const unit = sightUnit();
    for (const [colour, size] of [[ui.colours.paper, 5], [ui.colours.accent, 3]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = size;
      pen.strokeRect(column * unit + 1, row * unit + 1, n * unit, m * unit);
    }
  }

  // Dark to bright in the channel's own colour.
  const tints = [new Map(), new Map(), new Map()];
  const tinted = tints.map((_, c) => (value) => {
    const tone = within(Math.round(value), 0, 255);
    if (!tints[c].has(tone)) tints[c].set(tone, tint(c, tone));
    return tints[c].get(tone);
  });
  const tint = (c, tone) => {
    const rgb = [0, 1, 2].map((d) => (d === c ? tone : Math.round(tone * 0.12)));
    const light = [0.2126, 0.7152, 0.0722].reduce((all, share, d) => all + share * (rgb[d] / 255) ** 2.2, 0);
    return { rgb, fill: `rgb(${rgb})`, ink: light > 0.18 ? "#111111" : "#ffffff" };
  };

  // The maps of filters that have not changed are not computed again.
  let [whole, last] = [[], []];
  function convolved(state) {
    const now = [state.x, state.stride, state.padding, state.w[0][0].length, state.w[0][0][0].length];
    const before = now.every((part, i) => part === whole[i]) ? last : [];
    whole = now;
    last = state.w.map((filter, k) => {
      const known = before.find((each) => each.filter === filter && each.bias === state.b[k]);
      return known ?? { filter, bias: state.b[k], map: convolveVolume({ ...state, w: [filter], b: [state.b[k]] })[0] };
    });
    return last.map(({ map }) => map);
  }

  function draw() {
    const { state } = ui;
    fitTo(channelParts, state.x.length, channels, channelPart);
    fitTo(mapParts, state.w.length, maps, mapPart);
    drawControls();
    inputTitle.textContent = inputSentence(state);
    const scale = painter(state.x.flat(2));
    const widest = within(24 * (state.x[0][0].length + 2 * state.padding) + 2, 98, 242);
    channelParts.forEach(({ cells, title }, c) => {
      const padded = [state.x[c].length, state.x[c][0].length].map((size) => size + 2 * state.padding);
      title.textContent = channelName(state, c);
      cells.draw(state.x[c], { edge: state.padding, paint: state.rgb ? tinted[c] : scale, widest });
      cells.describe(`${channelName(state, c)}, ${padded[0]} rows and ${padded[1]} columns. Arrow keys move, Enter changes a number.`);
    });
    const output = convolved(state);
    const written = walking() ? walkAt(state, state.step).written : Infinity;
    const paint = painter(output.flat(2));
    const [, rows, columns] = volumeShape(state);
    mapParts.forEach(({ cells, title }, k) => {
      title.replaceChildren(`Map ${k}`, el("span", { class: "ck-lead" }, ` from filter ${k}, ${by([rows, columns])}`));
      cells.draw(walking() ? output[k].map((row, i) => row.map((value, j) => (cellOrder(state, [k, i, j]) < written ? value : null))) : output[k], { paint });
      cells.describe(`Map ${k}, ${rows} rows and ${columns} columns. Arrow keys move from cell to cell.`);
    });
    drawSight();
    shown = null;
    drawWork();
    facts.replaceChildren(...sizeSentences(state).map((text) => el("p", { class: "ck-small" }, text)));
  }

  return {
    nodes: [controls(example.field, filters.field, kernels.field, stride.field, padding.field), steps, sum, ui.complaint,
      el("div", { class: "ck-volume-all" },
        el("div", { class: "ck-volume-left" }, el("div", { class: "ck-row" }, which.field, preset.field), inputTitle, channels, biasRow),
        el("div", { class: "ck-volume-right" }, seen, maps)), hint, facts],
    draw, stop: pause,
  };
});

export { channelSums, convolveVolume, lastStep, walkAt };
export default { render };
