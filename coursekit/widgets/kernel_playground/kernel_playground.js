// The kernel playground: a photograph, a kernel, and what it makes of it, pixel by pixel.

const KEYS = ["image", "kernel", "view"];
const SEEN = [["clipped", "Clipped to 0\u2013255"], ["absolute", "Size without sign"], ["signed", "Grey is 0, white above, black below"]];
const STAYS = "Your picture stays in this browser: it is not sent, not stored, and Python does not see it.";

const render = courseWidget("playground", KEYS, (ui) => {
  let own = null; // the student's picture, nowhere but here
  let given = null; // the picture of the cell, unpacked once
  let sums = null;
  let at = [0, 0];
  let hover = null;
  let closeCamera = null;
  let placed = false;

  const current = () => own ?? given;

  // ---- controls -------------------------------------------------------------------------------------

  const source = menu("Picture", [["given", "As given in this cell"], ["own", "Your own: choose a file"]], (value) => {
    if (value === "given") return take(null, "");
    source.show(own ? "own" : "given");
    file.click();
  });
  const file = el("input", { type: "file", accept: "image/*", id: freshId(), class: "ck-file", onchange: async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    endCamera();
    try {
      take(await fromFile(chosen), STAYS);
    } catch {
      ui.complain(`\u201c${chosen.name}\u201d could not be read as a picture. Choose a JPEG, PNG or WebP file.`);
    }
  } });
  const camera = button("Use the camera", async () => {
    if (closeCamera) {
      endCamera();
      ui.say("The camera is off; its last picture stays.");
      return;
    }
    const why = whyNoCamera();
    if (why) return ui.complain(why);
    try {
      closeCamera = await openCamera((picture) => take(picture, STAYS));
      camera.textContent = "Keep this picture";
      ui.say("The camera is on. Press again to keep the picture.");
    } catch (error) {
      ui.complain(error.name === "NotAllowedError" ? "The browser was not allowed to use the camera. Allow it beside the address, or choose a file."
        : "No camera could be started. Choose a file instead.");
    }
  });
  const preset = menu("Kernel", [["", "Other weights"], ...Object.entries(KERNELS).filter(([, [, rows]]) => shapeOf(rows).every((n) => n % 2))
    .map(([key, [text]]) => [key, text])], (key) => (key ? change({ kernel: KERNELS[key][1] }) : weights.focus()));
  const size = menu("Kernel size", [1, 3, 5, 7].map((n) => [n, by([n, n])]), (n) => change({ kernel: resized(ui.state.kernel, Number(n), Number(n)) }));
  const view = menu("Shown", SEEN, (value) => change({ view: value }));
  const divide = button("Divide by the sum", () => {
    const total = weightSum();
    if (Math.abs(total) < 1e-9) return ui.complain("The weights add up to 0, so they cannot be divided by their sum.");
    change({ kernel: scaled(ui.state.kernel, total) });
  });
  const weights = numberTable(ui, { label: "Weights of the kernel", onChange: (kernel) => change({ kernel }) });
  const weightSum = () => ui.state.kernel.flat().reduce((total, weight) => total + weight, 0);

  function change(changes) {
    ui.complain("");
    ui.set(changes);
    ui.say(`${sumSentence()} ${spokenPixel()}`);
  }

  function take(picture, words) {
    const old = current();
    own = picture;
    placed = old.rows === current().rows && old.columns === current().columns;
    ui.complain("");
    note.textContent = words;
    filter();
  }

  function endCamera() {
    closeCamera?.();
    closeCamera = null;
    camera.textContent = "Use the camera";
  }

  // ---- the two pictures -----------------------------------------------------------------------------

  const [before, after] = ["Picture", "Result"].map((label) => board(label));
  for (const name of ["tabindex", "role", "aria-label"]) before.node.removeAttribute(name);
  before.node.setAttribute("aria-hidden", "true");
  const paper = [el("canvas"), el("canvas")]; // one pixel for each of the picture
  const lens = cellGrid(ui, { label: "Patch", widest: 280 });
  for (const name of ["tabindex", "role", "aria-label"]) lens.node.removeAttribute(name);
  lens.node.setAttribute("aria-hidden", "true");
  const [titleBefore, titleAfter] = [0, 0].map(() => el("p", { class: "ck-title" }));
  const sumNote = el("p", { class: "ck-small ck-narrow" });
  const note = el("p", { class: "ck-small ck-stays" });
  const line = el("p", { class: "ck-sum" });
  let scale = 1;

  const pixelAt = (plate, event) => {
    const { rows, columns } = current();
    const [x, y] = plate.place(event).map((n) => Math.floor(n / scale));
    return x >= 0 && y >= 0 && x < columns && y < rows ? [y, x] : null;
  };
  for (const plate of [before, after]) {
    plate.node.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return;
      hover = pixelAt(plate, event);
      drawMarks();
    });
    plate.node.addEventListener("pointerleave", () => { hover = null; drawMarks(); });
    plate.node.addEventListener("click", (event) => {
      at = pixelAt(plate, event) ?? at;
      hover = null;
      drawMarks();
      ui.say(spokenPixel());
    });
  }
  after.node.addEventListener("keydown", (event) => {
    const { rows, columns } = current();
    let next = walk(event, at, rows, columns);
    if (!next) return;
    event.preventDefault();
    if (event.shiftKey) next = next.map((n, axis) => within(at[axis] + 10 * Math.sign(n - at[axis]), 0, [rows, columns][axis] - 1));
    at = next;
    hover = null;
    drawMarks();
    ui.say(spokenPixel());
  });

  const spot = () => (hover ?? at).map((n, axis) => within(n, 0, [current().rows, current().columns][axis] - 1));
  const shownValue = (sum) => VIEWS[ui.state.view](sum);

  function spokenPixel() {
    const [y, x] = spot();
    const sum = sums[y * current().columns + x];
    return `Row ${y}, column ${x}: sum ${show(sum, 3)}, shown as ${shownValue(sum)}.`;
  }

  function sumSentence() {
    const total = show(weightSum(), 3);
    const means = { 0: "even areas become 0", 1: "even areas keep their brightness" }[total] ?? `even areas become ${total} times as bright`;
    return `The weights add up to ${total}: ${means}.`;
  }

  // ---- drawing --------------------------------------------------------------------------------------

  function paint(pen, canvas, bytes) {
    const { rows, columns } = current();
    [canvas.width, canvas.height] = [columns, rows];
    const data = new ImageData(columns, rows);
    for (let i = 0; i < bytes.length; i++) {
      data.data[4 * i] = data.data[4 * i + 1] = data.data[4 * i + 2] = bytes[i];
      data.data[4 * i + 3] = 255;
    }
    canvas.getContext("2d").putImageData(data, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(canvas, 0, 0, columns * scale, rows * scale);
  }

  // Everything that follows from picture and kernel.
  function filter() {
    const { rows, columns, grey } = current();
    sums = slidingSums(current(), ui.state.kernel);
    const room = ui.width >= 700 ? (ui.width - 24) / 2 : ui.width;
    scale = Math.min(8, room / columns, 420 / rows);
    if (!placed) at = [Math.floor(rows / 2), Math.floor(columns / 2)];
    placed = true;
    [before, after].forEach((plate, i) => {
      const low = plate.size(Math.round(columns * scale), Math.round(rows * scale));
      paint(low, paper[i], i ? viewed(sums, ui.state.view) : grey);
    });
    titleBefore.textContent = `${own ? "Your picture" : "Picture"}, ${by([rows, columns])}`;
    titleAfter.textContent = `Result, ${by([rows, columns])}`;
    source.show(own ? "own" : "given");
    after.describe(`Result, ${rows} rows and ${columns} columns. Arrow keys move by a pixel, with Shift by ten.`);
    drawMarks();
  }

  // Follows the mouse, so it is kept cheap.
  function drawMarks() {
    const [m, n] = shapeOf(ui.state.kernel);
    const [y, x] = spot();
    const terms = pixelTerms(current(), ui.state.kernel, y, x);
    const box = (plate, top, left, height, width) => {
      const pen = plate.over();
      for (const [colour, thick] of [["#ffffff", 4], ["#c2410c", 2]]) {
        pen.strokeStyle = colour;
        pen.lineWidth = thick;
        pen.strokeRect(left * scale - 1, top * scale - 1, width * scale + 2, height * scale + 2);
      }
    };
    box(before, y - (m - 1) / 2, x - (n - 1) / 2, m, n);
    box(after, y, x, 1, 1);
    lens.draw(Array.from({ length: m }, (_, a) => terms.slice(a * n, a * n + n).map(({ value }) => value)), { roomBelow: true, paint: lensPaint });
    lens.mark([], terms.map(({ weight }, i) => ({ row: Math.floor(i / n), column: i % n, text: "\u00d7" + show(weight) })));
    const sum = sums[y * current().columns + x];
    line.replaceChildren(el("span", { class: "ck-lead" }, `Row ${y}, column ${x}: `), ...sumLine(terms), `, shown as ${shownValue(sum)}`);
  }
  const lensPaint = painter([0, 255]);

  return {
    nodes: [
      controls(source.field, el("div", { class: "ck-field" }, el("label", { for: file.id }, "A picture of your own"), file), camera),
      note,
      controls(preset.field, size.field, view.field),
      ui.complaint,
      el("div", { class: "ck-panels" },
        el("div", { class: "ck-panel" }, titleBefore, before.node),
        el("div", { class: "ck-panel" }, titleAfter, after.node),
        el("div", { class: "ck-panel" }, el("p", { class: "ck-title" }, "Kernel"), weights.node, sumNote, divide),
        el("div", { class: "ck-panel" }, el("p", { class: "ck-title" }, "Pixels under the kernel"), lens.node)),
      line,
      el("p", { class: "ck-small" }, "Point at a pixel of either picture, or press the arrow keys on the result."),
    ],
    draw() {
      if (given?.from !== ui.state.image) given = { ...unpacked(ui.state.image), from: ui.state.image };
      preset.show(Object.keys(KERNELS).find((name) => close(KERNELS[name][1], ui.state.kernel)) ?? "");
      const [m, n] = shapeOf(ui.state.kernel);
      const sizes = [1, 3, 5, 7].map((k) => [k, by([k, k])]);
      size.offer(m === n ? sizes : [["", by([m, n])], ...sizes]);
      size.show(m === n ? m : "");
      view.show(ui.state.view);
      weights.show(ui.state.kernel);
      sumNote.textContent = sumSentence();
      filter();
    },
    stop: endCamera,
  };
});

export { greyOf, pixelTerms, rint, slidingSums, viewed, unpacked, KERNELS };
export default { render };
