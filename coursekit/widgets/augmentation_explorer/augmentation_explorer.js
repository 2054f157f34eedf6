// The augmentation explorer: one picture with the whole change, a wall of samples, and the answers.

const CHANGES = ["rotation", "scale", "right", "down", "flip", "crop", "brightness"];
const KEYS = ["network", "images", "classes", "image", ...CHANGES, "seed"];
const SAMPLES = 12;
const NONE = { rotation: 0, scale: 1, right: 0, down: 0, flip: false, crop: 0, brightness: 1 };

// A small picture that a screen reader reads as words.
function still() {
  const canvas = el("canvas", { role: "img" });
  return { canvas, show(values, [channels, rows, columns], side, words) {
    const pen = sheet(canvas, side, Math.round((side * rows) / columns));
    const grey = (at) => 255 * values[at];
    const each = rows * columns;
    drawPixels(pen, rows, columns, (y, x) => {
      const at = y * columns + x;
      return channels === 3 ? [grey(at), grey(at + each), grey(at + 2 * each)] : [grey(at), grey(at), grey(at)];
    }, 0, 0, side, (side * rows) / columns);
    canvas.setAttribute("aria-label", words);
  } };
}

const render = courseWidget("augment", KEYS, (ui) => {
  const network = unpackNetwork(ui.initial.network);
  const { shape } = network;
  const { classes } = ui.initial;
  const room = roomFor(network);

  function answerTo(values) {
    const shares = softmaxOf(forward(network, values, room).at(-1));
    const best = largestOf(shares);
    return { best, name: classes[best], share: shares[best] };
  }

  const source = networkPicture(ui, { shape, onDraw: () => drawAll(), onTake: tell });
  const set = (changes) => {
    ui.set(changes);
    queueMicrotask(tell); // after `draw`
  };
  const degrees = (value) => `${show(value)}\u00b0`;
  const times = (value) => `\u00d7 ${show(value)}`;
  const sliders = {
    rotation: slider("Rotation", { min: -180, max: 180, step: 5, read: degrees }, (rotation) => set({ rotation })),
    scale: slider("Scale", { min: 0.4, max: 1.6, step: 0.1, read: times }, (scale) => set({ scale })),
    right: slider("Shift right", { min: -10, max: 10 }, (right) => set({ right })),
    down: slider("Shift down", { min: -10, max: 10 }, (down) => set({ down })),
    crop: slider("Crop, pixels cut off", { min: 0, max: 14 }, (crop) => set({ crop })),
    brightness: slider("Brightness", { min: 0.1, max: 2, step: 0.1, read: times }, (brightness) => set({ brightness })),
    flip: tickBox("Flip, left for right", (flip) => set({ flip })),
  };
  const changed = still();
  const wall = Array.from({ length: SAMPLES }, () => ({ ...still(), words: el("figcaption", {}) }));
  const [before, after, count] = [0, 1, 2].map(() => el("p", { class: "ck-verdict" }));

  function drawAll() {
    const values = source.values();
    const first = answerTo(values);
    source.pad.show(values, shape, Math.min(168, ui.width));
    before.textContent = `Answer: ${first.name}, ${sharePercent(first.share)}`;
    const whole = changedBy(values, shape, ui.state);
    const second = answerTo(whole);
    changed.show(whole, shape, Math.min(168, ui.width), `The changed picture, taken for ${second.name}`);
    after.textContent = `Answer: ${second.name}, ${sharePercent(second.share)}`;
    ui.soon(() => drawWall(values, first));
  }

  function drawWall(values, first) {
    const random = chance(ui.state.seed);
    let alike = 0;
    wall.forEach(({ show: draw, words }, k) => {
      const sample = changedBy(values, shape, drawnChange(ui.state, random));
      const { best, name, share } = answerTo(sample);
      const kept = best === first.best;
      alike += kept;
      words.textContent = `${name} ${kept ? "\u2713" : "\u2717"}`;
      words.classList.toggle("ck-other", !kept);
      draw(sample, shape, 64, `Sample ${k + 1}, taken for ${name}, ${sharePercent(share)}`);
    });
    count.textContent = `${alike} of ${SAMPLES} samples are taken for ${first.name}, as the picture itself is.`;
  }

  function tell() {
    ui.say(`Changed: ${after.textContent} ${count.textContent}`);
  }

  return {
    nodes: [
      controls(...source.fields), ui.complaint,
      el("div", { class: "ck-panels ck-sliders" }, ...Object.values(sliders).map(({ field }) => field)),
      el("div", { class: "ck-panels ck-top" },
        el("div", { class: "ck-panel" }, el("p", { class: "ck-title" }, "Draw here"), source.pad.node, before),
        el("div", { class: "ck-panel" }, el("p", { class: "ck-title" }, "With the whole change"), changed.canvas, after),
        el("div", { class: "ck-panel ck-wide" }, el("p", { class: "ck-title" }, "Samples, each changed at random, by as much at most"),
          el("div", { class: "ck-wall" }, ...wall.map(({ canvas, words }) => el("figure", {}, canvas, words))))),
      count,
      el("div", { class: "ck-row ck-actions" },
        button("Draw new samples", () => set({ seed: (ui.state.seed + 1) % 10000 })),
        button("No change", () => set(NONE))),
    ],
    draw() {
      source.follow();
      for (const key of CHANGES) sliders[key].show(ui.state[key]);
      drawAll();
    },
  };
});

export { changedBy, chance, drawnChange };
export default { render };
