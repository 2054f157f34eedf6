// What the descent explorer says about its numbers.

const SUPERSCRIPTS = { "-": "\u207b", 0: "\u2070", 1: "\u00b9", 2: "\u00b2", 3: "\u00b3", 4: "\u2074", 5: "\u2075", 6: "\u2076", 7: "\u2077", 8: "\u2078", 9: "\u2079" };
const raised = (number) => [...String(number)].map((sign) => SUPERSCRIPTS[sign]).join("");
const rounded = (value, digits = 4) => Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(digits));

// A number as it is read: four digits that count, a true minus, tens with a small number above.
function readable(value, digits = 4) {
  const number = rounded(value, digits);
  const power = number ? Math.floor(Math.log10(Math.abs(number))) : 0;
  const far = power < -4 || power > 5;
  const text = far ? `${Number((number / 10 ** power).toPrecision(digits))}\u00b710${raised(power)}` : String(number);
  return text.replace("-", "\u2212");
}
const factor = (value) => (rounded(value) < 0 ? `(${readable(value)})` : readable(value));

// "=" where the numbers as they are written give the result as it is written; else "nearly equal".
const relation = (written, result) =>
  Math.abs(rounded(written) - rounded(result)) <= 1e-9 * Math.abs(result) ? "=" : "\u2248";

const METHODS = { sgd: "SGD", adam: "Adam" };
const methodOf = ({ optimizer, momentum }) =>
  METHODS[optimizer] + (momentum ? ` with momentum ${readable(momentum)}` : "");
const placeOf = ([one, two]) => `weight 1 = ${readable(one)}, weight 2 = ${readable(two)}`;

// ---- what happened --------------------------------------------------------------------------

const outside = (weights) => weights.some((weight, i) => Math.abs(weight) > REACH[i]);

function trend(losses) {
  const [first, last] = [losses[0], losses.at(-1)];
  const ups = losses.slice(1).filter((loss, i) => loss > losses[i] * (1 + 1e-9)).length;
  const share = ups / (losses.length - 1);
  if (Math.abs(last - first) <= 1e-9 * first) return "unchanged";
  if (!share) return last > first * 0.98 ** (losses.length - 1) ? "falling slowly" : "falling";
  if (share === 1) return "rising";
  return last < first / 2 ? "falling, with ups and downs" : last > first * 2 ? "rising, with ups and downs" : "going up and down";
}

function crossings(points) {
  const times = [0, 1].map((i) => points.slice(1).filter((point, at) => point[i] * points[at][i] < 0).length);
  return times.map((count, i) => {
    if (!count) return "";
    if (points.length === 2) return ` Weight ${i + 1} changed its sign.`;
    return ` Weight ${i + 1} changed its sign ${["", "once", "twice"][count] ?? `${count} times`}.`;
  }).join("");
}

// What the updates after number `from` did. Spoken, and written under the charts.
function happened(run, from) {
  const count = run.steps.length;
  const loss = readable(run.losses.at(-1), 3);
  if (!count) return `Start: ${placeOf(run.points[0])}, loss ${loss}.`;
  const since = Math.min(from, count - 1);
  const parts = run.losses.slice(since);
  const told = parts.length === 2
    ? `Update ${count}: loss ${loss}, ${trend(parts)}.`
    : `Updates ${since + 1} to ${count}: loss from ${readable(parts[0], 3)} to ${loss}, ${trend(parts)}.`;
  let end = "";
  if (run.exploded) end = " Off the chart: the loss has exploded, so the run stops here. Press Reset and change something.";
  else if (run.full) end = ` ${MOST_UPDATES} updates are the most. Press Reset to begin anew.`;
  else if (outside(run.points.at(-1))) end = " The ball is off the chart.";
  else if (run.losses.at(-1) < 1e-6) end = " The ball lies at the bottom.";
  return told + crossings(run.points.slice(since)) + end;
}

// ---- the last update, in numbers ------------------------------------------------------------

const label = (text) => el("span", { class: "ckd-what" }, text);
const line = (what, ...parts) => el("div", {}, label(what), el("span", { class: "ckd-term" }, ...parts));

function gradientLine({ weight, slope, chance, gradient }, curvature) {
  const product = `${readable(curvature)} \u00b7 ${factor(weight)}`;
  const asWritten = rounded(curvature) * rounded(weight) + rounded(chance);
  const luck = chance ? ` + ${factor(chance)} by chance` : "";
  return line("gradient", `${product}${luck} ${relation(asWritten, chance ? gradient : slope)} `, el("strong", {}, readable(gradient)));
}

function directionLines({ gradient, velocity, mean, square, meanNow, sizeNow, last }, state, count) {
  if (state.optimizer === "sgd") {
    if (!state.momentum) return [];
    const old = last?.velocity ?? 0;
    const asWritten = rounded(state.momentum) * rounded(old) + rounded(gradient);
    return [line("velocity", `${readable(state.momentum)} \u00b7 ${factor(old)} + ${factor(gradient)} ${relation(asWritten, velocity)} `, el("strong", {}, readable(velocity)))];
  }
  const [oldMean, oldSquare] = [last?.mean ?? 0, last?.square ?? 0];
  const [short, long] = [1 - 0.9 ** count, 1 - 0.999 ** count];
  const meanWritten = (0.9 * rounded(oldMean) + 0.1 * rounded(gradient)) / rounded(short);
  const sizeWritten = Math.sqrt((0.999 * rounded(oldSquare) + 0.001 * rounded(gradient) ** 2) / rounded(long));
  return [
    line("mean", `(0.9 \u00b7 ${factor(oldMean)} + 0.1 \u00b7 ${factor(gradient)}) / ${readable(short)} ${relation(meanWritten, meanNow)} `, el("strong", {}, readable(meanNow))),
    line("size", `\u221a((0.999 \u00b7 ${readable(oldSquare)} + 0.001 \u00b7 ${factor(gradient)}\u00b2) / ${readable(long)}) ${relation(sizeWritten, sizeNow)} `, el("strong", {}, readable(sizeNow))),
  ];
}

function weightLine(i, { weight, rate, direction, meanNow, sizeNow, next }, state) {
  const adam = state.optimizer === "adam";
  const pushed = adam ? `${factor(meanNow)} / ${readable(sizeNow)}` : factor(direction);
  const written = adam ? (rounded(sizeNow) ? rounded(meanNow) / rounded(sizeNow) : 0) : rounded(direction);
  const asWritten = rounded(weight) - rounded(rate) * written;
  return el("div", { class: "ckd-result" }, label(`weight ${i + 1}`),
    el("span", { class: "ckd-term" }, `${readable(weight)} \u2212 ${readable(rate)} \u00b7 ${pushed} ${relation(asWritten, next)} `, el("strong", {}, readable(next))));
}

const RULES = {
  plain: "new weight = weight \u2212 learning rate \u00b7 gradient",
  momentum: "velocity = momentum \u00b7 old velocity + gradient; new weight = weight \u2212 learning rate \u00b7 velocity",
  adam: "new weight = weight \u2212 learning rate \u00b7 mean / size. The mean is that of the gradients so far, size is how large they usually are; newer ones count more.",
};
const ruleOf = ({ optimizer, momentum }) => RULES[optimizer === "adam" ? "adam" : momentum ? "momentum" : "plain"];

function arithmetic(run) {
  const { state, steps } = run;
  const rule = el("p", { class: "ckd-note" }, ruleOf(state) + (state.noise ? ". The gradient is partly chance." : ""));
  if (!steps.length) {
    const lines = state.start.map((weight, i) => el("div", { class: "ckd-weight" },
      gradientLine({ weight, slope: state.curvature[i] * weight, chance: 0, gradient: state.curvature[i] * weight }, state.curvature[i])));
    lines.forEach((node, i) => node.querySelector(".ckd-what").replaceChildren(`gradient ${i + 1}`));
    return [el("p", { class: "ckd-title" }, "Before the first update"), rule, ...lines,
      el("p", { class: "ckd-note" }, "Calculate the two new weights yourself, then press Step.")];
  }
  const lines = steps.at(-1).map((step, i) => el("div", { class: "ckd-weight" },
    gradientLine(step, state.curvature[i]), ...directionLines(step, state, steps.length), weightLine(i, step, state)));
  return [el("p", { class: "ckd-title" }, `Update ${steps.length} in numbers`), rule, ...lines];
}

// ---- why ------------------------------------------------------------------------------------

function fate(times) {
  const size = Math.abs(times);
  if (size > 1 + 1e-9) return "it changes its sign and grows, every time: it explodes";
  if (size > 1 - 1e-9) return "it changes its sign for ever and never gets smaller";
  if (size < 1e-9) return "it is 0 after one update";
  if (times < 0) return "it changes its sign and shrinks";
  return times > 0.95 ? "it shrinks, very slowly" : "it shrinks";
}

function why(state) {
  const rate = state.learning_rate;
  const steepest = Math.max(...state.curvature);
  const luck = state.noise ? [el("p", {}, "Chance pushes the weights at every update, however near the bottom they are. With a smaller learning rate each push moves them less: they end up nearer to the bottom, but need longer to get there.")] : [];
  if (state.optimizer === "adam")
    return [el("p", {}, `Adam divides the gradient by its usual size. So a steep and a flat direction look alike to it: at first each weight moves by about the learning rate, ${readable(rate)}, whatever its gradient.`), ...luck];
  if (state.momentum) {
    const most = (2 * (1 + state.momentum)) / steepest;
    return [el("p", {}, "The velocity adds up old gradients. Along the valley they agree, so the ball picks up speed; across it they change their sign and take each other away. With too much speed it rolls past the bottom and has to come back."),
      el("p", {}, `It explodes from 2 \u00b7 (1 + ${readable(state.momentum)}) / ${readable(steepest)} ${relation(most, most)} ${readable(most)} on.`), ...luck];
  }
  const rows = state.curvature.map((curvature, i) => {
    const times = 1 - rate * curvature;
    return el("p", {}, `Weight ${i + 1} is multiplied by 1 \u2212 ${readable(rate)} \u00b7 ${readable(curvature)} ${relation(1 - rounded(rate) * rounded(curvature), times)} `,
      el("strong", {}, readable(times)), `: ${fate(times)}.`);
  });
  return [el("p", {}, "weight \u2212 rate \u00b7 curvature \u00b7 weight = (1 \u2212 rate \u00b7 curvature) \u00b7 weight. So at each update" + (state.noise ? ", chance aside:" : ":")), ...rows, ...luck];
}
