// Draw a digit: the answer, what each layer sees, and two maps of what the answer rests on.

const KEYS = ["network", "images", "classes", "image", "target", "patch", "cover"];
const COVERS = [["black", "black"], ["grey", "grey"], ["white", "white"]];
const BRIGHTNESS = { black: 0, grey: 0.5, white: 1 };
const SLICE = 7; // milliseconds of a frame for occlusion: the rest is for drawing

const render = courseWidget("digit", KEYS, (ui) => {
  const network = unpackNetwork(ui.initial.network);
  const { shape, layers } = network;
  const [, height, width] = volumeOf(shape);
  const stride = strideOf(height, width);
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const { classes } = ui.initial;
  const results = roomFor(network);
  const covered = roomFor(network);
  let probabilities = [];
  let falls = []; // of the occlusion map; null where it is not computed yet

  const source = networkPicture(ui, { shape, onDraw: () => drawAll(), onTake: () => ui.say(`${verdict.textContent} ${summary()}`) });
  const { pad } = source;
  const answers = answerBars(ui, classes, (k) => {
    ui.set({ target: ui.state.target === k ? -1 : k });
    ui.say(`Explained: ${classes[target()]}.`);
  });
  const verdict = el("p", { class: "ck-verdict" });
  const target = () => (ui.state.target < 0 ? largestOf(probabilities) : within(ui.state.target, 0, classes.length - 1));

  const patch = wholeBox("Side of the patch", 1, 15, (value) => ui.set({ patch: value }));
  const cover = menu("Cover with", COVERS, (value) => ui.set({ cover: value }));
  const line = el("p", { class: "ck-sum" });
  const [saliencyTitle, occlusionTitle] = [0, 1].map(() => el("p", { class: "ck-title" }));
  const saliency = cellGrid(ui, { label: "Saliency", widest: 212, onHover: (cell) => point("saliency", cell),
    onPick: (row, column) => { point("saliency", [row, column]); ui.say(line.textContent); } });
  const occlusion = cellGrid(ui, { label: "Occlusion", widest: 212, onHover: (cell) => point("occlusion", cell),
    onPick: (row, column) => { point("occlusion", [row, column]); ui.say(line.textContent); } });
  const boards = layers.map((layer, i) => layerMaps(ui, layer.shape, { label: layer.name,
    onPoint: (number) => (number === null ? point(null) : tell(i, number)),
    onPick: (number) => { tell(i, number); ui.say(line.textContent); } }));

  function tell(i, number) {
    line.textContent = `${layers[i].name}, ${numberPlace(layers[i].shape, number)}: ${show(results[i + 1][number], 3)}`;
    boards[i].mark([{ ...boards[i].cellOf(number), colour: ui.colours.second }]);
  }

  // What a place of one of the two maps says; without a place, what the occlusion map says in all.
  function point(map, cell = null) {
    if (!falls.length) return; // the first frame has the answer alone
    for (const board of boards) board.mark([]);
    pad.mark([]);
    saliency.mark(map === "saliency" && cell ? [{ row: cell[0], column: cell[1] }] : []);
    occlusion.mark(map === "occlusion" && cell ? [{ row: cell[0], column: cell[1] }] : []);
    if (!cell) {
      line.textContent = summary();
      return;
    }
    const [row, column] = cell;
    const name = classes[target()];
    if (map === "saliency") {
      pad.mark([[row, column, row + 1, column + 1]]);
      line.textContent = `Row ${row}, column ${column}: a little more brightness changes the score of ${name} by ${show(slopes[row * width + column], 3)} for each 1, up or down`;
      return;
    }
    const [y, x, half] = [row * stride, column * stride, Math.floor(ui.state.patch / 2)];
    pad.mark([[Math.max(0, y - half), Math.max(0, x - half), Math.min(height, y - half + ui.state.patch), Math.min(width, x - half + ui.state.patch)]]);
    line.textContent = falls[row][column] === null ? "Not computed yet" : `Covered around row ${y}, column ${x}: ${fallSentence(falls[row][column])}`;
  }

  let slopes = [];
  const fallSentence = (fall) => `the probability of ${classes[target()]} goes from ${sharePercent(probabilities[target()])} to ${sharePercent(probabilities[target()] - fall)}`;

  function summary() {
    const known = falls.flatMap((row, y) => row.map((fall, x) => ({ fall, y, x }))).filter(({ fall }) => fall !== null);
    if (!known.length) return "The occlusion map is being computed.";
    const worst = known.reduce((a, b) => (b.fall > a.fall ? b : a));
    if (worst.fall <= 0) return `No patch that is covered makes ${classes[target()]} less likely.`;
    return `Covering the patch around row ${worst.y * stride}, column ${worst.x * stride} costs most: ${fallSentence(worst.fall)}.`;
  }

  // Occlusion takes as many forward passes as there are places: a few in each frame in which nothing is drawn.
  function occlude() {
    falls = Array.from({ length: rows }, () => Array(columns).fill(null));
    const places = coarseFirst(rows, columns);
    const [values, before, k] = [source.values(), probabilities[target()], target()];
    const { patch: size, cover: with_ } = ui.state;
    const slice = () => {
      const start = performance.now();
      while (places.length && performance.now() - start < SLICE) {
        const { y, x, reach } = places.shift();
        const fall = fallAt(network, values, before, k, y * stride, x * stride, size, BRIGHTNESS[with_], covered);
        for (let i = y; i < Math.min(rows, y + reach); i++) falls[i].fill(fall, x, Math.min(columns, x + reach));
      }
      const most = falls.flat().reduce((top, fall) => Math.max(top, Math.abs(fall ?? 0)), 0.01);
      occlusion.draw(falls.map((row) => [...row]), { paint: painter([-most, most]) });
      if (places.length) ui.live(slice);
      else point(null);
      ui.root.dataset.occlusion = places.length ? "under way" : "done";
    };
    ui.root.dataset.occlusion = "under way";
    point(null);
    ui.after(slice); // the first frame is for what has been drawn
  }

  // All that follows from the picture.
  function drawAll() {
    forward(network, source.values(), results);
    probabilities = softmaxOf(results.at(-1));
    pad.show(source.values(), shape, Math.min(252, ui.width));
    answers.show(probabilities);
    answers.pressed(ui.state.target < 0 ? -1 : target());
    const best = largestOf(probabilities);
    verdict.textContent = `Answer: ${classes[best]}, ${sharePercent(probabilities[best])}`;
    saliencyTitle.textContent = `Saliency of ${classes[target()]}`;
    occlusionTitle.textContent = `Occlusion of ${classes[target()]}`;
    boards.forEach((maps, i) => maps.draw(results[i + 1]));
    ui.soon(explain);
  }

  function explain() {
    slopes = saliencyOf(network, results, target());
    saliency.draw(Array.from({ length: height }, (_, y) => Array.from(slopes.subarray(y * width, (y + 1) * width))), { paint: painter(slopes) });
    occlude();
  }

  return {
    nodes: [
      controls(...source.fields), ui.complaint,
      el("div", { class: "ck-panels ck-top" },
        el("div", { class: "ck-panel" }, el("p", { class: "ck-title" }, "Draw here"), pad.node),
        el("div", { class: "ck-panel ck-wide" }, verdict, answers.node,
          el("p", { class: "ck-small" }, "The maps below explain the answer; press a class to have that one explained instead."))),
      el("div", { class: "ck-panels ck-why" },
        el("div", { class: "ck-panel" }, saliencyTitle, saliency.node, el("p", { class: "ck-small" }, "The brighter, the more a small change of the pixel changes the score.")),
        el("div", { class: "ck-panel" }, occlusionTitle, occlusion.node, el("p", { class: "ck-small" }, "Orange: covered here, the class loses; purple: it gains.")),
        el("div", { class: "ck-panel ck-settings" }, patch.field, cover.field)),
      line,
      el("div", { class: "ck-netlayers" }, ...layers.map((layer, i) => el("div", { class: "ck-netlayer" },
        el("p", { class: "ck-title" }, layer.name), boards[i].node, el("p", { class: "ck-small" }, LAYER_KINDS[layer.kind](layer), el("br"), shapeName(layer.shape))))),
    ],
    draw() {
      source.follow();
      patch.show(ui.state.patch);
      cover.show(ui.state.cover);
      saliency.describe(`Saliency, ${height} rows and ${width} columns. Arrow keys move.`);
      occlusion.describe(`Occlusion, ${rows} rows and ${columns} columns. Arrow keys move.`);
      layers.forEach((layer, i) => boards[i].describe(`${layer.name}, ${shapeName(layer.shape)}. Arrow keys move, Page Up and Page Down change the map.`));
      drawAll();
    },
  };
});

export { forward, occlusionOf, saliencyOf, unpackNetwork };
export default { render };
