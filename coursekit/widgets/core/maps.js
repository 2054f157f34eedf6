// The maps of a network's layers, and its answer.

const LAYER_KINDS = {
  conv: ({ size, stride, padding, dilation, groups }) => ["Convolution", by(size), ...setting("stride", stride, 1),
    ...setting("padding", padding, 0), ...setting("dilation", dilation, 1), ...(groups > 1 ? [`${groups} groups`] : [])].join(", ").replace(",", ""),
  linear: ({ inputs, shape }) => `Dense, ${inputs} to ${shape[0]}`,
  relu: () => "ReLU",
  tanh: () => "tanh",
  batch_norm: () => "Batch norm",
  flatten: () => "Flatten",
  max_pool: ({ size }) => `Max pooling ${by(size)}`,
  avg_pool: ({ size }) => `Average pooling ${by(size)}`,
};
const setting = (word, [a, b], usual) => (a === usual && b === usual ? [] : [`${word} ${a === b ? a : by([a, b])}`]);
const shapeName = (shape) => shape.join(" \u00d7 ");

// The colours of all 511 steps: thousands of cells are looked up, not painted.
const palettes = {};
const palette = (signed) => (palettes[signed] ??= Array.from({ length: 511 }, (_, i) => toneOf(signed, i - 255)));

// One layer's maps on a board, or its row of numbers in lines.
//   onPoint(number or null)   the mouse is over this number of the layer
//   onPick(number, how)       a click or a key chose it; `how` is the key, or "click"
// draw(values) paints; mark(boxes) outlines { map, box: [top, left, bottom, right] }, in every map
// where `map` is null; stand(number) is where the arrow keys go on from.
function layerMaps(ui, shape, { label, onPoint, onPick }) {
  const plate = board(label);
  const { node } = plate;
  const flat = shape.length === 1;
  const total = shape.reduce((a, b) => a * b);
  const [maps, rows, columns] = flat ? [1, ...arranged(shape[0])] : shape;
  const GAP = 3;
  let [unit, across, at, under] = [1, 1, 0, null];
  const colouring = flat ? within(Math.floor(84 / rows), 2, 20) : (maps > 3 ? 40 : 84) / Math.max(rows, columns);

  const corner = (map) => [Math.floor(map / across) * (rows * unit + GAP), (map % across) * (columns * unit + GAP)];

  function draw(values) {
    const room = Math.max(1, Math.floor((ui.width + GAP) / (columns * colouring + GAP)));
    unit = Math.min(colouring, (ui.width - 2) / columns);
    across = Math.min(room, maps > 3 ? Math.ceil(maps / 2) : maps);
    const lines = Math.ceil(maps / across);
    const pen = plate.size(across * (columns * unit + GAP) - GAP + 1, lines * (rows * unit + GAP) - GAP + 1);
    let [low, high] = [0, 0];
    for (let i = 0; i < total; i++) {
      if (values[i] < low) low = values[i];
      else if (values[i] > high) high = values[i];
    }
    const colours = palette(low < 0);
    const scale = 255 / (Math.max(-low, high) || 1);
    const image = new ImageData(columns, maps * rows);
    const { data } = image;
    for (let i = 0; i < total; i++) {
      const rgb = colours[Math.round(values[i] * scale) + 255];
      data[4 * i] = rgb[0];
      data[4 * i + 1] = rgb[1];
      data[4 * i + 2] = rgb[2];
      data[4 * i + 3] = 255;
    }
    const paper = paperOf(columns, maps * rows);
    paper.getContext("2d").putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.strokeStyle = ui.colours.edge;
    for (let map = 0; map < maps; map++) {
      const [top, left] = corner(map);
      pen.drawImage(paper, 0, map * rows, columns, rows, left, top, columns * unit, rows * unit);
      if (!flat) pen.strokeRect(left + 0.5, top + 0.5, columns * unit, rows * unit);
    }
  }

  function mark(boxes) {
    if (!boxes.length) return plate.wipe();
    const pen = plate.over();
    for (const { map, box: [top, left, bottom, right], colour = ui.colours.accent } of boxes)
      for (let k = map ?? 0; k < (map === null ? maps : map + 1); k++) {
        const [y, x] = corner(k);
        const [t, l, b, r] = [Math.max(0, top), Math.max(0, left), Math.min(rows, bottom), Math.min(columns, right)];
        for (const [stroke, width] of [["#ffffff", 4], [colour, 2]]) {
          pen.strokeStyle = stroke;
          pen.lineWidth = width;
          pen.strokeRect(x + l * unit, y + t * unit, (r - l) * unit, (b - t) * unit);
        }
      }
  }

  // The map, row and column of a number, and back.
  const placeOf = (number) => [Math.floor(number / (rows * columns)), Math.floor(number / columns) % rows, number % columns];
  const numberAt = ([map, y, x]) => (map * rows + y) * columns + x;
  const cellOf = (number) => {
    const [map, y, x] = placeOf(number);
    return { map, box: [y, x, y + 1, x + 1] };
  };

  function pointed(event) {
    const [x, y] = plate.place(event);
    const [line, place] = [Math.floor(y / (rows * unit + GAP)), Math.floor(x / (columns * unit + GAP))];
    const map = line * across + place;
    const [row, column] = [Math.floor((y - line * (rows * unit + GAP)) / unit), Math.floor((x - place * (columns * unit + GAP)) / unit)];
    if (line < 0 || place < 0 || place >= across || map >= maps || row < 0 || column < 0 || row >= rows || column >= columns) return null;
    const number = numberAt([map, row, column]);
    return number < total ? number : null;
  }

  function point(number) {
    if (number === under) return;
    under = number;
    onPoint?.(number);
  }
  node.addEventListener("pointermove", (event) => event.pointerType !== "touch" && point(pointed(event)));
  node.addEventListener("pointerleave", () => point(null));
  node.addEventListener("click", (event) => {
    const number = pointed(event);
    if (number !== null) onPick?.((at = number), "click");
  });
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [map, y, x] = placeOf(at);
    const step = { ArrowUp: [0, -1, 0], ArrowDown: [0, 1, 0], ArrowLeft: [0, 0, -1], ArrowRight: [0, 0, 1],
      PageUp: [-1, 0, 0], PageDown: [1, 0, 0] }[event.key];
    const next = step ? [map + step[0], y + step[1], x + step[2]] : { Home: [map, y, 0], End: [map, y, columns - 1] }[event.key];
    if (!next) return;
    event.preventDefault();
    const sides = [maps, rows, columns];
    at = Math.min(total - 1, numberAt(next.map((n, axis) => within(n, 0, sides[axis] - 1))));
    onPick?.(at, event.key);
  });
  return { node, draw, mark, cellOf, stand: (number) => (at = number), describe: plate.describe };
}

// Where a number of a layer stands, in words.
function numberPlace(shape, number) {
  if (shape.length === 1) return `number ${number}`;
  const [, rows, columns] = shape;
  return `map ${Math.floor(number / (rows * columns))}, row ${Math.floor(number / columns) % rows}, column ${number % columns}`;
}

// The classes with their probabilities; `onPick(k)` is told which of them was pressed, and pressed(k) shows it.
function answerBars(ui, classes, onPick) {
  const lines = classes.map((name, k) => {
    const bar = el("span", {});
    const share = el("span", { class: "ck-percent" });
    const node = el("button", { type: "button", class: "ck-netanswer", onclick: () => onPick(k), "aria-pressed": "false" },
      el("span", { class: "ck-name" }, name), el("span", { class: "ck-netbar", "aria-hidden": "true" }, bar), share);
    return { node, bar, share };
  });
  return {
    node: el("div", { class: "ck-netanswers", role: "group", "aria-label": "Answer" }, ...lines.map(({ node }) => node)),
    show(probabilities) {
      const best = largestOf(probabilities);
      lines.forEach(({ node, bar, share }, k) => {
        bar.style.width = `${100 * probabilities[k]}%`;
        share.textContent = sharePercent(probabilities[k]);
        node.classList.toggle("ck-best", k === best);
      });
    },
    pressed: (k) => lines.forEach(({ node }, i) => node.setAttribute("aria-pressed", String(i === k))),
  };
}

const sharePercent = (share) => `${show(100 * share, 1)} %`;
