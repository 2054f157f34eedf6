// Convolution in one dimension: a kernel that is dragged along a signal, with and without the flip.

const KEYS = ["signal", "kernel", "average", "selected"];
const GUTTER = { left: 54, right: 12 };
const BEAT = 60; // milliseconds between two places when the kernel slides by itself
const SIDES = [
  { flip: false, colour: "accent", title: "No flip", words: "what libraries compute: the first weight meets the oldest reading", dash: [] },
  { flip: true, colour: "second", title: "Flip", words: "the convolution of mathematics: the first weight meets the newest reading", dash: [6, 3] },
];

const render = courseWidget("signal", KEYS, (ui) => {
  let outputs = [[], []]; // without the flip, and with it
  let plan = null; // where things are on the chart
  let dragging = false;
  let timer = 0;

  // ---- controls -------------------------------------------------------------------------------------

  const entries = (of) => [["", "As given in this cell"], ...Object.entries(of).map(([key, [text]]) => [key, text])];
  const example = menu("Signal", entries(SIGNALS), (key) => use({ signal: key ? SIGNALS[key][1] : ui.initial.signal }));
  const preset = menu("Kernel", entries(WEIGHTS), (key) => use({ kernel: key ? WEIGHTS[key][1] : ui.initial.kernel }));
  const numbers = numbersBox(ui, "Numbers of the signal", 400, (signal) => use({ signal }));
  const weights = numbersBox(ui, "Weights of the kernel", 31, (kernel) => use({ kernel }));
  const average = tickBox("Divide by the sum of the weights", (value) => use({ average: value }));
  const slideButton = button("Slide", () => (timer ? halt() : begin()));

  function use(changes) {
    halt();
    const { signal, kernel } = { ...ui.state, ...changes };
    ui.set({ ...changes, selected: within(ui.state.selected, 0, Math.max(0, signal.length - kernel.length)) });
  }

  // ---- the chart: the signal above, the kernel twice, the outputs below ------------------------------

  const chart = board("Signal");
  chart.node.classList.add("ck-drag");
  const places = () => outputs[0].length;
  const at = () => within(ui.state.selected, 0, Math.max(0, places() - 1));

  function moveTo(i, aloud) {
    if (!places()) return;
    ui.set({ selected: within(i, 0, places() - 1) });
    if (aloud) ui.say(spokenWindow(model()));
  }

  const pointed = (event) =>
    Math.round((chart.place(event)[0] - GUTTER.left) / plan.step - ui.state.kernel.length / 2);
  chart.node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    halt();
    dragging = true;
    chart.node.setPointerCapture(event.pointerId);
    moveTo(pointed(event));
  });
  chart.node.addEventListener("pointermove", (event) => dragging && moveTo(pointed(event)));
  for (const kind of ["pointerup", "pointercancel"])
    chart.node.addEventListener(kind, () => {
      if (dragging) ui.say(spokenWindow(model()));
      dragging = false;
    });
  chart.node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 10 : 1;
    const next = { ArrowLeft: at() - far, ArrowRight: at() + far, ArrowDown: at() - far, ArrowUp: at() + far,
      PageDown: at() - 10, PageUp: at() + 10, Home: 0, End: places() - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    halt();
    moveTo(next, true);
  });

  function begin() {
    if (!places()) return;
    let i = at() >= places() - 1 ? -1 : at();
    const pace = Math.max(BEAT, 1200 / places());
    const step = () => {
      i += 1;
      ui.set({ selected: i });
      timer = i < places() - 1 ? setTimeout(step, pace) : 0;
      if (!timer) halt();
    };
    slideButton.textContent = "Stop";
    step();
  }

  function halt() {
    if (timer || slideButton.textContent === "Stop") ui.say(spokenWindow(model()));
    clearTimeout(timer);
    timer = 0;
    slideButton.textContent = "Slide";
  }

  const model = () => ({ ...ui.state, selected: at() });

  // ---- the two panels with the products ---------------------------------------------------------------

  const panels = SIDES.map((side) => {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const sum = el("p", { class: `ck-sum ck-${side.colour}` });
    const node = el("div", { class: "ck-panel" },
      el("p", { class: "ck-title" }, el("span", { class: `ck-swatch ck-${side.colour}`, "aria-hidden": "true" }), side.title,
        el("span", { class: "ck-lead" }, `, ${side.words}`)), canvas, sum);
    return { node, canvas, sum, ...side };
  });
  const note = el("p", { class: "ck-small" });

  // ---- drawing ----------------------------------------------------------------------------------------

  function planChart() {
    const { signal, kernel } = ui.state;
    const width = ui.width;
    const step = (width - GUTTER.left - GUTTER.right) / signal.length;
    const sums = outputs.flat();
    const shared = divisorOf(ui.state) !== 1 || !sums.length;
    const reach = (values) => {
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const space = (high - low) * 0.08 || 1;
      return [low - space, high + space];
    };
    const above = reach(shared ? [...signal, ...sums] : signal);
    const below = shared ? above : reach(sums);
    const area = (top, height, [low, high]) => ({ top, height, low, high, y: (value) => top + height - ((value - low) / (high - low)) * height });
    plan = { width, step, x: (t) => GUTTER.left + (t + 0.5) * step, above: area(22, 130, above), below: area(264, 130, below), height: 422,
      kernels: [{ top: 160, height: 34 }, { top: 200, height: 34 }], biggest: Math.max(...kernel.map(Math.abs)) || 1 };
  }

  function axis(pen, { top, height, low, high, y }, title) {
    pen.strokeStyle = ui.colours.line;
    pen.lineWidth = 1;
    pen.fillStyle = ui.colours.soft;
    setFont(pen, "12px system-ui, sans-serif");
    pen.textAlign = "right";
    for (const tick of ticks(low, high)) {
      const level = Math.round(y(tick)) + 0.5;
      pen.beginPath();
      pen.moveTo(GUTTER.left, level);
      pen.lineTo(plan.width - GUTTER.right, level);
      pen.stroke();
      pen.fillText(show(tick, 4), GUTTER.left - 6, level);
    }
    pen.strokeRect(GUTTER.left + 0.5, top + 0.5, plan.width - GUTTER.left - GUTTER.right - 1, height);
    pen.textAlign = "left";
    pen.fillStyle = ui.colours.ink;
    pen.fillText(title, GUTTER.left, top - 11);
    pen.textAlign = "center";
  }

  function curve(pen, values, first, y, colour, { width = 1.5, dash = [], dots = 0 } = {}) {
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.beginPath();
    values.forEach((value, i) => pen.lineTo(plan.x(first + i), y(value)));
    pen.stroke();
    pen.setLineDash([]);
    if (dots) values.forEach((value, i) => dot(pen, plan.x(first + i), y(value), dots));
  }

  function dot(pen, x, y, radius) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  }

  function drawChart() {
    const { signal, kernel } = ui.state;
    const low = chart.size(plan.width, plan.height);
    axis(low, plan.above, "Signal");
    axis(low, plan.below, divisorOf(ui.state) === 1 ? "Sliding sum" : "Sliding average");
    curve(low, signal, 0, plan.above.y, ui.colours.soft, { width: 1, dots: within(plan.step / 4, 1, 3.5) });
    SIDES.forEach(({ colour }, i) => {
      low.globalAlpha = 0.35;
      curve(low, outputs[i], kernel.length - 1, plan.below.y, ui.colours[colour], { width: 1 });
      low.globalAlpha = 1;
    });
    low.fillStyle = ui.colours.soft;
    const every = ticks(0, signal.length - 1).filter(Number.isInteger);
    for (const t of every) low.fillText(String(t), plan.x(t), plan.below.top + plan.below.height + 14);
    low.textAlign = "right";
    SIDES.forEach(({ title, colour }, i) => {
      low.fillStyle = ui.colours[colour];
      low.fillText(title, GUTTER.left - 5, plan.kernels[i].top + 17);
    });
    if (places()) drawMarks(chart.over());
  }

  function drawMarks(pen) {
    const { kernel, signal } = ui.state;
    const [i, f] = [at(), kernel.length];
    const [left, right] = [plan.x(i - 0.5), plan.x(i + f - 0.5)];
    pen.fillStyle = pen.strokeStyle = ui.colours.accent;
    pen.globalAlpha = 0.13;
    pen.fillRect(left, plan.above.top, right - left, 212);
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.strokeRect(left, plan.above.top, right - left, 212);
    pen.fillStyle = ui.colours.ink;
    for (let a = 0; a < f; a++) dot(pen, plan.x(i + a), plan.above.y(signal[i + a]), within(plan.step / 3, 1.5, 4));
    SIDES.forEach(({ flip, colour, dash }, side) => {
      const { top, height } = plan.kernels[side];
      const middle = top + (kernel.some((weight) => weight < 0) ? height / 2 : height);
      const scale = (kernel.some((weight) => weight < 0) ? height / 2 : height) / plan.biggest;
      const order = flip ? [...kernel].reverse() : kernel;
      pen.fillStyle = ui.colours[colour];
      order.forEach((weight, a) => pen.fillRect(plan.x(i + a - 0.5) + plan.step * 0.12, middle, plan.step * 0.76, -weight * scale));
      pen.fillRect(left, middle - 0.5, right - left, 1);
      const done = outputs[side].slice(0, i + 1);
      curve(pen, done, f - 1, plan.below.y, ui.colours[colour], { width: 2.5, dash });
      dot(pen, plan.x(i + f - 1), plan.below.y(done[i]), 5);
    });
    pen.strokeStyle = ui.colours.edge;
    pen.setLineDash([3, 3]);
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(plan.x(i + f - 1), 236);
    pen.lineTo(plan.x(i + f - 1), plan.below.top + plan.below.height);
    pen.stroke();
    pen.setLineDash([]);
  }

  function drawStrip(canvas, terms, colour) {
    const label = 62;
    const room = ui.width >= 624 ? (ui.width - 24) / 2 : ui.width;
    const unit = Math.min(46, (room - label - 4) / terms.length);
    const tall = 26;
    const pen = sheet(canvas, Math.floor(label + unit * terms.length + 3), 3 * tall + 2);
    setFont(pen, "12.5px system-ui, sans-serif");
    ["value", "weight", "product"].forEach((name, r) => {
      pen.textAlign = "left";
      pen.fillStyle = ui.colours.soft;
      setFont(pen, "12.5px system-ui, sans-serif");
      pen.fillText(name === "value" ? "reading" : name, 0, (r + 0.5) * tall + 1);
      pen.textAlign = "center";
      terms.forEach((term, a) => {
        pen.fillStyle = ui.colours.panel;
        pen.strokeStyle = r === 1 ? ui.colours[colour] : ui.colours.edge;
        pen.lineWidth = r === 1 && unit > 8 ? 2 : 1;
        pen.fillRect(label + a * unit, r * tall + 1, unit, tall);
        if (unit > 5) pen.strokeRect(label + a * unit + 1, r * tall + 1.5, unit - 1, tall - 1);
        if (unit < 14) return;
        const text = show(term[name], unit < 30 ? 1 : 2);
        setFont(pen, font(Math.max(6.5, Math.min(13, (unit - 4) / 0.61 / text.length))));
        pen.fillStyle = r === 1 ? ui.colours[colour] : ui.colours.ink;
        pen.fillText(text, label + (a + 0.5) * unit, (r + 0.5) * tall + 1.5);
      });
    });
  }

  function drawPanels() {
    const { signal, kernel } = ui.state;
    const fits = places() > 0;
    const divisor = divisorOf(ui.state);
    panels.forEach(({ canvas, sum, flip, colour }, side) => {
      if (!fits) {
        sheet(canvas, 10, 1);
        sum.textContent = `The kernel has ${plural(kernel.length, "weight")}, the signal ${plural(signal.length, "reading")}: it does not fit. Use a shorter kernel.`;
        return;
      }
      const terms = windowTerms(signal, kernel, flip, at());
      drawStrip(canvas, terms, colour);
      const more = divisor === 1 ? [] : [`; divided by ${show(divisor, 3)}: `, el("strong", {}, show(outputs[side][at()], 3))];
      sum.replaceChildren(...sumLine(terms), ...more);
    });
    note.textContent = noteSentence(ui.state, outputs);
  }

  return {
    nodes: [
      controls(example.field, preset.field, numbers.field, weights.field, average.field),
      ui.complaint,
      el("div", { class: "ck-row ck-hint" }, slideButton, el("span", { class: "ck-small" }, "Drag the kernel along the signal, or press the arrow keys.")),
      chart.node,
      el("p", { class: "ck-small" }, "Each result stands under the newest reading of its window."),
      el("div", { class: "ck-panels" }, ...panels.map(({ node }) => node)),
      note,
    ],
    draw() {
      const { signal, kernel } = ui.state;
      outputs = SIDES.map(({ flip }) => slide(ui.state, flip));
      for (const [box, of, name] of [[example, SIGNALS, "signal"], [preset, WEIGHTS, "kernel"]]) {
        const given = same(ui.initial[name], ui.state[name]);
        const key = given ? "" : Object.keys(of).find((entry) => same(of[entry][1], ui.state[name]));
        box.node.options[0].textContent = given || key ? "As given in this cell" : "Your own (choose to go back)";
        box.show(key ?? "");
      }
      numbers.show(signal);
      weights.show(kernel);
      average.show(ui.state.average);
      planChart();
      drawChart();
      drawPanels();
      chart.describe(places()
        ? `Signal of ${plural(signal.length, "reading")} and a kernel of ${plural(kernel.length, "weight")}. The arrow keys move the kernel, with Shift by ten.`
        : "The kernel does not fit into the signal.");
    },
    stop: () => clearTimeout(timer),
  };
});

export { divisorOf, parseNumbers, slide, ticks, windowTerms, SIGNALS, WEIGHTS };
export default { render };
