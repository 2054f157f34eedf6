// One quantity of a run over its epochs: a faint line batch by batch, and lines with points for the epochs.

// { node, draw(run, chosen) }: `series` are [key, name, colour, dash]; `onPick(epoch)` is told of a click and of
// arrow keys, `onPoint(epoch or null)` of the mouse.
function epochChart(ui, { title, series, batches = false, top, onPick, onPoint }) {
  const plate = board(title);
  const { node } = plate;
  const [LEFT, RIGHT, ABOVE, BELOW] = [44, 12, 8, 24];
  let [width, height, epochs, known, at] = [300, 180, 1, 0, 0];
  const across = (epoch) => LEFT + ((width - LEFT - RIGHT) * epoch) / epochs;

  function draw(run, chosen) {
    width = ui.width >= 640 ? Math.floor((ui.width - 28) / 2) : ui.width;
    epochs = Math.max(1, run.epochs);
    known = run.records.length ? run.records.at(-1).epoch : 0;
    at = chosen ?? at;
    const pen = plate.size(width, height);
    const values = run.records.flatMap((record) => series.map(([key]) => record[key]).filter((value) => Number.isFinite(value)));
    const seen = batches ? [...values, ...run.batches.map(([, value]) => value)] : values;
    const high = top ?? (seen.reduce((a, b) => Math.max(a, b), 0) || 1);
    const up = (value) => height - BELOW - (height - ABOVE - BELOW) * within(value / high, 0, 1);
    setFont(pen, "12px system-ui, sans-serif");
    pen.strokeStyle = ui.colours.line;
    pen.fillStyle = ui.colours.soft;
    pen.textAlign = "right";
    for (const share of [0, 0.5, 1]) {
      const y = Math.round(up(share * high)) + 0.5;
      pen.beginPath();
      pen.moveTo(LEFT, y);
      pen.lineTo(width - RIGHT, y);
      pen.stroke();
      pen.fillText(show(share * high, high < 10 ? 2 : 0), LEFT - 6, y);
    }
    pen.textAlign = "center";
    const step = Math.max(1, Math.ceil(epochs / Math.max(1, Math.floor((width - LEFT) / 44))));
    for (let epoch = 0; epoch <= epochs; epoch += step) pen.fillText(String(epoch), across(epoch), height - 10);
    if (chosen) {
      pen.strokeStyle = ui.colours.edge;
      pen.beginPath();
      pen.moveTo(across(chosen), ABOVE);
      pen.lineTo(across(chosen), height - BELOW);
      pen.stroke();
    }
    if (batches) trace(pen, run.batches.map(([place, value]) => [across(place), up(value)]), ui.colours.edge, 1, []);
    for (const [key, , colour, dash] of series) {
      const spots = run.records.filter((record) => Number.isFinite(record[key])).map((record) => [across(record.epoch), up(record[key])]);
      trace(pen, spots, ui.colours[colour], 2, dash);
      pen.fillStyle = ui.colours[colour];
      for (const [x, y] of spots.length <= 60 ? spots : []) {
        pen.beginPath();
        pen.arc(x, y, 3, 0, 7);
        pen.fill();
      }
    }
  }

  function trace(pen, spots, colour, thick, dash) {
    pen.strokeStyle = colour;
    pen.lineWidth = thick;
    pen.setLineDash(dash);
    pen.beginPath();
    spots.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
    pen.setLineDash([]);
    pen.lineWidth = 1;
  }

  const pointed = (event) => {
    const epoch = Math.round(((plate.place(event)[0] - LEFT) / (width - LEFT - RIGHT)) * epochs);
    return known ? within(epoch, 1, known) : null;
  };
  node.addEventListener("pointermove", (event) => event.pointerType !== "touch" && onPoint(pointed(event)));
  node.addEventListener("pointerleave", () => onPoint(null));
  node.addEventListener("click", (event) => known && onPick((at = pointed(event))));
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 1, End: known }[event.key];
    if (next === undefined || !known) return;
    event.preventDefault();
    onPick((at = within(next, 1, known)));
  });
  return { node, draw, describe: plate.describe };
}
