// The softmax explorer: scores are dragged; probabilities, the loss and its gradient follow.

const KEYS = ["scores", "target", "classes", "compare", "networks", "chosen"];
const REACH = 6; // the sliders go at least this far
const HIGHEST = 5; // the loss at the upper end of the chart

// Where the sliders end: around 0, or around the scores where these are far from it.
function sliderEnds(scores) {
  const [low, high] = [Math.floor(Math.min(...scores)), Math.ceil(Math.max(...scores))];
  return low < -20 || high > 20 ? [low - REACH, high + REACH] : [Math.min(-REACH, low), Math.max(REACH, high)];
}

const render = courseWidget("softmax", KEYS, (ui) => {
  const { initial } = ui;
  let rows = [];
  let shape = "";
  let touched = 0;
  let [telling, dragging] = [false, false];
  let ends = [-REACH, REACH];

  const settings = ({ scores, target, classes, compare, networks, chosen }) =>
    compare ? { classes, compare, networks } : { scores, target, classes, compare };
  const example = menu("Example", [], (key) => {
    touched = 0;
    ui.set(key ? SCORES[key][1] : initial);
    tell();
  });
  const tell = () => (telling = true); // once it is drawn

  // The scores are those of the chosen network and picture, where two networks are compared.
  function setScores(scores) {
    const { compare, networks, chosen } = ui.state;
    const limited = scores.map((score) => within(Math.round(score * 1e9) / 1e9, -10000, 10000));
    ui.set(compare ? { scores: limited, networks: networks.map((network, m) =>
      network.map((row, n) => (m === chosen[0] && n === chosen[1] ? limited : row))) } : { scores: limited });
  }
  const setScore = (i, value) => {
    touched = i;
    setScores(ui.state.scores.map((score, k) => (k === i ? value : score)));
  };

  const step = button("One step against the gradient", () => { setScores(stepAgainst(ui.state.scores, ui.state.target, 1)); tell(); }, { class: "ck-main" });
  const add = button("Add 1 to every score", () => { setScores(ui.state.scores.map((score) => score + 1)); tell(); });
  const again = button("Start again", () => {
    const key = example.node.value;
    ui.set(key ? SCORES[key][1] : initial);
    tell();
  });

  const table = el("div", { class: "ck-classes" });
  const lossLine = el("p", { class: "ck-loss" });
  const chart = board("");
  chart.node.removeAttribute("tabindex");
  chart.node.setAttribute("role", "img");
  const sum = el("p", { class: "ck-sum" });
  const slope = el("p", { class: "ck-slope" });
  const overflow = el("p", { class: "ck-overflow" });
  const comparison = el("div", { class: "ck-networks" });

  // ---- the classes, a row each -------------------------------------------------------------------
  function build() {
    const { classes, compare } = ui.state;
    const group = freshId();
    rows = classes.map((name, i) => {
      const truth = el("input", { type: "radio", name: group, id: freshId(), disabled: compare,
        onchange: () => { touched = i; ui.set({ target: i }); tell(); } });
      const slide = el("input", { type: "range", step: 0.1, class: "ck-slider", "aria-label": `Score of ${name}`,
        oninput: () => { dragging = true; setScore(i, Number(slide.value)); },
        onchange: () => { dragging = false; setScore(i, Number(slide.value)); tell(); } });
      const exact = numberBox(ui, { label: `Score of ${name}, as a number`, kind: "ck-exact", onChange: (value) => { setScore(i, value); tell(); } });
      const [bar, pull] = [el("span", {}), el("span", {})];
      const [q, g] = [el("span", { class: "ck-figure" }), el("span", { class: "ck-figure" })];
      const part = (kind, label, ...nodes) => el("div", { class: `ck-part ${kind}` }, el("span", { class: "ck-partname" }, label), ...nodes);
      const node = el("div", { class: "ck-class" },
        el("div", { class: "ck-tick ck-part" }, truth, el("label", { for: truth.id }, name)),
        part("ck-score", "score", slide, exact.node),
        part("ck-q", "q", el("div", { class: "ck-bar", "aria-hidden": "true" }, bar), q),
        part("ck-g", "q \u2212 p", el("div", { class: "ck-bar ck-pull", "aria-hidden": "true" }, pull), g));
      for (const kind of ["pointerenter", "focusin"]) node.addEventListener(kind, () => {
        if (touched === i) return;
        touched = i;
        drawWords();
      });
      return { node, truth, slide, exact, bar, pull, q, g };
    });
    table.replaceChildren(el("div", { class: "ck-class ck-heads", "aria-hidden": "true" },
      ...["true class, p = 1", "score z", "probability q = softmax(z)", "gradient q \u2212 p"].map((text) => el("span", {}, text))),
    ...rows.map(({ node }) => node));
  }

  function drawRows() {
    const { scores, target } = ui.state;
    const shares = softmax(scores);
    const slopes = gradientOf(scores, target);
    if (!dragging) ends = sliderEnds(scores);
    rows.forEach(({ truth, slide, exact, bar, pull, q, g, node }, i) => {
      truth.checked = i === target;
      node.classList.toggle("ck-true", i === target);
      Object.assign(slide, { min: ends[0], max: ends[1] });
      slide.value = scores[i];
      slide.setAttribute("aria-valuetext", `${show(scores[i])}, probability ${share(shares[i])}`);
      exact.show(scores[i]);
      bar.style.width = `${100 * shares[i]}%`;
      q.textContent = share(shares[i]);
      g.textContent = share(slopes[i]);
      Object.assign(pull.style, { width: `${50 * Math.abs(slopes[i])}%`, left: slopes[i] < 0 ? `${50 - 50 * Math.abs(slopes[i])}%` : "50%" });
      pull.className = slopes[i] < 0 ? "ck-up" : "ck-down";
    });
  }

  // What hangs on the class that was touched last.
  function drawWords() {
    const i = Math.min(touched, ui.state.scores.length - 1);
    sum.textContent = shareSentence(ui.state, i);
    slope.textContent = slopeSentence(ui.state, i);
    rows.forEach(({ node }, k) => node.classList.toggle("ck-touched", k === i));
  }

  // ---- the loss as a function of the probability of the true class -----------------------------
  function drawChart() {
    const { scores, target, classes } = ui.state;
    const [wide, tall, left, bottom] = [Math.min(300, ui.width), 172, 34, 34];
    const pen = chart.size(wide, tall);
    const { ink, soft, line, accent, paper, edge } = ui.colours;
    const x = (q) => left + q * (wide - left - 14);
    const y = (loss) => tall - bottom - (Math.min(loss, HIGHEST + 0.2) / HIGHEST) * (tall - bottom - 14);
    setFont(pen, font(12));
    for (let loss = 0; loss <= HIGHEST; loss++) {
      pen.strokeStyle = line;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(x(0), y(loss));
      pen.lineTo(x(1), y(loss));
      pen.stroke();
      pen.fillStyle = soft;
      pen.fillText(String(loss), left - 12, y(loss));
    }
    pen.fillStyle = soft;
    for (const q of [0, 0.5, 1]) pen.fillText(String(q), x(q), tall - bottom + 11);
    pen.fillText(`q of ${classes[target]}`.slice(0, 30), x(0.5), tall - 9);
    pen.strokeStyle = edge;
    pen.lineWidth = 2;
    pen.beginPath();
    for (let n = 0; n <= 120; n++) {
      const q = Math.exp(-HIGHEST) + (1 - Math.exp(-HIGHEST)) * (n / 120) ** 2;
      pen[n ? "lineTo" : "moveTo"](x(q), y(-Math.log(q)));
    }
    pen.stroke();
    const q = softmax(scores)[target];
    const loss = lossOf(scores, target);
    pen.strokeStyle = accent;
    pen.setLineDash([4, 3]);
    pen.beginPath();
    pen.moveTo(x(0), y(loss));
    pen.lineTo(x(q), y(loss));
    pen.lineTo(x(q), y(0));
    pen.stroke();
    pen.setLineDash([]);
    pen.fillStyle = accent;
    pen.strokeStyle = paper;
    pen.beginPath();
    pen.arc(x(q), y(loss), 7, 0, 7);
    pen.fill();
    pen.stroke();
    pen.fillStyle = ink;
    setFont(pen, font(13, "600"));
    pen.fillText(show(loss, 3), within(x(q) + 34, x(0) + 26, x(1) - 18), Math.max(y(loss) - 14, 10));
    chart.describe(`The loss, \u2212ln q, against the probability q of the true class: at q = ${share(q)} it is ${show(loss, 3)}.`);
  }

  // ---- two networks, three pictures -------------------------------------------------------------
  const cells = [0, 1].map((m) => PICTURES.map((truth, n) => {
    const text = el("span", {});
    const mark = el("span", { class: "ck-wrongmark" });
    const cost = el("span", { class: "ck-cost" });
    const node = button("", () => {
      touched = 0;
      ui.set({ chosen: [m, n], scores: ui.state.networks[m][n], target: truth, classes: DOG_CAT });
      tell();
    }, { class: "ck-answer" });
    node.replaceChildren(text, mark, cost);
    return { node, text, mark, cost };
  }));
  const totals = [0, 1].map(() => ({ error: el("strong", {}), loss: el("strong", {}) }));
  const line = (...nodes) => el("tr", {}, ...nodes);
  const head = (text, scope) => el("th", { scope }, text);
  const verdict = el("p", { class: "ck-verdict" });
  comparison.append(
    el("p", { class: "ck-title" }, "Two networks, the same three pictures"),
    el("table", {},
      el("thead", {}, line(head("picture", "col"), head("network 1: q of dog, cat; loss", "col"), head("network 2: q of dog, cat; loss", "col"))),
      el("tbody", {}, ...PICTURES.map((truth, n) => line(head(`${n + 1}: ${DOG_CAT[truth]}`, "row"), ...cells.map((column) => el("td", {}, column[n].node))))),
      el("tfoot", {}, line(head("error", "row"), ...totals.map(({ error }) => el("td", {}, error))),
        line(head("mean loss", "row"), ...totals.map(({ loss }) => el("td", {}, loss))))),
    verdict, el("p", { class: "ck-small" }, "Press an answer to drag its scores below."));

  function drawNetworks() {
    const { compare, networks, chosen } = ui.state;
    comparison.hidden = !compare;
    if (!compare) return;
    const costs = networks.map((network) => costOf(network, PICTURES));
    cells.forEach((column, m) => column.forEach(({ node, text, mark, cost }, n) => {
      const shares = softmax(networks[m][n]);
      const wrong = costs[m].wrong[n];
      text.textContent = shares.map((q) => show(q, 3)).join(", ");
      mark.textContent = wrong ? "\u2717" : "\u2713";
      mark.classList.toggle("ck-bad", wrong);
      cost.textContent = show(costs[m].losses[n], 3);
      const on = same(chosen, [m, n]);
      node.setAttribute("aria-pressed", String(on));
      node.setAttribute("aria-label", `Network ${m + 1}, picture ${n + 1}, a ${DOG_CAT[PICTURES[n]]}: ` +
        `dog ${show(shares[0], 3)}, cat ${show(shares[1], 3)}, ${wrong ? "wrong" : "right"}, loss ${show(costs[m].losses[n], 3)}`);
    }));
    costs.forEach((cost, m) => {
      totals[m].error.textContent = `${cost.wrong.filter(Boolean).length}/3 = ${show(cost.error)}`;
      totals[m].loss.textContent = show(cost.loss, 2);
    });
    verdict.textContent = compareSentence(costs);
  }

  function draw() {
    const { state } = ui;
    const layout = JSON.stringify([state.classes, state.compare]);
    if (layout !== shape) {
      shape = layout;
      build();
    }
    const given = same(settings(initial), settings(state));
    const name = given ? "" : Object.keys(SCORES).find((key) => same(settings({ ...SCORES[key][1] }), settings(state))) ?? "";
    const own = !given && !name;
    if (own && state.compare) example.show("networks");
    else {
      example.offer([["", own ? "Your own (choose to go back)" : "As given in this cell"], ...Object.entries(SCORES).map(([key, [text]]) => [key, text])]);
      example.show(name);
    }
    drawChart(); // before any text changes: a pen's font makes the browser bring all styles up to date
    drawRows();
    lossLine.textContent = lossSentence(state);
    drawNetworks();
    drawWords();
    overflow.textContent = overflowSentence(state);
    if (telling) ui.say(`${state.classes[state.target]}: probability ${share(softmax(state.scores)[state.target])}, loss ${show(lossOf(state.scores, state.target), 3)}` +
      (state.compare ? `. ${verdict.textContent}` : ""));
    telling = false;
  }

  return {
    nodes: [controls(example.field), comparison, table, ui.complaint,
      el("div", { class: "ck-row ck-actions" }, step, add, again),
      el("div", { class: "ck-lower" }, chart.node, el("div", { class: "ck-words" }, lossLine, sum, slope, overflow))],
    draw,
  };
});

export { costOf, gradientOf, lossOf, softmax, stepAgainst };
export default { render };
