// Pictures on canvas: sharp on every screen, quick at 64 x 64, walked over by mouse, touch and keys.

// ---- a sheet and a board ------------------------------------------------------------------------

// Makes a canvas of a size in CSS pixels, sharp on this screen and empty; gives its pen.
function sheet(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1;
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) {
    Object.assign(canvas, { width: w, height: h });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    fonts.delete(canvas.getContext("2d")); // a canvas of a new size forgets it
  }
  return cleared(canvas, ratio);
}

// Sets a pen's font, which costs more than the text: the browser brings all styles up to date first.
const fonts = new WeakMap();
function setFont(pen, text) {
  if (fonts.get(pen) === text) return;
  pen.font = text;
  fonts.set(pen, text);
}

function cleared(canvas, ratio) {
  const pen = canvas.getContext("2d");
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  Object.assign(pen, { textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 1 });
  return pen;
}

// Two canvases, the lower for what is drawn seldom, the upper for marks; it takes focus and keys.
// size(width, height) empties both and gives the lower one's pen; over() empties the upper one and
// gives its pen, wipe() only empties it; place(event) is where a pointer is. All in CSS pixels.
// The upper one is put up with the first mark: each canvas takes its share of a frame.
function board(label) {
  const [low, high] = [el("canvas"), el("canvas", { class: "ck-over" })];
  const node = el("div", { class: "ck-board", tabindex: "0", role: "application", "aria-label": label }, low);
  let [width, height] = [1, 1];
  function over() {
    if (!high.parentNode) node.append(high);
    return sheet(high, width, height);
  }
  const wipe = () => high.parentNode && over();
  return {
    node, over, wipe,
    size(wide, tall) {
      [width, height] = [wide, tall];
      wipe();
      return sheet(low, wide, tall);
    },
    place(event) {
      const area = low.getBoundingClientRect();
      const scale = width / (area.width || 1);
      return [(event.clientX - area.left) * scale, (event.clientY - area.top) * scale];
    },
    describe: (text) => node.setAttribute("aria-label", text),
  };
}

const MONO = 'ui-monospace, "DejaVu Sans Mono", monospace';
const font = (pixels, weight = "") => `${weight} ${pixels}px ${MONO}`;

// ---- the colours of numbers --------------------------------------------------------------------

// The colour of a step from -255 to 255: grey from dark to bright, or where there are negative values
// purple, white, orange; the same in both themes, as a photograph is.
const tones = { true: [], false: [] };
function toneOf(signed, step) {
  const mix = (from, to, share) => from.map((c, i) => Math.round(c + (to[i] - c) * share));
  return (tones[signed][step + 255] ??= signed
    ? mix([247, 247, 247], step < 0 ? [94, 60, 153] : [230, 97, 1], Math.abs(step) / 255)
    : mix([58, 63, 70], [255, 255, 255], step / 255));
}

// Give all the numbers that shall share one scale; the painter gives a number's colour and that of ink on it.
const paints = { true: [], false: [] };
function painter(values) {
  const low = values.reduce((a, b) => Math.min(a, b), 0);
  const high = values.reduce((a, b) => Math.max(a, b), 0);
  const reach = Math.max(-low, high) || 1;
  const table = paints[low < 0];
  const paint = (value) => {
    const step = Math.round(within(value / reach, -1, 1) * 255);
    if (!table[step + 255]) {
      const rgb = toneOf(low < 0, step);
      const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      table[step + 255] = { rgb, fill: `rgb(${rgb})`, ink: light > 0.18 ? "#111111" : "#ffffff" };
    }
    return table[step + 255];
  };
  return Object.assign(paint, { scale: `${low} ${high}` });
}

// "#rrggbb" as its three numbers.
const channelsOf = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

// A canvas for pixels on their way to another one, at least of this size: one for all, since each costs its share.
function paperOf(width, height) {
  const canvas = (paperOf.canvas ??= el("canvas", { width: 1, height: 1 }));
  const grown = [Math.max(width, canvas.width), Math.max(height, canvas.height)];
  if (canvas.width !== grown[0] || canvas.height !== grown[1]) [canvas.width, canvas.height] = grown;
  return canvas;
}

// Draws rows of pixels, far quicker than a rectangle each; `colour(y, x)` gives [red, green, blue].
function drawPixels(pen, rows, columns, colour, left, top, width, height) {
  const image = new ImageData(columns, rows);
  for (let y = 0, at = 0; y < rows; y++)
    for (let x = 0; x < columns; x++, at += 4) {
      const rgb = colour(y, x);
      image.data[at] = rgb[0];
      image.data[at + 1] = rgb[1];
      image.data[at + 2] = rgb[2];
      image.data[at + 3] = 255;
    }
  const paper = paperOf(columns, rows);
  paper.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(paper, 0, 0, columns, rows, left, top, width, height);
}

const colourSentence = (...matrices) => matrices.some((rows) => rows.some((row) => row.some((value) => value < 0)))
  ? "Purple: below 0. White: 0. Orange: above 0." : "The brighter, the larger.";

// ---- a grid of numbers ---------------------------------------------------------------------------

const CELL = 40; // CSS pixels of a cell where there is room
const RIM = 2; // around the cells, so that marks at the edge are seen whole
const READABLE = 21; // numbers are written in cells from this size on

// A grid that is walked over by arrow keys (Home, End, PageUp, PageDown to the edges).
//   onPick(row, column, how)  a key or a click chose a cell; `how` is the key, or "click"
//   onHover(cell or null)     the mouse is over another cell than before
//   onKey(event)              any other key
// draw(rows, { edge, blind, changed, paint, roomBelow, widest }) draws the cells, empty where a row holds null:
// `edge` rings of padding around them, cells crossed out where the matrix `blind` says so and
// outlined where `changed` does, space under the numbers for tags.
// mark(boxes, tags) outlines { row, column, rows, columns, colour, thin } and writes { row, column, text }
// at the foot of cells; it costs little, so it may follow the mouse. stand(row, column) moves
// where the arrow keys go on from. `cell()` is the size of a cell, `numbers()` whether they are written.
function cellGrid(ui, { label, widest: usual = 264, onPick, onHover, onKey }) {
  const plate = board(label);
  const { node } = plate;
  let [rows, columns, unit, at, under] = [0, 0, CELL, [0, 0], null];
  let drawn = []; // all that the picture hangs on
  const line = (n) => Math.round(n * unit) + RIM; // grid lines on whole pixels

  function draw(values, { edge = 0, blind = null, changed = null, paint = painter(values.flat()), roomBelow = false, widest = usual } = {}) {
    [rows, columns] = values.length ? [values.length + 2 * edge, values[0].length + 2 * edge] : [0, 0];
    unit = Math.min(CELL, (Math.min(widest, ui.width) - 2 * RIM - 1) / Math.max(1, columns));
    const now = [unit, edge, roomBelow, ui.colours.paper, globalThis.devicePixelRatio, paint.scale ?? paint, values, blind, changed];
    if (drawn.length && now.every((part, i) => part === drawn[i] || (i > 5 && sameCells(part, drawn[i])))) return plate.wipe();
    drawn = now;
    const pen = plate.size(line(columns) + RIM + 1, line(rows) + RIM + 1);
    if (unit < 12) return drawSmall(pen, values, edge, blind, changed, paint);
    const readable = unit >= READABLE;
    const down = roomBelow && unit >= 30 ? 0.38 : 0.5;
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        const value = values[y - edge]?.[x - edge];
        const padded = value === undefined;
        const { fill, ink } = padded || value === null ? { fill: ui.colours.panel, ink: ui.colours.soft } : paint(value);
        const [left, top, right, bottom] = [line(x), line(y), line(x + 1), line(y + 1)];
        pen.fillStyle = fill;
        pen.fillRect(left, top, right - left, bottom - top);
        pen.strokeStyle = ui.colours.edge;
        pen.lineWidth = 1;
        pen.setLineDash(padded ? [3, 3] : []);
        pen.strokeRect(left + 0.5, top + 0.5, right - left, bottom - top);
        if (readable && value !== null) writeNumber(pen, padded ? 0 : value, left + (right - left) / 2, top + (bottom - top) * down, ink);
      }
    pen.setLineDash([]);
    crossOut(pen, blind);
    changed?.forEach((row, y) => row.forEach((is, x) => is && outline(pen, y, x, 1, 1, ui.colours.second, true)));
  }

  // Without lines and numbers; what has changed is tinted.
  function drawSmall(pen, values, edge, blind, changed, paint) {
    const [panel, second] = [channelsOf(ui.colours.panel), channelsOf(ui.colours.second)];
    const [width, height] = [line(columns) - RIM, line(rows) - RIM];
    drawPixels(pen, rows, columns, (y, x) => {
      const value = values[y - edge]?.[x - edge];
      const { rgb } = value === undefined || value === null ? { rgb: panel } : paint(value);
      return changed?.[y][x] ? rgb.map((part, c) => (part + second[c]) / 2) : rgb;
    }, RIM, RIM, width, height);
    pen.strokeStyle = ui.colours.edge;
    pen.strokeRect(RIM + 0.5, RIM + 0.5, width, height);
    crossOut(pen, blind);
  }

  function outline(pen, row, column, m, n, colour, thin) {
    for (const [stroke, width] of [[ui.colours.paper, thin ? 4 : 6], [colour, thin ? 2 : 4]]) {
      pen.strokeStyle = stroke;
      pen.lineWidth = width;
      pen.strokeRect(line(column) + 0.5, line(row) + 0.5, line(column + n) - line(column), line(row + m) - line(row));
    }
  }

  function writeNumber(pen, value, x, y, ink) {
    const room = (unit - 5) / 0.61; // the width of a monospaced sign is 0.61 of its height
    let text = show(value, 2);
    if (room / text.length < 9) text = show(value, 1);
    const size = Math.round(2 * Math.max(7, Math.min(16, unit * 0.42, room / text.length))) / 2;
    setFont(pen, font(size));
    pen.fillStyle = ink;
    pen.fillText(text, x, y);
  }

  // All in one path: a stroke for each cell would cost most of a frame at 64 x 64.
  function crossOut(pen, blind) {
    if (!blind) return;
    pen.beginPath();
    blind.forEach((row, y) => row.forEach((is, x) => {
      if (!is) return;
      pen.moveTo(line(x) + unit * 0.08, line(y + 1) - unit * 0.08);
      pen.lineTo(line(x + 1) - unit * 0.08, line(y) + unit * 0.08);
    }));
    for (const [colour, width] of [["rgba(255,255,255,0.7)", 3.5], ["#b3261e", 1.5]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = Math.min(width, unit / 3);
      pen.stroke();
    }
  }

  function mark(boxes, tags = []) {
    if (!boxes.length && !tags.length) return plate.wipe();
    const pen = plate.over();
    for (const { row, column, rows: m = 1, columns: n = 1, thin = false, colour = ui.colours.accent } of boxes)
      outline(pen, row, column, m, n, colour, thin || unit < 8);
    if (unit < 30) return;
    for (const { row, column, text } of tags) {
      const [x, y] = [line(column) + unit / 2, line(row) + unit * 0.8];
      pen.fillStyle = "#0b3d66";
      pen.beginPath();
      pen.roundRect(line(column) + 3, y - 6, unit - 5, 12, 3);
      pen.fill();
      setFont(pen, font(Math.min(10, (unit - 7) / 0.61 / text.length), "600"));
      pen.fillStyle = "#ffffff";
      pen.fillText(text, x, y + 0.5);
    }
  }

  function cellAt(event) {
    const [x, y] = plate.place(event).map((n) => Math.floor((n - RIM) / unit));
    return y >= 0 && x >= 0 && y < rows && x < columns ? [y, x] : null;
  }

  function hover(cell) {
    if (same(cell, under)) return;
    under = cell;
    onHover?.(cell);
  }

  node.addEventListener("pointermove", (event) => event.pointerType !== "touch" && hover(cellAt(event)));
  node.addEventListener("pointerleave", () => hover(null));
  node.addEventListener("click", (event) => {
    const cell = cellAt(event);
    if (cell) onPick?.(...cell, "click");
  });
  node.addEventListener("keydown", (event) => {
    const next = walk(event, at, rows, columns);
    if (!next) return onKey?.(event);
    event.preventDefault();
    if (rows) onPick?.(...(at = next), event.key);
  });
  return { node, draw, mark, stand: (row, column) => (at = [row, column]), cell: () => unit,
    numbers: () => unit >= READABLE, describe: plate.describe };
}

// Whether two matrices, either of which may be missing, hold the same.
const sameCells = (a, b) => Boolean(a && b) && a.length === b.length && a[0]?.length === b[0]?.length &&
  a.every((row, y) => row === b[y] || row.every((value, x) => value === b[y][x]));

// Where a key leads from a cell, or null where it leads nowhere.
function walk(event, [y, x], rows, columns) {
  if (event.metaKey || event.altKey) return null;
  const next = {
    ArrowUp: [y - 1, x], ArrowDown: [y + 1, x], ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1],
    Home: event.ctrlKey ? [0, 0] : [y, 0], End: event.ctrlKey ? [rows - 1, columns - 1] : [y, columns - 1],
    PageUp: [0, x], PageDown: [rows - 1, x],
  }[event.key];
  return next ? [within(next[0], 0, rows - 1), within(next[1], 0, columns - 1)] : null;
}
