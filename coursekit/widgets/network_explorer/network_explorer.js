// The network explorer: a trained network on a picture, every map of it, down to one multiplication.

const KEYS = ["network", "images", "classes", "image", "selected"];

const render = courseWidget("network", KEYS, (ui) => {
  const network = unpackNetwork(ui.initial.network);
  const { shape, layers } = network;
  const [channels, height, width] = shape;
  const { classes } = ui.initial;
  const results = roomFor(network);
  let hover = null; // [layer, number] under the mouse
  let chosen = null; // which map's products are looked at; null for the one that counts most
  let product = null; // which product under the mouse, or chosen
  const SOFTMAX = layers.length + 1;

  // ---- the picture --------------------------------------------------------------------------------

  const source = networkPicture(ui, { shape, onDraw: () => drawAll(), onTake: () => ui.say(verdict.textContent) });
  const { pad } = source;
  const answers = answerBars(ui, classes, (k) => pick(SOFTMAX, k, true));
  const verdict = el("p", { class: "ck-verdict" });

  // ---- the layers ----------------------------------------------------------------------------------

  const boards = layers.map((layer, i) => layerMaps(ui, layer.shape, { label: layer.name,
    onPoint(number) {
      hover = number === null ? null : [i + 1, number];
      product = null;
      drawDetail();
    },
    onPick: (number) => pick(i + 1, number, true) }));
  const blocks = layers.map((layer, i) => el("div", { class: "ck-netlayer" },
    el("p", { class: "ck-title" }, layer.name), boards[i].node,
    el("p", { class: "ck-small" }, LAYER_KINDS[layer.kind](layer), el("br"), shapeName(layer.shape))));

  const outputs = (layer) => (layer === SOFTMAX ? [classes.length] : layers[layer - 1].shape);
  const flatPlace = (layer, [map, row, column]) => {
    const [, rows, columns] = volumeOf(outputs(layer));
    return (map * rows + row) * columns + column;
  };

  function pick(layer, number, aloud) {
    const [, rows, columns] = volumeOf(outputs(layer));
    [hover, chosen, product] = [null, null, null];
    ui.set({ selected: [layer, Math.floor(number / (rows * columns)), Math.floor(number / columns) % rows, number % columns] });
    drawDetail();
    if (aloud) ui.say(line.textContent);
  }

  // The chosen layer and number, or those under the mouse; the selection may come from Python.
  function current() {
    if (hover) return hover;
    const [layer, ...place] = ui.state.selected;
    const at = within(layer, 1, SOFTMAX);
    const size = volumeOf(outputs(at));
    return [at, flatPlace(at, place.map((n, axis) => within(n, 0, size[axis] - 1)))];
  }

  // ---- one number ----------------------------------------------------------------------------------

  const line = el("p", { class: "ck-sum" });
  const titles = [0, 1, 2, 3].map(() => el("p", { class: "ck-title" }));
  const one = el("p", { class: "ck-one" });
  const which = menu("Products with", [], (value) => {
    [hover, chosen, product] = [null, Number(value), null];
    drawDetail();
    ui.say(`${titles[1].textContent} ${one.textContent}`);
  });
  const grid = (label, more = {}) => cellGrid(ui, { label, widest: 250, ...more });
  const hovering = { onHover: (cell) => { product = cell; drawProducts(); } };
  const factors = [grid("Numbers", hovering), grid("Weights", hovering),
    grid("Products", { ...hovering, onPick: (row, column) => { product = [row, column]; drawProducts(); ui.say(one.textContent); } })];
  // The first two are looked at beside the third, which is walked over.
  for (const { node } of factors.slice(0, 2)) {
    for (const name of ["tabindex", "role", "aria-label", "data-lm-suppress-shortcuts"]) node.removeAttribute(name);
    node.setAttribute("aria-hidden", "true");
  }
  const panels = factors.map(({ node }, i) => el("div", { class: "ck-panel" }, titles[i + 1], node));
  const sign = (text) => el("span", { class: "ck-op", "aria-hidden": "true" }, text);
  const parts = el("div", { class: "ck-parts", hidden: true }, which.field, el("div", { class: "ck-panels" }, panels[0], sign("\u00d7"), panels[1], sign("="), panels[2]), one);
  let shown = null; // the sources of the number in the detail

  function drawDetail() {
    const [layer, at] = current();
    const soft = layer === SOFTMAX;
    const windows = soft ? [] : layers[layer - 1].shape.length === 1 ? Array(layer).fill(null)
      : seenFrom(network, layer, ...placeIn(layer, at));
    boards.forEach((maps, i) => {
      const boxes = [];
      if (i + 1 === layer) boxes.push({ ...maps.cellOf(at), colour: ui.colours.second });
      else if (windows[i + 1]) boxes.push({ map: mapSeen(i + 1, layer, at), box: windows[i + 1] });
      maps.mark(boxes);
    });
    pad.mark(windows[0] ? [windows[0].map((n, side) => within(n, 0, side % 2 ? width : height))] : []);
    answers.pressed(soft ? at : -1);
    shown = null;
    if (soft) {
      const scores = results.at(-1);
      line.textContent = softmaxSentence(classes, scores, softmaxOf(scores), at);
    } else {
      const lead = `${layers[layer - 1].name}, ${numberPlace(layers[layer - 1].shape, at)}: `;
      line.replaceChildren(el("span", { class: "ck-lead" }, lead), numberSentence(network, results, layer, at));
      if (["conv", "linear"].includes(layers[layer - 1].kind)) shown = sourcesOf(network, results, layer, at).sources;
      if (!hover) boards[layer - 1].stand(at);
    }
    parts.hidden = !shown;
    if (shown) drawProducts();
  }

  const placeIn = (layer, at) => {
    const [, rows, columns] = layers[layer - 1].shape;
    return [Math.floor(at / columns) % rows, at % columns];
  };

  // Only from its own map a number comes where no layer between mixes them.
  function mapSeen(before, layer, at) {
    const mixes = layers.slice(before, layer).some(({ kind }) => kind === "conv");
    const [, rows, columns] = volumeOf(layers[layer - 1].shape);
    return mixes ? null : Math.floor(at / (rows * columns));
  }

  function drawProducts() {
    const [layer] = current();
    const name = beforeName(network, layer);
    const sums = shown.map(({ values, weights }) => values.reduce((sum, value, i) => sum + value * weights[i], 0));
    const at = hover || chosen === null ? largestOf(sums.map(Math.abs)) : within(chosen, 0, shown.length - 1);
    const { map, rows, columns, values, weights, inside } = shown[at];
    const mapName = (k) => (layer === 1 && channels === 1 ? name : layers[layer - 1].kind === "linear" && shown.length === 1 ? name : `${name}, ${layer === 1 ? "channel" : "map"} ${k}`);
    which.offer(shown.map((each, i) => [i, `${mapName(each.map)}: sum ${show(sums[i], 3)}`]));
    which.show(at);
    const cells = (of) => Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => {
      const i = y * columns + x;
      return i < values.length ? of(i) : null;
    }));
    const products = Array.from(values, (value, i) => value * weights[i]);
    const [row, column] = product && product[0] < rows && product[1] < columns && product[0] * columns + product[1] < values.length ? product
      : [Math.floor(largestOf(products.map(Math.abs)) / columns), largestOf(products.map(Math.abs)) % columns];
    const i = row * columns + column;
    factors[0].draw(cells((n) => values[n]), { paint: painter(values) });
    factors[1].draw(cells((n) => weights[n]), { paint: painter(weights) });
    factors[2].draw(cells((n) => products[n]), { paint: painter(products) });
    for (const each of factors) each.mark([{ row, column }]);
    factors[2].stand(row, column);
    factors[2].describe(`Products, ${rows} rows and ${columns} columns. Arrow keys move from one to the next.`);
    titles[1].textContent = mapName(map);
    titles[2].textContent = "Weights";
    titles[3].textContent = `Products, sum ${show(sums[at], 3)}`;
    one.textContent = `${factor(values[i])} \u00d7 ${factor(weights[i])} = ${show(products[i], 3)}${inside && !inside[i] ? " (padding)" : ""}`;
  }

  // ---- drawing -------------------------------------------------------------------------------------

  // All that follows from the picture.
  function drawAll() {
    forward(network, source.values(), results);
    const probabilities = softmaxOf(results.at(-1));
    pad.show(source.values(), shape, Math.min(196, ui.width));
    boards.forEach((maps, i) => maps.draw(results[i + 1]));
    answers.show(probabilities);
    const best = largestOf(probabilities);
    verdict.textContent = `Answer: ${classes[best]}, ${sharePercent(probabilities[best])}`;
    ui.soon(drawDetail);
  }

  return {
    nodes: [
      controls(...source.fields),
      ui.complaint,
      el("div", { class: "ck-panels ck-top" },
        el("div", { class: "ck-panel" }, el("p", { class: "ck-title" }, `Picture ${shapeName(channels === 1 ? shape.slice(1) : shape)}`), pad.node),
        el("div", { class: "ck-panel ck-wide" }, verdict, answers.node)),
      el("div", { class: "ck-netlayers" }, ...blocks),
      line, parts,
      el("p", { class: "ck-small" }, "Maps: the brighter, the larger; where there are negative numbers, purple is below 0, white 0, orange above. Each layer has its own scale."),
      el("p", { class: "ck-small" }, "Draw on the picture. Point at a number of any layer, or walk over it with the arrow keys (Page Up and Page Down: from map to map). " +
        "On the picture, Space puts the pen down and the arrow keys draw."),
    ],
    draw() {
      source.follow();
      layers.forEach((layer, i) => boards[i].describe(`${layer.name}, ${shapeName(layer.shape)}. Arrow keys move, Page Up and Page Down change the map.`));
      drawAll();
    },
  };
});

export { centred, forward, inputGradient, inked, saliencyOf, sourcesOf, seenFrom, softmaxOf, unpackNetwork };
export default { render };
