// The convolution explorer: every output cell, with the patch, the products and the sum behind it.

const SETTINGS = ["stride", "padding", "dilation", "flip", "kernel", "input"];
const KEYS = [...SETTINGS, "selected"];
const BEAT = 700; // milliseconds between two cells when the kernel slides by itself

const render = courseWidget("explorer", KEYS, (ui) => {
  let hover = null; // the output cell under the mouse, or where the sliding kernel is
  let editAt = [0, 0];
  let output = [];
  let timer = 0;
  let drawn = null; // what the grids show

  // ---- controls -----------------------------------------------------------------------------------

  const example = menu("Example", [["", ""], ...Object.entries(EXAMPLES).map(([key, [text]]) => [key, text])], (key) => {
    if (!key) return ui.set({ ...ui.initial, selected: [0, 0] });
    const [, input, kernel] = EXAMPLES[key];
    ui.set({ input: input(), kernel: KERNELS[kernel][1], stride: 1, padding: 0, dilation: 1, flip: false, selected: [0, 0] });
  });
  const preset = menu("Kernel", [["", "Other weights"], ...Object.entries(KERNELS).map(([key, [text]]) => [key, text])], (key) => {
    if (key) ui.set({ kernel: KERNELS[key][1] });
    else weights.focus();
  });
  const size = menu("Kernel size", [], (text) => ui.set({ kernel: resized(ui.state.kernel, ...text.split(",").map(Number)) }));
  const stride = wholeBox("Stride", 1, 9, (value) => ui.set({ stride: value }));
  const padding = wholeBox("Padding", 0, 9, (value) => ui.set({ padding: value }));
  const dilation = wholeBox("Dilation", 1, 5, (value) => ui.set({ dilation: value }));
  const flip = tickBox("Flip the kernel", (value) => ui.set({ flip: value }));
  const slide = button("Slide", () => (timer ? halt() : begin()));

  // ---- the three grids ----------------------------------------------------------------------------

  const inputGrid = cellGrid(ui, { label: "Input", widest: 390, onPick(y, x, how) {
    const inside = (value, length) => within(value - ui.state.padding, 0, length - 1);
    editAt = [inside(y, ui.state.input.length), inside(x, ui.state.input[0].length)];
    drawEdit();
    drawMarks();
    ui.say(`Input, row ${editAt[0]}, column ${editAt[1]}: ${show(ui.state.input[editAt[0]][editAt[1]])}`);
    if (how === "click") pixel.node.focus({ preventScroll: true });
  }, onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") event.preventDefault();
    else if (!/^[-0-9.]$/.test(event.key)) return;
    pixel.node.focus({ preventScroll: true });
  } });
  const pixel = numberBox(ui, { label: "Pixel", kind: "ck-pixel", digits: 2,
    onChange(value) {
      const [y, x] = editAt;
      ui.set({ input: ui.state.input.map((row, i) => row.map((old, j) => (i === y && j === x ? value : old))) });
    },
    onKey(event) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (!pixel.node.hasAttribute("aria-invalid")) inputGrid.node.focus({ preventScroll: true });
    } });
  const pixelName = el("span", { "aria-hidden": "true" });
  const outputGrid = cellGrid(ui, { label: "Output", widest: 390, onHover(cell) {
    if (timer) return;
    hover = cell;
    drawMarks();
  }, onPick(y, x) {
    halt();
    hover = null;
    ui.set({ selected: [y, x] });
    ui.say(spokenSum([y, x], patchTerms(ui.state, y, x)));
  } });
  const weights = numberTable(ui, { label: "Weights of the kernel", onChange: (kernel) => ui.set({ kernel }) });
  const products = el("canvas", { "aria-hidden": "true" });
  const [inputTitle, kernelTitle, outputTitle] = [0, 0, 0].map(() => el("p", { class: "ck-title" }));
  const [legend, flipNote] = [0, 0].map(() => el("p", { class: "ck-small ck-narrow" }));
  const sum = el("p", { class: "ck-sum" });
  const note = el("p", { class: "ck-unseen" });
  const formula = el("div", { class: "ck-formula" });

  // ---- the kernel slides by itself ------------------------------------------------------------------

  function begin() {
    if (!output.length) return;
    const [rows, columns] = outputShape(ui.state);
    const [y, x] = ui.state.selected;
    let at = y >= rows - 1 && x >= columns - 1 ? -1 : y * columns + x;
    const step = () => {
      at += 1;
      hover = [Math.floor(at / columns), at % columns];
      drawMarks();
      timer = at < rows * columns - 1 ? setTimeout(step, BEAT) : 0;
      if (!timer) halt();
    };
    step();
    slide.textContent = timer ? "Stop" : "Slide";
  }

  function halt() {
    clearTimeout(timer);
    timer = 0;
    slide.textContent = "Slide";
    const cell = hover;
    hover = null;
    if (cell) ui.set({ selected: cell });
  }

  function current() {
    const [rows, columns] = outputShape(ui.state);
    if (!rows) return null;
    const [y, x] = hover ?? ui.state.selected;
    return [within(y, 0, rows - 1), within(x, 0, columns - 1)];
  }

  // ---- drawing --------------------------------------------------------------------------------------

  function drawControls({ kernel, input }) {
    const given = agree(ui.initial, ui.state, SETTINGS);
    const plain = ui.state.stride === 1 && ui.state.dilation === 1 && !ui.state.padding && !ui.state.flip;
    const key = given ? "" : Object.keys(EXAMPLES).find((name) => plain && close(KERNELS[EXAMPLES[name][2]][1], kernel) &&
      sameCells(EXAMPLES[name][1](), input)) ?? "";
    example.show(key);
    example.node.options[0].textContent = given || key ? "As given in this cell" : "Your own (choose to go back)";
    preset.show(Object.keys(KERNELS).find((name) => close(KERNELS[name][1], kernel)) ?? "");
    const sizes = [1, 2, 3, 4, 5, 7].map((n) => [n, n]);
    if (!sizes.some((shape) => same(shape, shapeOf(kernel)))) sizes.unshift(shapeOf(kernel));
    size.offer(sizes.map((shape) => [shape.join(","), by(shape)]));
    size.show(shapeOf(kernel).join(","));
    for (const [box, name] of [[stride, "stride"], [padding, "padding"], [dilation, "dilation"], [flip, "flip"]]) box.show(ui.state[name]);
  }

  function drawEdit() {
    editAt = editAt.map((at, axis) => Math.min(at, shapeOf(ui.state.input)[axis] - 1));
    inputGrid.stand(editAt[0] + ui.state.padding, editAt[1] + ui.state.padding);
    pixelName.textContent = `Row ${editAt[0]}, column ${editAt[1]}:`;
    pixel.node.setAttribute("aria-label", `Pixel in row ${editAt[0]}, column ${editAt[1]}`);
    pixel.show(ui.state.input[editAt[0]][editAt[1]]);
  }

  function drawGrids({ input, kernel }) {
    const padded = shapeOf(input).map((n) => n + 2 * ui.state.padding);
    const shape = outputShape(ui.state);
    const blind = unseen(ui.state);
    inputGrid.draw(input, { edge: ui.state.padding, blind: output.length ? blind : null, roomBelow: true });
    inputTitle.replaceChildren(`Input ${by(shapeOf(input))}`, el("span", { class: "ck-lead" }, ui.state.padding ? ` padded to ${by(padded)}` : ""));
    kernelTitle.replaceChildren(sign("\u2217"), `Kernel ${by(shapeOf(kernel))}`);
    outputTitle.replaceChildren(sign("="), `Output ${by(shape)}`);
    legend.textContent = colourSentence(input, output);
    outputGrid.draw(output);
    inputGrid.describe(`Input, ${padded[0]} rows and ${padded[1]} columns. Arrow keys move, Enter changes a pixel.`);
    outputGrid.describe(`Output, ${shape[0]} rows and ${shape[1]} columns. Arrow keys move from cell to cell.`);
    note.textContent = output.length ? unseenSentence(blind) : "";
    flipNote.textContent = ui.state.flip ? "Turned by half a turn before it is used: see the small \u00d7 numbers in the input." : "";
    const reach = ui.state.dilation > 1 ? "reach of the kernel" : "kernel";
    formula.replaceChildren(
      el("div", { class: "ck-small" }, `Output size = floor((input + 2\u00b7padding \u2212 ${reach}) / stride) + 1. ${spanSentence(shapeOf(kernel), ui.state.dilation)}`),
      ...["Rows", "Columns"].map((name, axis) => sizeLine(name, shapeOf(input)[axis], shapeOf(kernel)[axis], ui.state)));
  }

  // The only part that follows the mouse, so it is kept cheap.
  function drawMarks() {
    const cell = current();
    const [m, n] = shapeOf(ui.state.kernel);
    if (!cell) {
      for (const grid of [inputGrid, outputGrid]) grid.mark([]);
      drawProducts([], 0, 0);
      sum.textContent = `The output has no cells: a kernel of ${m} \u00d7 ${n} ${ui.state.dilation > 1 ? `with a dilation of ${ui.state.dilation} ` : ""}` +
        "does not fit into the padded input. Use a smaller kernel or more padding.";
      return;
    }
    const terms = patchTerms(ui.state, ...cell);
    const far = ui.state.dilation;
    const patch = { row: terms[0].y, column: terms[0].x, rows: span(m, far), columns: span(n, far) };
    const gaps = far > 1 ? terms.map(({ y, x }) => ({ row: y, column: x, thin: true })) : [];
    inputGrid.mark([patch, ...gaps], terms.map((t) => ({ row: t.y, column: t.x, text: "\u00d7" + show(t.weight) })));
    outputGrid.mark([{ row: cell[0], column: cell[1] }]);
    outputGrid.stand(...cell);
    drawProducts(terms, m, n);
    sum.replaceChildren(el("span", { class: "ck-lead" }, `Output, row ${cell[0]}, column ${cell[1]}: `), ...sumLine(terms));
  }

  function drawProducts(terms, m, n) {
    const unit = Math.min(46, 230 / Math.max(1, n));
    const pen = sheet(products, n * unit + 2, m * unit + 2);
    pen.strokeStyle = ui.colours.edge;
    for (const { a, b, product } of terms) {
      pen.fillStyle = ui.colours.panel;
      pen.fillRect(b * unit + 1, a * unit + 1, unit, unit);
      pen.strokeRect(b * unit + 1, a * unit + 1, unit, unit);
      const text = show(product, unit < 36 ? 1 : 2);
      setFont(pen, font(Math.max(7, Math.min(14, (unit - 4) / 0.61 / text.length))));
      pen.fillStyle = ui.colours.ink;
      pen.fillText(text, (b + 0.5) * unit + 1, (a + 0.5) * unit + 1);
    }
  }

  return {
    nodes: [
      controls(example.field, preset.field, size.field, stride.field, padding.field, dilation.field, flip.field),
      el("div", { class: "ck-panels" },
        el("div", { class: "ck-panel" }, inputTitle, inputGrid.node, el("div", { class: "ck-edit" }, pixelName, pixel.node)),
        el("div", { class: "ck-panel" }, kernelTitle, weights.node, flipNote, el("p", { class: "ck-title ck-products" }, "Products"), products),
        el("div", { class: "ck-panel" }, outputTitle, outputGrid.node,
          el("div", { class: "ck-edit" }, slide, el("span", { class: "ck-small" }, "Point at a cell, or press the arrow keys.")), legend)),
      ui.complaint, sum, note, formula,
    ],
    draw() {
      // Where only another cell was chosen, only the marks move.
      const { selected: _, ...rest } = ui.state;
      const now = [...Object.values(rest), ui.width, ui.colours.paper, devicePixelRatio];
      const moved = drawn?.every((value, i) => value === now[i]);
      drawn = now;
      if (moved) return drawMarks();
      output = convolve(ui.state);
      drawControls(ui.state);
      weights.show(ui.state.kernel);
      drawGrids(ui.state);
      drawEdit();
      drawMarks();
    },
    stop: () => clearTimeout(timer),
  };
});

export { convolve, flipped, outputShape, outputSize, parseNumber, patchTerms, resized, show, sumOf, unseen, EXAMPLES, KERNELS };
export default { render };
