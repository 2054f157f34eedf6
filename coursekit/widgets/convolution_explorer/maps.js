// Maps of numbers: cells with their shade and value, and keys to walk from cell to cell.

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const close = (a, b) => same(shapeOf(a), shapeOf(b)) &&
  a.every((row, i) => row.every((value, j) => Math.abs(value - b[i][j]) < 1e-9));
const MAX_NUMBERS = 14; // columns up to which a map has its numbers written in

// Grey from dark to bright; where there are negative values purple, white, orange.
function painter(matrix) {
  const values = matrix.flat();
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const mix = (from, to, t) => from.map((c, i) => Math.round(c + (to[i] - c) * t));
  const reach = Math.max(-low, high) || 1;
  return (value) => {
    const rgb = low < 0
      ? mix([247, 247, 247], value < 0 ? [94, 60, 153] : [230, 97, 1], Math.min(1, Math.abs(value) / reach))
      : mix([58, 63, 70], [255, 255, 255], high ? value / high : 0);
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return { fill: `rgb(${rgb})`, ink: light > 0.18 ? "#111111" : "#ffffff" };
  };
}

const box = (y, x, rows, columns, kind) =>
  svg("rect", { x: x * 40, y: y * 40, width: columns * 40, height: rows * 40, class: kind });

function cellText(y, x, text, ink, middle = 21) {
  const size = text.length > 5 ? 11 : text.length > 3 ? 13 : 16;
  return svg("text", { x: x * 40 + 20, y: y * 40 + middle, fill: ink, "font-size": size, class: "ck-num" }, text);
}

// The cells of a map. `edge` cells on every side are padding; `blind` marks those never seen;
// `middle` is the height of the numbers, which stand higher where a weight goes below them.
function drawCells(matrix, { edge = 0, blind = null, numbers = true, middle = 21 }) {
  const paint = painter(matrix);
  const layer = svg("g");
  const [height, width] = [matrix.length + 2 * edge, matrix[0].length + 2 * edge];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = matrix[y - edge]?.[x - edge];
      if (value === undefined) {
        layer.append(box(y, x, 1, 1, "ck-pad"));
        if (numbers) layer.append(cellText(y, x, "0", "currentColor", middle));
      } else {
        const { fill: colour, ink } = paint(value);
        const cell = box(y, x, 1, 1, numbers ? "ck-cell" : "ck-dot");
        cell.setAttribute("fill", colour);
        layer.append(cell);
        if (numbers) layer.append(cellText(y, x, show(value), ink, middle));
      }
      if (blind?.[y][x]) {
        const d = `M${x * 40 + 3},${y * 40 + 37}L${x * 40 + 37},${y * 40 + 3}`;
        layer.append(svg("path", { d, class: "ck-blind-under" }), svg("path", { d, class: "ck-blind" }));
      }
    }
  return layer;
}

// A focusable map. onMove(row, column, key) follows arrows and clicks; onHover follows the mouse.
function cellMap({ label, onMove, onHover, onKey }) {
  const cells = svg("g");
  const marks = svg("g", { class: "ck-marks" });
  const picture = svg("svg", { "aria-hidden": "true" }, cells, marks);
  const node = el("div", { class: "ck-map", tabindex: "0", role: "application", "aria-label": label }, picture);
  let [rows, columns, at] = [0, 0, [0, 0]];

  function size(height, width, widest) {
    [rows, columns] = [height, width];
    picture.setAttribute("viewBox", `-3 -3 ${width * 40 + 6} ${height * 40 + 6}`);
    picture.style.width = Math.min(width * 40 + 6, widest) + "px";
  }

  function place(event) {
    const area = picture.getBoundingClientRect();
    const unit = area.width / (columns * 40 + 6);
    const x = Math.floor(((event.clientX - area.left) / unit - 3) / 40);
    const y = Math.floor(((event.clientY - area.top) / unit - 3) / 40);
    return y >= 0 && x >= 0 && y < rows && x < columns ? [y, x] : null;
  }

  node.addEventListener("pointermove", (event) => onHover?.(place(event)));
  node.addEventListener("pointerleave", () => onHover?.(null));
  node.addEventListener("click", (event) => {
    const cell = place(event);
    if (cell) onMove(...cell, "click");
  });
  node.addEventListener("keydown", (event) => {
    const [y, x] = at;
    const next = {
      ArrowUp: [y - 1, x], ArrowDown: [y + 1, x], ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1],
      Home: event.ctrlKey ? [0, 0] : [y, 0], End: event.ctrlKey ? [rows - 1, columns - 1] : [y, columns - 1],
      PageUp: [0, x], PageDown: [rows - 1, x],
    }[event.key];
    if (!next || event.metaKey || event.altKey) return onKey?.(event);
    event.preventDefault();
    if (!rows) return;
    onMove(Math.max(0, Math.min(rows - 1, next[0])), Math.max(0, Math.min(columns - 1, next[1])), event.key);
  });
  return { node, cells, marks, size, stand: (row, column) => (at = [row, column]), describe: (text) => node.setAttribute("aria-label", text) };
}
