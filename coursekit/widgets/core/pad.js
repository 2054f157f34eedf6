// A picture that is drawn on: by mouse and finger, or by keys.

// The picture with a line of a round pen as wide as MNIST's; `erase` takes it away. Distances are in
// pixels of the picture; all channels get the same.
function inked(values, [channels, rows, columns], [x0, y0], [x1, y1], erase = false) {
  const next = Float64Array.from(values);
  const width = Math.max(1, rows / 28);
  const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  const reach = 3 * width + 1;
  const [top, bottom] = [Math.max(0, Math.floor(Math.min(y0, y1) - reach)), Math.min(rows, Math.ceil(Math.max(y0, y1) + reach))];
  const [left, right] = [Math.max(0, Math.floor(Math.min(x0, x1) - reach)), Math.min(columns, Math.ceil(Math.max(x0, x1) + reach))];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const share = length ? within(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1) : 0;
      const far = Math.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0));
      const ink = within((erase ? 3 : 2) - far / width, 0, 1); // what takes away is wider
      for (let c = 0, at = y * columns + x; c < channels && ink; c++, at += rows * columns)
        next[at] = erase ? Math.min(next[at], 1 - ink) : Math.max(next[at], ink);
    }
  return next;
}

// The picture as MNIST's were prepared: what is bright is scaled to 20 of 28 pixels, and its centre
// of mass moved to the middle. An empty picture stays as it is.
function centred(values, [channels, rows, columns]) {
  const [bright, ys, xs] = [[], [], []];
  for (let i = 0; i < rows * columns; i++) {
    if (values[i] <= 0.1) continue;
    bright.push(values[i]);
    ys.push(Math.floor(i / columns));
    xs.push(i % columns);
  }
  if (!bright.length) return values;
  const [top, bottom, left, right] = [Math.min(...ys), Math.max(...ys) + 1, Math.min(...xs), Math.max(...xs) + 1];
  const scale = ((20 / 28) * Math.min(rows, columns)) / Math.max(bottom - top, right - left);
  const total = bright.reduce((sum, value) => sum + value, 0);
  const [cy, cx] = [ys, xs].map((all) => all.reduce((sum, n, i) => sum + n * bright[i], 0) / total);
  const source = (c, y, x) => (y < top || x < left || y >= bottom || x >= right ? 0 : values[(c * rows + y) * columns + x]);
  return Float64Array.from({ length: channels * rows * columns }, (_, i) => {
    const c = Math.floor(i / (rows * columns));
    const [y, x] = [Math.floor(i / columns) % rows, i % columns];
    return sampled((a, b) => source(c, a, b), cy + (y - (rows - 1) / 2) / scale, cx + (x - (columns - 1) / 2) / scale, 1 / scale);
  });
}

// A value between pixels, by their shares; where the picture shrinks, the mean of a few of them.
function sampled(source, y, x, step) {
  const many = Math.max(1, Math.round(step));
  let sum = 0;
  for (let a = 0; a < many; a++)
    for (let b = 0; b < many; b++) {
      const [v, u] = [y + ((a + 0.5) / many - 0.5) * step * (many > 1), x + ((b + 0.5) / many - 0.5) * step * (many > 1)];
      const [i, j] = [Math.floor(v), Math.floor(u)];
      const [p, q] = [v - i, u - j];
      sum += (1 - p) * ((1 - q) * source(i, j) + q * source(i, j + 1)) + p * ((1 - q) * source(i + 1, j) + q * source(i + 1, j + 1));
    }
  return sum / many ** 2;
}

// A picture file, shrunk to the network's size: grey by its mean, or red, green and blue. It stays whole,
// on black where it is no square of the same shape.
async function pictureFrom(file, [channels, rows, columns]) {
  const bitmap = await createImageBitmap(file);
  const canvas = el("canvas", { width: columns, height: rows });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const scale = Math.min(columns / bitmap.width, rows / bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  pen.fillRect(0, 0, columns, rows);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, (columns - width) / 2, (rows - height) / 2, width, height);
  bitmap.close();
  const { data } = pen.getImageData(0, 0, columns, rows);
  const each = rows * columns;
  return Float64Array.from({ length: channels * each }, (_, i) => channels === 3
    ? data[4 * (i % each) + Math.floor(i / each)] / 255
    : (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 765);
}

// The pad. `onDraw(values)` is told of every stretch of a stroke, `onDone(values)` of its end.
// show(values, shape, side) draws the picture, mark(boxes) outlines [top, left, bottom, right] on it.
function drawingPad(ui, { onDraw, onDone }) {
  const plate = board("");
  const { node } = plate;
  node.classList.add("ck-pad");
  let [values, shape, unit] = [null, [1, 1, 1], 1];
  let [last, down, cursor] = [null, false, null];
  let outlines = [];
  let erase = false;

  function show(next, size, side) {
    [values, shape, unit] = [next, size, side / Math.max(size[1], size[2])];
    const [channels, rows, columns] = size;
    const pen = plate.size(Math.round(columns * unit), Math.round(rows * unit));
    let [low, high] = [0, 1];
    for (const value of values) {
      if (value < low) low = value;
      else if (value > high) high = value;
    }
    const grey = (at) => (255 * (values[at] - low)) / (high - low);
    const each = rows * columns;
    drawPixels(pen, rows, columns, (y, x) => {
      const at = y * columns + x;
      return channels === 3 ? [grey(at), grey(at + each), grey(at + 2 * each)] : [grey(at), grey(at), grey(at)];
    }, 0, 0, columns * unit, rows * unit);
    drawMarks();
  }

  function drawMarks() {
    const here = cursor && document.activeElement === node ? [[cursor[1], cursor[0], cursor[1] + 1, cursor[0] + 1]] : [];
    const boxes = [...outlines, ...here];
    if (!boxes.length) return plate.wipe();
    const pen = plate.over();
    for (const [top, left, bottom, right] of boxes)
      for (const [colour, width] of [["#ffffff", 4], ["#c2410c", 2]]) {
        pen.strokeStyle = colour;
        pen.lineWidth = width;
        pen.strokeRect(left * unit, top * unit, (right - left) * unit, (bottom - top) * unit);
      }
  }

  function line(from, to) {
    values = inked(values, shape, from, to, erase);
    onDraw(values);
  }

  const spot = (event) => plate.place(event).map((n) => n / unit - 0.5);
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    node.setPointerCapture(event.pointerId);
    last = spot(event);
    line(last, last);
  });
  node.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = spot(event);
    line(last, next);
    last = next;
  });
  for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, () => {
    if (last) onDone(values);
    last = null;
  });
  node.addEventListener("focus", () => {
    cursor ??= [Math.floor(shape[2] / 2), Math.floor(shape[1] / 2)];
    drawMarks();
  });
  node.addEventListener("blur", () => { down = false; drawMarks(); });
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    const from = cursor ?? [0, 0];
    if (step) {
      cursor = from.map((n, axis) => within(n + step[axis], 0, shape[2 - axis] - 1));
      if (down) line(from, cursor);
      else drawMarks();
      ui.say(`${down ? "Pen down. " : ""}Row ${cursor[1]}, column ${cursor[0]}: ${show2(values[cursor[1] * shape[2] + cursor[0]])}`);
    } else if (event.key === " " || event.key === "Enter") {
      down = !down;
      if (down) line(from, from);
      else onDone(values);
      if (down) ui.say("Pen down: the arrow keys draw.");
    } else return;
    event.preventDefault();
  });
  const show2 = (value) => String(Number(value.toFixed(2)));
  return { node, show, describe: plate.describe, erase: (on) => (erase = on),
    mark: (boxes) => { outlines = boxes; drawMarks(); } };
}

// The picture of a widget that runs a network: chosen, drawn, or from a file. It has the traits
// `image`, `images` and `network`. `onDraw()` is called while a stroke is drawn, once a frame, and
// `onTake()` when another picture has been drawn; values() is the picture. Call follow() first in `draw`.
function networkPicture(ui, { shape, onDraw, onTake }) {
  const [channels, height, width] = shape;
  const each = channels * height * width;
  const given = unpackFloats(ui.initial.images.values);
  const examples = Array.from({ length: ui.initial.images.count }, (_, i) => given.slice(i * each, (i + 1) * each));
  let picture = null; // ahead of the trait while a stroke is drawn
  let from = null; // the trait's picture that it came from

  function take(values) {
    ui.complain("");
    picture = values;
    const rows = (c) => Array.from({ length: height }, (_, y) => Array.from(
      { length: width }, (_, x) => Number(values[(c * height + y) * width + x].toPrecision(10))));
    ui.set({ image: Array.from({ length: channels }, (_, c) => rows(c)) });
    from = ui.state.image;
    queueMicrotask(onTake); // after `draw`
  }

  const choice = menu("Picture", [], (value) => value !== "" && take(examples[Number(value)]));
  const file = el("input", { type: "file", accept: "image/*", id: freshId(), class: "ck-file", onchange: async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    try {
      take(await pictureFrom(chosen, shape));
    } catch {
      ui.complain(`\u201c${chosen.name}\u201d could not be read as a picture. Choose a JPEG, PNG or WebP file.`);
    }
  } });
  const rub = tickBox("Rub out", (on) => pad.erase(on));
  const pad = drawingPad(ui, { onDone: take, onDraw(values) { picture = values; ui.live(onDraw); } });
  return {
    pad, values: () => picture,
    fields: [choice.field, button("Clear", () => take(new Float64Array(each))), rub.field,
      button("Invert", () => take(picture.map((value) => 1 - value))),
      button("Centre", () => take(centred(picture, shape)), { title: "Scale and move what is bright as MNIST's digits were" }),
      el("div", { class: "ck-field" }, el("label", { for: file.id }, "A picture of your own"), file)],
    follow() {
      if (from !== ui.state.image) {
        from = ui.state.image;
        picture = Float64Array.from(from.flat(2));
      }
      const found = examples.findIndex((values) => values.every((value, i) => Math.abs(value - picture[i]) < 1e-6));
      choice.offer([...(found < 0 ? [["", "Your own"]] : []), ...examples.map((_, i) => [i, `Picture ${i}`])]);
      choice.show(found < 0 ? "" : found);
      pad.describe(`Picture, ${height} rows and ${width} columns. Arrow keys move; Space puts the pen down and takes it up.`);
    },
  };
}
