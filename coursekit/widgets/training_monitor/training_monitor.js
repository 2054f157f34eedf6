// The training monitor: what fit is doing now, its curves so far, and a button that stops it.

const PARTS = [["", "training", "accent", []], ["validation_", "validation", "ink", [2, 3]], ["test_", "test", "second", [7, 4]]];
const BY_HAND = "This page cannot interrupt the kernel. Do it by hand: the square button beside the cell or in the toolbar, or Interrupt in the menu Kernel or Runtime.";

const render = courseWidget("monitor", ["run"], (ui) => {
  let hover = null;
  let chosen = null;

  const halt = button("Stop training", async () => {
    if (ui.state.run.state !== "running") return;
    const kernel = ui.kernel();
    if (!kernel?.interrupt) return ui.complain(BY_HAND);
    try {
      await kernel.interrupt(); // the Jupyter server's /api/kernels/.../interrupt, with its token
      ui.say("The kernel is being interrupted.");
    } catch {
      ui.complain(BY_HAND);
    }
  }, { class: "ck-main" });
  const state = el("p", { class: "ck-verdict" });
  const bar = el("span", {});
  const progress = el("div", { class: "ck-progress", role: "progressbar", "aria-label": "Progress of the run", "aria-valuemin": 0, "aria-valuemax": 100 }, bar);
  const facts = el("p", { class: "ck-facts" });
  const line = el("p", { class: "ck-sum" });

  const pick = (epoch) => { chosen = epoch; hover = null; drawCharts(); ui.say(line.textContent); };
  const point = (epoch) => { if (epoch !== hover) { hover = epoch; drawCharts(); } };
  const chart = (title, quantity, more) => epochChart(ui, { title, onPick: pick, onPoint: point, ...more,
    series: PARTS.map(([prefix, name, colour, dash]) => [prefix + quantity, name, colour, dash]) });
  const charts = [chart("Loss", "loss", { batches: true }), chart("Accuracy", "accuracy", { top: 1 })];
  const legend = el("p", { class: "ck-small ck-legend" });

  const current = () => {
    const { records } = ui.state.run;
    const epoch = hover ?? chosen;
    return records.find((record) => record.epoch === epoch) ?? records.at(-1);
  };

  function drawCharts() {
    const { run } = ui.state;
    const record = current();
    for (const each of charts) each.draw(run, hover ?? chosen);
    line.textContent = record ? epochSentence(record, run.epochs) : run.words || "The first epoch is under way.";
    charts.forEach((each, i) => each.describe(`${["Loss", "Accuracy"][i]} over ${plural(run.epochs, "epoch")}, ${run.records.length} done. Arrow keys move from epoch to epoch.`));
  }

  return {
    nodes: [
      el("div", { class: "ck-row ck-head" }, state, halt), ui.complaint, progress, facts,
      el("div", { class: "ck-panels" }, ...charts.map(({ node }, i) => el("div", { class: "ck-panel" }, el("p", { class: "ck-title" }, ["Loss", "Accuracy"][i]), node))),
      legend, line,
    ],
    draw() {
      const { run } = ui.state;
      const done = doneShare(run);
      state.textContent = stateSentence(run);
      halt.setAttribute("aria-disabled", String(run.state !== "running"));
      bar.style.width = `${100 * done}%`;
      progress.setAttribute("aria-valuenow", Math.round(100 * done));
      facts.textContent = factsSentence(run);
      if (run.state !== "running") ui.complain("");
      const there = PARTS.filter(([prefix]) => !prefix || run.records.some((record) => Number.isFinite(record[`${prefix}loss`])));
      legend.replaceChildren(...there.flatMap(([, name, colour, dash]) => [
        svg("svg", { width: 30, height: 10, "aria-hidden": "true" }, svg("line", { x1: 0, y1: 5, x2: 28, y2: 5, stroke: `var(--ck-${colour})`, "stroke-width": 2, "stroke-dasharray": dash.join(" ") })), ` ${name}   `]),
        ...(run.batches.length ? [svg("svg", { width: 30, height: 10, "aria-hidden": "true" }, svg("line", { x1: 0, y1: 5, x2: 28, y2: 5, stroke: "var(--ck-edge)", "stroke-width": 1 })), " training, single batches"] : []));
      drawCharts();
    },
  };
});

export { doneShare, timeLeft };
export default { render };
