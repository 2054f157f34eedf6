// The descent explorer: a ball in a valley of loss, and what a learning rate does to it.

const KEYS = ["learning_rate", "curvature", "start", "momentum", "noise", "optimizer", "seed", "updates"];
const RUN_KEYS = KEYS.filter((key) => key !== "learning_rate" && key !== "updates");
const FRAME = 60; // milliseconds for an update that is watched
const readState = (model) => Object.fromEntries(KEYS.map((key) => [key, model.get(key)]));
const made = ({ updates }) => updates.reduce((total, [count]) => total + count, 0);
const cut = (state, count) => ({ ...state, updates: state.updates.flatMap(([many, rate]) => {
  const taken = Math.max(0, Math.min(many, count));
  count -= taken;
  return taken ? [[taken, rate]] : [];
}) });

function render({ model, el: host }) {
  const initial = readState(model);
  let state = initial;
  let run = simulate(state);
  let before = null; // the run before this one, drawn dashed
  let shown = made(state); // how many updates are on the screen; fewer than made while they are watched
  let told = 0; // up to which update the sentence has told
  let timer = 0;
  let lead = null; // gives words to put before the next sentence
  const set = (changes) => {
    for (const [key, value] of Object.entries(changes)) model.set(key, value);
    model.save_changes();
  };
  const begin = (changes) => set({ ...changes, updates: [] });

  // ---- controls: native ones, so that keys, touch and screen readers work as everywhere else ----

  const menu = (text, entries, onchange) => {
    const id = freshId();
    const node = el("select", { id, onchange: () => onchange(node.value) },
      ...entries.map(([value, title]) => el("option", { value }, title)));
    return [node, el("div", { class: "ckd-field" }, el("label", { for: id }, text), node)];
  };
  const ids = [freshId(), freshId()];
  const slider = el("input", { id: ids[0], type: "range", min: 0, max: 60, step: 1, class: "ckd-slider",
    oninput: () => set({ learning_rate: RATES[slider.value] }), onchange: tellRate });
  const exact = el("input", { id: ids[1], type: "text", inputmode: "decimal", autocomplete: "off", class: "ckd-exact",
    "aria-label": "Learning rate as a number", onfocus: () => exact.select(), onchange: changeRate, onkeydown: (event) => {
      if (event.key === "Enter") changeRate();
      else if (event.key === "Escape" && exact.value !== written(state.learning_rate)) {
        event.preventDefault(); // the first Escape takes the typing back, the second one leaves
        exact.value = written(state.learning_rate);
        complain("");
      }
    } });
  const written = (value) => String(value).replace("-", "\u2212");

  // The kernel may set a value that the menu does not offer: then it gets an entry for it.
  const choose = (node, value, title) => {
    if (![...node.options].some((option) => option.value === value)) node.append(el("option", { value }, title));
    node.value = value;
  };
  const [method, methodField] = menu("Optimizer",
    [["sgd 0", "SGD"], ["sgd 0.9", "SGD, momentum 0.9"], ["adam 0", "Adam"]], (text) => {
      const [optimizer, momentum] = text.split(" ");
      lead = () => `New run with ${methodOf(state)}.`;
      begin({ optimizer, momentum: Number(momentum) });
    });
  const loud = initial.noise || 1;
  const [noise, noiseField] = menu("Gradient from",
    [["off", "all pictures"], [`${initial.seed}`, "a small batch"], [`${initial.seed + 1}`, "another small batch"]], (text) => {
      lead = () => state.noise ? "New run: chance is added to each gradient." : "New run: the gradient is exact.";
      begin(text === "off" ? { noise: 0 } : { noise: state.noise || loud, seed: Number(text) });
    });
  const stepButton = el("button", { type: "button", class: "ck-main", onclick: () => go(1) }, "Step");
  const runButton = el("button", { type: "button", onclick: () => go(20) }, "Run 20");
  const resetButton = el("button", { type: "button", onclick: reset }, "Reset");
  const controls = el("div", { class: "ckd-controls" },
    el("div", { class: "ckd-field ckd-rates" }, el("label", { for: ids[0] }, "Learning rate"), el("div", { class: "ckd-both" }, slider, exact)),
    methodField, noiseField, el("div", { class: "ckd-buttons" }, stepButton, runButton, resetButton));

  // ---- the rest ---------------------------------------------------------------------------------

  const valley = valleyChart();
  const graph = lossChart();
  const complaint = el("p", { class: "ckd-complaint", role: "alert" });
  const status = el("p", { class: "ckd-status", role: "status" });
  const legend = el("p", { class: "ckd-note ckd-legend" });
  const numbers = el("div", { class: "ckd-numbers" });
  const reasons = el("div", { class: "ckd-reasons" });
  const formula = el("p", { class: "ckd-note" });
  const root = el("div", { class: "ck ckd" }, controls, complaint,
    el("div", { class: "ckd-charts" },
      el("div", { class: "ckd-panel ckd-wide" }, el("p", { class: "ckd-title" }, "Loss for every pair of weights"), valley.node,
        el("p", { class: "ckd-note" }, "The stronger the blue, the higher the loss; + is the lowest. Click to choose a start, or press the arrow keys.")),
      el("div", { class: "ckd-panel" }, el("p", { class: "ckd-title" }, "Loss after each update"), graph.node, legend)),
    status, numbers, el("details", {}, el("summary", {}, "Why does it move like this? (Try a few rates first.)"), formula, reasons));
  guardKeys(root);

  valley.node.addEventListener("click", (event) => {
    const spot = valley.place(event);
    if (spot) moveStart(spot);
  });
  valley.node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 0.5 : 0.1;
    const move = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] }[event.key];
    if (move) moveStart(state.start.map((weight, i) => weight + move[i]));
    else if (event.key === "Home") moveStart(initial.start);
    else if (event.key === "Enter" || event.key === " ") go(1);
    else return;
    event.preventDefault();
  });

  function moveStart(spot) {
    begin({ start: spot.map((weight, i) => Math.max(-REACH[i], Math.min(REACH[i], Math.round(weight * 10) / 10))) });
  }

  function changeRate() {
    const value = parseNumber(exact.value);
    const good = value >= 0.0001 && value <= 10;
    if (good) exact.removeAttribute("aria-invalid");
    else exact.setAttribute("aria-invalid", "true");
    complain(good ? "" : `\u201c${exact.value}\u201d cannot be used. Write a learning rate from 0.0001 to 10, such as 0.05.`);
    if (!good) return;
    set({ learning_rate: value });
    tellRate();
  }

  function tellRate() {
    const rate = model.get("learning_rate");
    if (timer || !run.steps.length || run.steps.at(-1)[0].rate === rate) return;
    status.textContent = `From the next update on the learning rate is ${readable(rate)}. Press Reset to use it from the start.`;
  }

  const complain = (text) => (complaint.textContent = text);

  function go(count) {
    finish();
    const updates = longer(state, count);
    if (same(updates, state.updates)) status.textContent = "This run has ended. Press Reset first: the ball goes back to its start.";
    else set({ updates });
  }

  function reset() {
    finish();
    if (made(state)) return begin({});
    before = null;
    drawRun();
    settle();
  }

  // ---- drawing ----------------------------------------------------------------------------------

  function drawControls() {
    const position = nearestRate(state.learning_rate);
    slider.value = position;
    slider.setAttribute("aria-valuetext", readable(state.learning_rate));
    if (document.activeElement !== exact || !exact.hasAttribute("aria-invalid")) {
      exact.value = written(state.learning_rate);
      exact.removeAttribute("aria-invalid");
      complain("");
    }
    choose(method, `${state.optimizer} ${state.momentum}`, `SGD, momentum ${readable(state.momentum)}`);
    choose(noise, state.noise ? String(state.seed) : "off", `small batch, seed ${state.seed}`);
    valley.node.setAttribute("aria-label", `Start of the ball: ${placeOf(state.start)}. Arrow keys move it, Enter makes an update.`);
    formula.textContent = `loss = \u00bd \u00b7 (${state.curvature.map((c, i) => `${readable(c)} \u00b7 weight ${i + 1}\u00b2`).join(" + ")}). ` +
      `The numbers ${state.curvature.map((c) => readable(c)).join(" and ")} are called curvature.`;
    reasons.replaceChildren(...why(state));
  }

  function drawLegend() {
    const name = ({ state: { noise: chance, ...of }, steps }) => {
      const rates = [...new Set(steps.map(([{ rate }]) => readable(rate)))];
      const told = rates.length > 3 ? `${rates[0]} \u2026 ${rates.at(-1)}` : rates.join(", then ") || readable(of.learning_rate);
      return `${methodOf(of)}, rate ${told}${chance ? ", noisy" : ""}, loss `;
    };
    const entry = (of, kind, word) => el("span", { class: "ckd-entry" },
      svg("svg", { viewBox: "0 0 30 10", width: 30, height: 10, "aria-hidden": "true" }, svg("path", { d: "M0,5h30", class: kind })),
      `${word}: ${name(of)}${readable(of.losses.at(-1), 3)}`);
    legend.replaceChildren(entry(run, "ckd-run", "this run"), ...(before ? [entry(before, "ckd-before", "the run before")] : []),
      before && !run.steps.length ? "Press Reset once more to remove the dashed run." : "");
  }

  function drawRun() {
    run = simulate(cut(state, shown));
    valley.draw(run, before);
    graph.draw(run, before);
    drawLegend();
    const over = run.exploded || run.full;
    for (const button of [stepButton, runButton]) button.setAttribute("aria-disabled", String(over));
  }

  // The numbers and the sentence come when the ball has stopped: once for twenty updates.
  function settle() {
    numbers.replaceChildren(...arithmetic(run));
    status.textContent = [lead?.(), happened(run, told)].filter(Boolean).join(" ");
    lead = null;
  }

  function follow() {
    const old = state;
    state = readState(model);
    drawControls();
    const fresh = RUN_KEYS.some((key) => !same(old[key], state[key])) || made(state) < made(old);
    if (fresh) {
      const past = simulate(old);
      if (past.steps.length) before = past;
      stop();
      shown = 0;
    }
    if (timer) return;
    told = shown;
    if (made(state) > shown) return tick();
    drawRun();
    if (fresh) settle();
  }

  // Show one update more, or all of them at once to somebody who wants no motion.
  function tick() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    shown = still ? made(state) : shown + 1;
    drawRun();
    const more = made(state) > shown;
    timer = more ? setTimeout(tick, FRAME) : 0;
    if (!more) settle();
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
  }

  function finish() {
    if (!timer) return;
    stop();
    shown = made(state);
    drawRun();
  }

  // One click sets several values: draw once.
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => { waiting = false; follow(); });
  };
  for (const key of KEYS) model.on("change:" + key, later);
  drawControls();
  drawRun();
  settle();
  host.append(root);
  return stop;
}

export { bowl, contourLevels, longer, nearestRate, normalPair, readable, simulate, RATES };
export default { render };
