// The pooling explorer: an image and its shifted copy, each pooled, and what differs counted.

const SETTINGS = ["mode", "size", "stride", "ceil_mode", "image"];
const KEYS = ["image", "mode", "size", "stride", "ceil_mode", "shift", "selected"];

const render = courseWidget("pooling", KEYS, (ui) => {
  const { initial } = ui;
  let hover = null;
  let found = null; // the outcome that is drawn

  // ---- controls -------------------------------------------------------------------------------
  const example = menu("Example", [], (key) =>
    ui.set({ ...(key ? POOLED[key][1] : initial), shift: key ? [0, 0] : initial.shift, selected: [0, 0] }));
  const mode = menu("Pooling", MODES, (value) => { ui.set({ mode: value }); tell(); });
  // The stride is the size unless it was made another.
  const size = wholeBox("Window", 1, 9, (value) => {
    ui.set(ui.state.stride === ui.state.size ? { size: value, stride: value } : { size: value });
    tell();
  });
  const stride = wholeBox("Stride", 1, 9, (value) => { ui.set({ stride: value }); tell(); });
  const ceil = tickBox("Round up (ceil)", (value) => { ui.set({ ceil_mode: value }); tell(); });

  const move = (down, right) => {
    const next = [ui.state.shift[0] + down, ui.state.shift[1] + right].map((cells) => within(cells, -9, 9));
    ui.set({ shift: next });
    tell();
  };
  const arrow = (sign, name, down, right) => button(sign, () => move(down, right), { "aria-label": `Shift ${name}`, class: "ck-arrow" });
  const home = button("Shift back", () => { ui.set({ shift: [0, 0] }); tell(); });
  const how = el("strong", {});
  const arrows = el("div", { class: "ck-row ck-shift", role: "group", "aria-label": "Shift the image" }, el("span", {}, "Shift"),
    arrow("\u2190", "left", 0, -1), arrow("\u2191", "up", -1, 0), arrow("\u2193", "down", 1, 0), arrow("\u2192", "right", 0, 1), home, how);

  // A screen reader is told the outcome once it is drawn.
  let telling = false;
  const tell = () => (telling = true);

  // ---- the pictures ----------------------------------------------------------------------------
  const hint = el("p", { class: "ck-small" },
    "Point at a cell of an output, or walk over it with the arrow keys. To change a number of the image, click its cell twice or press Enter on it.");
  const sum = el("p", { class: "ck-sum" });
  const verdict = el("p", { class: "ck-verdict" });
  const facts = el("div", { class: "ck-facts" });

  const share = () => {
    const bar = el("span", {});
    const text = el("span", { class: "ck-sharetext" });
    return { bar, text, node: el("div", { class: "ck-sharerow" }, el("div", { class: "ck-share", "aria-hidden": "true" }, bar), text) };
  };

  const image = cellGrid(ui, { label: "", onPick: (row, column, key) => { pixels.pick(row, column, key); heard(row, column); }, onKey: (event) => pixels.key(event) });
  const pixels = editable(ui, image, {
    read: (row, column) => ui.state.image[row]?.[column] ?? null,
    name: (row, column) => `Image, row ${row}, column ${column}`,
    write: (row, column, value) => {
      ui.set({ image: ui.state.image.map((line, i) => line.map((old, j) => (i === row && j === column ? value : old))) });
    },
  });
  function heard(row, column) {
    image.stand(row, column);
    ui.say(`Image, row ${row}, column ${column}: ${show(ui.state.image[row][column], 3)}`);
    drawMarks();
  }
  const outputGrid = () => cellGrid(ui, { label: "", widest: 200,
    onPick: (row, column) => {
      ui.set({ selected: [row, column] });
      ui.say(`Output, row ${row}, column ${column}: ${cellSentence(ui.state, found.copy, [row, column])}`);
    },
    onHover: (cell) => { hover = cell; drawMarks(); } });
  const [output, moved, movedOutput] = [outputGrid(), cellGrid(ui, { label: "" }), outputGrid()];

  // The shifted image is dragged, and its arrow keys shift it.
  const handle = el("div", { class: "ck-handle" }, moved.node);
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  handle.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in STEPS)) return;
    event.preventDefault();
    event.stopPropagation();
    move(...STEPS[event.key]);
  }, true);
  let drag = null;
  handle.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    drag = { x: event.clientX, y: event.clientY, shift: ui.state.shift };
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const cells = [event.clientY - drag.y, event.clientX - drag.x].map((far) => Math.round(far / moved.cell()));
    const next = cells.map((n, axis) => within(drag.shift[axis] + n, -9, 9));
    if (!same(next, ui.state.shift)) ui.set({ shift: next });
  });
  for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, () => {
    if (drag && !same(drag.shift, ui.state.shift)) ui.say(verdict.textContent);
    drag = null;
  });

  const [imageShare, outputShare] = [share(), share()];
  const titles = [0, 1, 2, 3].map(() => el("p", { class: "ck-title" }));
  const panel = (title, ...nodes) => el("div", { class: "ck-panel" }, title, ...nodes);
  const pair = (kind, ...nodes) => el("div", { class: `ck-pair ${kind}` }, ...nodes);
  const arrowSign = () => el("span", { class: "ck-op", "aria-hidden": "true" }, "\u2192");

  function current() {
    const [rows, columns] = poolShape(ui.state);
    const [row, column] = hover ?? ui.state.selected;
    return rows ? [within(row, 0, rows - 1), within(column, 0, columns - 1)] : null;
  }

  function drawControls() {
    const { state } = ui;
    const given = agree(initial, state, SETTINGS);
    const name = given ? "" : Object.keys(POOLED).find((key) => agree(POOLED[key][1], state, SETTINGS)) ?? "";
    example.offer([["", given || name ? "As given in this cell" : "Your own (choose to go back)"], ...Object.entries(POOLED).map(([key, [text]]) => [key, text])]);
    example.show(name);
    mode.show(state.mode);
    size.show(state.size);
    stride.show(state.stride);
    ceil.show(state.ceil_mode);
    for (const { node } of [size, stride, ceil]) node.disabled = state.mode === "global_average";
    how.textContent = shiftName(state.shift);
    home.setAttribute("aria-disabled", String(!state.shift[0] && !state.shift[1]));
  }

  // What follows the mouse: the window in both images, the cell in both outputs.
  function drawMarks() {
    const { state } = ui;
    const cell = current();
    const window = cell ? windowOf(state, ...cell) : null;
    const frame = window ? [{ row: window.y, column: window.x, rows: window.rows, columns: window.columns }] : [];
    const at = pixels.at();
    const chosen = at && document.activeElement === image.node ? [{ row: at[0], column: at[1], thin: true, colour: ui.colours.ink }] : [];
    image.mark([...frame, ...chosen]);
    moved.mark(frame);
    const spot = cell ? [{ row: cell[0], column: cell[1] }] : [];
    output.mark(spot);
    movedOutput.mark(spot);
    if (!cell) {
      sum.textContent = `The output has no cells: a window of ${by([state.size, state.size])} does not fit. Use a smaller window, or round up.`;
      return;
    }
    output.stand(...cell);
    movedOutput.stand(...cell);
    sum.replaceChildren(el("span", { class: "ck-lead" }, `Output, row ${cell[0]}, column ${cell[1]}: `), cellSentence(state, found.copy, cell));
  }

  function draw() {
    const { state } = ui;
    drawControls();
    found = outcome(state);
    const { copy, before, after, inside, outside } = found;
    const paint = painter(state.image.flat());
    const blind = uncovered(state);
    const shape = [state.image.length, state.image[0].length];
    const still = !state.shift[0] && !state.shift[1];
    titles[0].textContent = `Image ${by(shape)}`;
    titles[1].textContent = `Output ${by(poolShape(state))}`;
    titles[2].replaceChildren("Shifted", el("span", { class: "ck-lead" }, still ? " not yet" : ` ${shiftName(state.shift)}`));
    titles[3].textContent = "Its output";
    image.draw(state.image, { paint, blind });
    moved.draw(copy, { paint, blind, changed: inside });
    output.draw(before, { paint });
    movedOutput.draw(after, { paint, changed: outside });
    image.describe(`Image, ${shape[0]} rows and ${shape[1]} columns. Arrow keys move, Enter changes a number.`);
    moved.describe(`Shifted image, ${shiftName(state.shift)}. Arrow keys shift it.`);
    output.describe(`Output, ${poolShape(state).join(" rows and ")} columns. Arrow keys move from cell to cell.`);
    movedOutput.describe(`Output after the shift, ${poolShape(state).join(" rows and ")} columns. Arrow keys move from cell to cell.`);
    for (const [part, mask] of [[imageShare, inside], [outputShare, outside]]) {
      const all = mask.flat().length;
      part.bar.style.width = `${all ? (100 * countOf(mask)) / all : 0}%`;
      part.text.textContent = all ? shareOf(mask) : "";
    }
    verdict.textContent = poolShape(state)[0] ? shiftSentence(state, found) : "";
    facts.replaceChildren(...sizeSentences(state, countOf(blind)).map((text) => el("p", { class: "ck-small" }, text)));
    drawMarks();
    if (telling) ui.say(poolShape(state)[0] ? `Output ${by(poolShape(state))}. ${verdict.textContent}` : "No window fits.");
    telling = false;
  }

  return {
    nodes: [controls(example.field, mode.field, size.field, stride.field, ceil.field), arrows,
      el("div", { class: "ck-pooled" },
        pair("ck-before", panel(titles[0], pixels.node), arrowSign(), panel(titles[1], output.node)),
        pair("ck-after", panel(titles[2], handle, imageShare.node), arrowSign(), panel(titles[3], movedOutput.node, outputShare.node))),
      ui.complaint, sum, verdict, facts, hint],
    draw,
  };
});

export { outcome, pool, poolShape, uncovered };
export default { render };
