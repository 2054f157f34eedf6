// The two charts of the descent explorer: the valley with the ball, and the loss after each update.

const UNIT = 100; // of the picture, to one of a weight
const PLOT = { left: 50, top: 8, width: 2 * REACH[0] * UNIT, height: 2 * REACH[1] * UNIT };
const GRAPH = { left: 66, top: 8, width: 350, height: 300 };

const near = (weights) => weights.map((weight) => Math.max(-30, Math.min(30, weight))); // far outside, nothing is seen
const at = ([one, two]) => [PLOT.left + (one + REACH[0]) * UNIT, PLOT.top + (REACH[1] - two) * UNIT];
const frame = ({ left, top, width, height }, kind) => svg("rect", { x: left, y: top, width, height, class: kind });
const write = (x, y, text, kind = "", more = {}) => svg("text", { x, y, class: `ckd-text ${kind}`, ...more }, text);
const sheet = ({ left, width }, ...children) =>
  svg("svg", { viewBox: `0 0 ${left + width + 14} 364`, "aria-hidden": "true" }, ...children);

// A line with a halo, so that it can be seen on every colour.
const trail = (points, kind) => {
  const text = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return [svg("polyline", { points: text, class: "ckd-halo" }), svg("polyline", { points: text, class: kind })];
};

function contours(curvature) {
  const layer = svg("g");
  const [x, y] = at([0, 0]);
  const steep = curvature[1] >= curvature[0];
  let before = -Infinity;
  const labels = [];
  contourLevels(curvature).forEach((level, i) => {
    const [a, b] = curvature.map((c) => Math.sqrt((2 * level) / c) * UNIT);
    layer.append(svg("ellipse", { cx: x, cy: y, rx: a, ry: b, class: `ckd-level ckd-level-${i + 1}` }));
    const [right, down] = steep ? [0.26 * a, 0.966 * b] : [0.966 * a, 0.26 * b];
    const reach = steep ? down : right;
    if (down > 140 || right > 206 || Math.abs(before - reach) < 17) return;
    before = reach;
    labels.push(write(x + right, y + down, readable(level), "ckd-level-label"));
  });
  layer.append(...labels, svg("path", { d: `M${x - 7},${y}h14m-7,-7v14`, class: "ckd-bottom" }));
  return layer;
}

// The mark of a ball that has left the chart: on the edge, pointing the way it went.
function gone([one, two]) {
  const share = Math.max(Math.abs(one) / REACH[0], Math.abs(two) / REACH[1]);
  const [x, y] = at([one / share, two / share]);
  const turn = (Math.atan2(-two, one) * 180) / Math.PI;
  const right = PLOT.left + PLOT.width - 56;
  const inward = y > PLOT.top + PLOT.height / 2 ? -30 : 30;
  return [svg("path", { d: "M-2,0l-18,-9v18z", class: "ckd-ball", transform: `translate(${x} ${y}) rotate(${turn})` }),
    write(Math.max(PLOT.left + 56, Math.min(right, x)), y + inward, "off the chart", "ckd-gone")];
}

function valleyChart() {
  const clip = freshId();
  const [ground, marks] = [svg("g"), svg("g")];
  const axes = svg("g");
  for (const value of [-2, -1, 0, 1, 2]) {
    const [x, y] = at([value, value]);
    axes.append(write(x, PLOT.top + PLOT.height + 20, readable(value)));
    if (Math.abs(value) < REACH[1]) axes.append(write(PLOT.left - 8, y, readable(value), "ckd-end"));
  }
  axes.append(write(PLOT.left + PLOT.width / 2, PLOT.top + PLOT.height + 43, "weight 1", "ckd-axis"),
    write(0, 0, "weight 2", "ckd-axis", { transform: `translate(13 ${PLOT.top + PLOT.height / 2}) rotate(-90)` }));
  const picture = sheet(PLOT, svg("clipPath", { id: clip }, frame(PLOT)),
    svg("g", { "clip-path": `url(#${clip})` }, frame(PLOT, "ckd-level ckd-level-0"), ground, marks), frame(PLOT, "ckd-frame"), axes);
  const node = el("div", { class: "ckd-valley", tabindex: "0", role: "application" }, picture);
  let drawn = null;

  function place(event) {
    const area = picture.getBoundingClientRect();
    const unit = area.width / (PLOT.left + PLOT.width + 14);
    const one = ((event.clientX - area.left) / unit - PLOT.left) / UNIT - REACH[0];
    const two = REACH[1] - ((event.clientY - area.top) / unit - PLOT.top) / UNIT;
    return outside([one, two]) ? null : [one, two];
  }

  function draw(run, before) {
    const shape = JSON.stringify(run.state.curvature);
    if (shape !== drawn) ground.replaceChildren(contours(run.state.curvature));
    drawn = shape;
    const spots = run.points.map((point) => at(near(point)));
    const [x, y] = spots[0];
    const last = run.points.at(-1);
    const [ballX, ballY] = spots.at(-1);
    const past = before ? trail(before.points.map((point) => at(near(point))), "ckd-before") : [];
    marks.replaceChildren(...past, ...trail(spots, "ckd-run"),
      ...spots.slice(1, -1).map(([cx, cy]) => svg("circle", { cx, cy, r: 3, class: "ckd-dot" })),
      svg("circle", { cx: x, cy: y, r: 6, class: "ckd-start" }),
      ...(outside(last) ? gone(last) : [svg("circle", { cx: ballX, cy: ballY, r: 8, class: "ckd-ball" })]));
  }
  return { node, place, draw };
}

// ---- the loss after each update -------------------------------------------------------------

const LOWEST = 1e-8;

function lossChart() {
  const clip = freshId();
  const body = svg("g");
  const lines = svg("g", { "clip-path": `url(#${clip})` });
  const picture = sheet(GRAPH, svg("clipPath", { id: clip }, svg("rect", { x: GRAPH.left - 8, y: GRAPH.top - 8, width: GRAPH.width + 16, height: GRAPH.height + 16 })),
    body, lines, frame(GRAPH, "ckd-frame"),
    write(GRAPH.left + GRAPH.width / 2, GRAPH.top + GRAPH.height + 43, "update", "ckd-axis"),
    write(0, 0, "loss", "ckd-axis", { transform: `translate(13 ${GRAPH.top + GRAPH.height / 2}) rotate(-90)` }));
  const node = el("div", {}, picture);

  function draw(run, before) {
    const losses = [...run.losses, ...(before?.losses ?? [])].map((loss) => Math.max(LOWEST, loss));
    const top = Math.max(1, Math.ceil(Math.log10(Math.max(...losses)) - 1e-9));
    const low = Math.min(top - 4, Math.floor(Math.log10(Math.min(...losses)) + 1e-9));
    const most = Math.max(20, Math.ceil((Math.max(run.losses.length, before?.losses.length ?? 0) - 1) / 20) * 20);
    const spot = (loss, update) => [GRAPH.left + (update / most) * GRAPH.width,
      GRAPH.top + ((top - Math.log10(Math.max(LOWEST, loss))) / (top - low)) * GRAPH.height];
    const every = top - low > 7 ? 2 : 1;
    body.replaceChildren(frame(GRAPH, "ckd-paper"));
    for (let power = low; power <= top; power++) {
      const [x, y] = spot(10 ** power, 0);
      body.append(svg("path", { d: `M${x},${y}h${GRAPH.width}`, class: "ckd-grid" }));
      if ((power - low) % every === 0) body.append(write(x - 8, y, Math.abs(power) > 3 ? `10${raised(power)}` : String(Number(`1e${power}`)), "ckd-end"));
    }
    const apart = most <= 40 ? 10 : most <= 100 ? 20 : 100;
    for (let update = 0; update <= most; update += apart)
      body.append(write(spot(1, update)[0], GRAPH.top + GRAPH.height + 20, String(update)));
    const spots = (of) => of.losses.map(spot);
    const now = spots(run);
    lines.replaceChildren(...rateChanges(run, spot), ...(before ? trail(spots(before), "ckd-before") : []), ...trail(now, "ckd-run"),
      ...(most <= 60 ? now.slice(0, -1).map(([cx, cy]) => svg("circle", { cx, cy, r: 3, class: "ckd-dot" })) : []),
      svg("circle", { cx: now.at(-1)[0], cy: now.at(-1)[1], r: 6, class: "ckd-ball" }));
  }

  // A thin line where the learning rate was changed, with the new one.
  function rateChanges(run, spot) {
    return run.steps.flatMap((step, i) => {
      if (!i || step[0].rate === run.steps[i - 1][0].rate) return [];
      const [x] = spot(1, i);
      return [svg("path", { d: `M${x},${GRAPH.top}v${GRAPH.height}`, class: "ckd-change" }),
        write(x + 4, GRAPH.top + 14, `rate ${readable(step[0].rate)}`, "ckd-rate")];
    });
  }
  return { node, draw };
}
