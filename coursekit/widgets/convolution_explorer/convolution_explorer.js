// The convolution explorer: every output cell, with the patch, the products and the sum behind it.

const KEYS = ["input", "kernel", "stride", "padding", "flip", "selected"];

function readState(model) {
  return Object.fromEntries(KEYS.map((key) => [key, model.get(key)]));
}

function render({ model, el: host }) {
  const initial = readState(model);
  const set = (changes) => {
    for (const [key, value] of Object.entries(changes)) model.set(key, value);
    model.save_changes();
  };
  let hover = null;
  let editAt = [0, 0];
  let state = initial;

  // Controls: native ones, so that keys, touch and screen readers work as everywhere else.
  const menu = (label, entries, onchange) => {
    const id = freshId();
    const select = el("select", { id, onchange: () => onchange(select.value) },
      ...entries.map(([value, text]) => el("option", { value }, text)));
    return [select, el("div", { class: "ck-field" }, el("label", { for: id }, label), select)];
  };
  const count = (label, key, min) => {
    const id = freshId();
    const node = el("input", { id, type: "number", min, max: 9, step: 1, class: "ck-count", onchange: () => {
      const value = Math.round(Number(node.value));
      if (Number.isFinite(value) && node.value.trim() !== "") set({ [key]: Math.max(min, Math.min(9, value)) });
      node.value = model.get(key);
    } });
    return [node, el("div", { class: "ck-field" }, el("label", { for: id }, label), node)];
  };
  const [example, exampleField] = menu("Example",
    [["", "As given in this cell"], ...Object.entries(EXAMPLES).map(([key, [text]]) => [key, text])], (key) => {
      if (!key) return set({ ...initial, selected: [0, 0] });
      const [, input, kernel] = EXAMPLES[key];
      set({ input, kernel: KERNELS[kernel][1], stride: 1, padding: 0, flip: false, selected: [0, 0] });
    });
  const [preset, presetField] = menu("Kernel",
    [["", "Other weights"], ...Object.entries(KERNELS).map(([key, [text]]) => [key, text])], (key) => {
      if (key) set({ kernel: KERNELS[key][1] });
      else weightBoxes[0]?.focus();
    });
  const [size, sizeField] = menu("Kernel size", [], (text) => set({ kernel: resized(state.kernel, ...text.split(",").map(Number)) }));
  const [stride, strideField] = count("Stride", "stride", 1);
  const [padding, paddingField] = count("Padding", "padding", 0);
  const flipBox = el("input", { type: "checkbox", id: freshId(), onchange: () => set({ flip: flipBox.checked }) });
  const controls = el("div", { class: "ck-controls" }, exampleField, presetField, sizeField, strideField, paddingField,
    el("div", { class: "ck-tick" }, flipBox, el("label", { for: flipBox.id }, "Flip the kernel")));

  // The three maps.
  const inputMap = cellMap({ label: "Input", onMove: (y, x, key) => {
    const [height, width] = shapeOf(state.input);
    const inside = (value, length) => Math.max(0, Math.min(length - 1, value - state.padding));
    editAt = [inside(y, height), inside(x, width)];
    draw();
    announce(`Input, row ${editAt[0]}, column ${editAt[1]}: ${show(state.input[editAt[0]][editAt[1]])}`);
    if (key === "click") pixel.focus({ preventScroll: true });
  }, onKey: (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") event.preventDefault();
    else if (!/^[-0-9.]$/.test(event.key)) return;
    pixel.focus({ preventScroll: true });
    pixel.select();
  } });
  const pixel = el("input", { type: "text", inputmode: "decimal", class: "ck-pixel", id: freshId(), autocomplete: "off",
    onfocus: () => pixel.select(), onchange: changePixel, onkeydown: (event) => {
      if (event.key === "Enter") { event.preventDefault(); changePixel(); inputMap.node.focus({ preventScroll: true }); }
    } });
  const pixelLabel = el("label", { for: pixel.id });
  const outputMap = cellMap({ label: "Output", onHover: (cell) => {
    if (same(cell, hover)) return;
    hover = cell;
    drawMarks();
  }, onMove: (y, x) => {
    hover = null;
    set({ selected: [y, x] });
    draw();
    speak();
  } });
  const weights = el("div", { class: "ck-weights", role: "group", "aria-label": "Weights of the kernel" });
  const products = svg("svg", { "aria-hidden": "true" });
  const [inputTitle, kernelTitle, outputTitle] = [0, 0, 0].map(() => el("p", { class: "ck-title" }));
  const legend = el("p", { class: "ck-small" });
  const flipNote = el("p", { class: "ck-small" });
  const complaint = el("p", { class: "ck-complaint", role: "alert" });
  const panels = el("div", { class: "ck-panels" },
    el("div", { class: "ck-panel" }, inputTitle, inputMap.node,
      el("div", { class: "ck-edit" }, pixelLabel, pixel)),
    el("div", { class: "ck-panel" }, kernelTitle, weights, flipNote,
      el("p", { class: "ck-title ck-products" }, "Products"), products),
    el("div", { class: "ck-panel" }, outputTitle, outputMap.node,
      el("p", { class: "ck-small" }, "Point at a cell, or press the arrow keys."), legend));

  const sum = el("p", { class: "ck-sum" });
  const formula = el("div", { class: "ck-formula" });
  const note = el("p", { class: "ck-unseen" });
  const live = el("p", { class: "ck-hidden", role: "status" });
  const root = el("div", { class: "ck ck-explorer" }, controls, panels, complaint, sum, note, formula, live);
  guardKeys(root);

  let weightBoxes = [];
  let weightShape = null;

  function buildWeights() {
    const [m, n] = shapeOf(state.kernel);
    weights.style.gridTemplateColumns = `repeat(${n}, minmax(0, ${n > 5 ? 34 : 44}px))`;
    weightBoxes = state.kernel.flatMap((row, a) => row.map((_, b) => {
      const node = el("input", { type: "text", inputmode: "decimal", autocomplete: "off",
        "aria-label": `Weight in row ${a}, column ${b}`,
        onfocus: () => node.select(), onchange: () => changeWeight(node, a, b), onkeydown: (event) => {
          const step = { ArrowUp: -n, ArrowDown: n }[event.key];
          if (event.key === "Enter") changeWeight(node, a, b);
          else if (event.key === "Escape" && node.value !== show(state.kernel[a][b], 3)) {
            event.preventDefault(); // the first Escape takes the typing back, the second one leaves
            node.value = show(state.kernel[a][b], 3);
          } else if (step) { event.preventDefault(); weightBoxes[a * n + b + step]?.focus(); }
        } });
      return node;
    }));
    weights.replaceChildren(...weightBoxes);
    weightShape = [m, n];
  }

  function changeWeight(node, a, b) {
    if (node.value === show(state.kernel[a][b], 3)) return;
    const value = parseNumber(node.value);
    if (refuse(node, value)) return;
    set({ kernel: state.kernel.map((row, i) => row.map((old, j) => (i === a && j === b ? value : old))) });
  }

  function changePixel() {
    const [y, x] = editAt;
    if (pixel.value === show(state.input[y][x])) return;
    const value = parseNumber(pixel.value);
    if (refuse(pixel, value)) return;
    set({ input: state.input.map((row, i) => row.map((old, j) => (i === y && j === x ? value : old))) });
  }

  function refuse(node, value) {
    const bad = Number.isNaN(value);
    node.toggleAttribute("aria-invalid", false);
    if (bad) node.setAttribute("aria-invalid", "true");
    complaint.textContent = bad ? `\u201c${node.value}\u201d is not a number. Write one such as 2, \u22120.5 or 1/9.` : "";
    return bad;
  }

  const announce = (text) => (live.textContent = text);

  function current() {
    const [rows, columns] = outputShape(state);
    if (!rows) return null;
    const [y, x] = hover ?? state.selected;
    return [Math.max(0, Math.min(rows - 1, y)), Math.max(0, Math.min(columns - 1, x))];
  }

  function speak() {
    const cell = current();
    if (!cell) return announce("The output has no cells.");
    const terms = patchTerms(state, ...cell);
    const long = terms.length > 9;
    const told = long ? `sum of ${terms.length} products` : terms.map((t) => `${show(t.pixel, 3)} times ${show(t.weight, 3)}`).join(" plus ");
    announce(`Output, row ${cell[0]}, column ${cell[1]}: ${told} = ${show(sumOf(terms), 3)}`);
  }

  function drawControls() {
    const given = same({ ...initial, selected: 0 }, { ...state, selected: 0 });
    const plain = state.stride === 1 && !state.padding && !state.flip;
    example.value = given ? "" : Object.keys(EXAMPLES).find((key) => plain && same(EXAMPLES[key][1], state.input) &&
      close(KERNELS[EXAMPLES[key][2]][1], state.kernel)) ?? "";
    example.options[0].textContent = given || example.value ? "As given in this cell" : "Your own (choose to go back)";
    preset.value = Object.keys(KERNELS).find((key) => close(KERNELS[key][1], state.kernel)) ?? "";
    const sizes = [1, 2, 3, 4, 5, 7].map((n) => [n, n]);
    const now = shapeOf(state.kernel);
    if (!sizes.some((shape) => same(shape, now))) sizes.unshift(now);
    size.replaceChildren(...sizes.map((shape) => el("option", { value: shape.join(",") }, by(shape))));
    size.value = now.join(",");
    stride.value = state.stride;
    padding.value = state.padding;
    flipBox.checked = state.flip;
  }

  function drawKernel() {
    if (!same(weightShape, shapeOf(state.kernel))) buildWeights();
    state.kernel.flat().forEach((value, i) => {
      weightBoxes[i].value = show(value, 3);
      weightBoxes[i].removeAttribute("aria-invalid");
    });
    flipNote.textContent = state.flip ? "Turned by half a turn before it is used: see the small \u00d7 numbers in the input." : "";
  }

  function drawMaps() {
    const padded = shapeOf(state.input).map((n) => n + 2 * state.padding);
    const numbers = padded[1] <= MAX_NUMBERS;
    const blind = unseen(state);
    inputMap.size(...padded, 264);
    inputMap.cells.replaceChildren(drawCells(state.input, { edge: state.padding, blind, numbers, middle: 15 }));
    inputTitle.replaceChildren(`Input ${by(shapeOf(state.input))}`, el("span", { class: "ck-lead" }, state.padding ? ` padded to ${by(padded)}` : ""));
    kernelTitle.replaceChildren(sign("\u2217"), `Kernel ${by(shapeOf(state.kernel))}`);
    const output = convolve(state);
    const shape = outputShape(state);
    outputTitle.replaceChildren(sign("="), `Output ${by(shape)}`);
    legend.textContent = colourSentence([...state.input.flat(), ...output.flat()]);
    outputMap.size(...shape, 200);
    outputMap.cells.replaceChildren(...(output.length ? [drawCells(output, { numbers: shape[1] <= 8 })] : []));
    inputMap.describe(`Input, ${padded[0]} rows and ${padded[1]} columns. Arrow keys move, Enter changes a pixel.`);
    outputMap.describe(`Output, ${shape[0]} rows and ${shape[1]} columns. Arrow keys move from cell to cell.`);
    note.textContent = output.length ? unseenSentence(blind) : "";
    drawFormula(shape);
    editAt = editAt.map((at, axis) => Math.min(at, shapeOf(state.input)[axis] - 1));
    inputMap.stand(editAt[0] + state.padding, editAt[1] + state.padding);
    pixelLabel.textContent = `Pixel in row ${editAt[0]}, column ${editAt[1]}:`;
    pixel.value = show(state.input[editAt[0]][editAt[1]]);
    pixel.removeAttribute("aria-invalid");
  }

  function drawFormula(shape) {
    const line = (name, n, k, result) => {
      const free = n + 2 * state.padding - k;
      const exact = free / state.stride;
      const floor = free >= 0 && !Number.isInteger(exact);
      const fits = free >= 0 ? `${floor ? `floor(${show(exact)})` : show(exact)} + 1 = ` : "the kernel does not fit";
      const start = `${name}: floor((${n} + 2\u00b7${state.padding} \u2212 ${k}) / ${state.stride}) + 1 = `;
      return el("div", {}, start, fits, free >= 0 ? el("strong", {}, String(result)) : "");
    };
    const [[height, width], [m, n]] = [shapeOf(state.input), shapeOf(state.kernel)];
    formula.replaceChildren(
      el("div", { class: "ck-small" }, "Output size = floor((input + 2\u00b7padding \u2212 kernel) / stride) + 1"),
      line("Rows", height, m, shape[0]), line("Columns", width, n, shape[1]));
  }

  // The only part that follows the mouse, so it is kept cheap.
  function drawMarks() {
    const cell = current();
    for (const layer of [inputMap.marks, outputMap.marks, products]) layer.replaceChildren();
    weightBoxes.forEach((node) => node.classList.remove("ck-used"));
    if (!cell) {
      const [m, n] = shapeOf(state.kernel);
      sum.textContent = `The output has no cells: a kernel of ${m} \u00d7 ${n} does not fit into the padded input. Use a smaller kernel or more padding.`;
      return;
    }
    const terms = patchTerms(state, ...cell);
    const [m, n] = shapeOf(state.kernel);
    const { y, x } = terms[0];
    inputMap.marks.append(box(y, x, m, n, "ck-halo"), box(y, x, m, n, "ck-patch"));
    if (state.input[0].length + 2 * state.padding <= MAX_NUMBERS)
      for (const t of terms)
        inputMap.marks.append(svg("rect", { x: t.x * 40 + 3, y: t.y * 40 + 27, width: 34, height: 11, rx: 3, class: "ck-tag" }),
          svg("text", { x: t.x * 40 + 20, y: t.y * 40 + 33, class: "ck-num ck-tagnum" }, "\u00d7" + show(t.weight)));
    outputMap.marks.append(box(...cell, 1, 1, "ck-halo"), box(...cell, 1, 1, "ck-patch"));
    outputMap.stand(...cell);
    drawProducts(terms, m, n);
    sum.replaceChildren(el("span", { class: "ck-lead" }, `Output, row ${cell[0]}, column ${cell[1]}: `), ...sumLine(terms));
  }

  function drawProducts(terms, m, n) {
    products.setAttribute("viewBox", `-3 -3 ${n * 40 + 6} ${m * 40 + 6}`);
    products.style.width = Math.min(n * 40 + 6, 190) + "px";
    for (const { a, b, product } of terms)
      products.append(box(a, b, 1, 1, "ck-product"), cellText(a, b, show(product), "currentColor"));
  }

  function draw() {
    state = readState(model);
    drawControls();
    drawKernel();
    drawMaps();
    drawMarks();
  }

  // One change of an example sets six values: draw once.
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => { waiting = false; draw(); });
  };
  for (const key of KEYS) model.on("change:" + key, later);
  draw();
  host.append(root);
}

export { convolve, flipped, outputShape, outputSize, parseNumber, patchTerms, resized, show, sumOf, unseen, KERNELS, EXAMPLES };
export default { render };
