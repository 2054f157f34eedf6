// The arithmetic of the descent explorer: pure functions, tested against torch.optim.

const MOST_UPDATES = 400; // a run ends here
const LOSS_LIMIT = 10000; // above this it has exploded, and the run ends
const REACH = [2.2, 1.5]; // the chart shows weights from minus this to this

const bowl = (weights, curvature) => 0.5 * (curvature[0] * weights[0] ** 2 + curvature[1] * weights[1] ** 2);

// Two normal numbers that belong to a seed and an update: mulberry32, then Box and Muller.
function normalPair(seed, update) {
  let state = (Math.imul(seed + 1, 0x9e3779b1) + Math.imul(update, 0x85ebca6b)) | 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
  const angle = 2 * Math.PI * uniform();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

// One weight's part of an update, with every number that is needed to follow it on paper.
function weightUpdate(state, weight, i, last, count, rate) {
  const slope = state.curvature[i] * weight;
  const chance = state.noise ? state.noise * normalPair(state.seed, count)[i] : 0;
  const gradient = slope + chance;
  const line = { weight, slope, chance, gradient, rate, last };
  if (state.optimizer === "sgd") {
    line.velocity = line.direction = state.momentum * (last?.velocity ?? 0) + gradient;
  } else {
    line.mean = 0.9 * (last?.mean ?? 0) + 0.1 * gradient;
    line.square = 0.999 * (last?.square ?? 0) + 0.001 * gradient ** 2;
    line.meanNow = line.mean / (1 - 0.9 ** count);
    line.sizeNow = Math.sqrt(line.square / (1 - 0.999 ** count));
    line.direction = line.meanNow / (line.sizeNow + 1e-8);
  }
  line.next = weight - rate * line.direction;
  return line;
}

// The whole run: where the ball was after each update, the losses, and the numbers behind them.
function simulate(state) {
  const points = [[...state.start]];
  const losses = [bowl(points[0], state.curvature)];
  const steps = [];
  const rates = state.updates.flatMap(([count, rate]) => new Array(count).fill(rate));
  for (const rate of rates) {
    if (losses.at(-1) > LOSS_LIMIT || steps.length >= MOST_UPDATES) break;
    const lines = points.at(-1).map((weight, i) =>
      weightUpdate(state, weight, i, steps.at(-1)?.[i], steps.length + 1, rate));
    steps.push(lines);
    points.push(lines.map(({ next }) => next));
    losses.push(bowl(points.at(-1), state.curvature));
  }
  return { state, points, losses, steps, exploded: losses.at(-1) > LOSS_LIMIT, full: steps.length >= MOST_UPDATES };
}

// The run with so many updates more, as far as it goes: pairs of count and learning rate.
function longer(state, count) {
  const rate = state.learning_rate;
  const done = simulate(state).steps.length;
  const more = simulate({ ...state, updates: [...state.updates, [count, rate]] }).steps.length - done;
  if (!more) return state.updates;
  const last = state.updates.at(-1);
  return last?.[1] === rate
    ? [...state.updates.slice(0, -1), [last[0] + more, rate]]
    : [...state.updates, [more, rate]];
}

// The losses at which a contour is drawn, from large to small: 1, 2 and 5 with their tens.
function contourLevels(curvature) {
  const top = bowl(REACH, curvature);
  let power = Math.floor(Math.log10(top));
  const levels = [];
  while (levels.length < 7) {
    for (const digit of [5, 2, 1]) {
      const level = Number(`${digit}e${power}`);
      if (level <= top && levels.length < 7) levels.push(level);
    }
    power -= 1;
  }
  return levels;
}

// The learning rates of the slider: 20 to each factor of ten, from 0.001 to 1, with two digits.
const RATES = Array.from({ length: 61 }, (_, i) => Number((0.001 * 10 ** (i / 20)).toPrecision(2)));
const nearestRate = (rate) => Math.max(0, Math.min(60, Math.round(20 * Math.log10(rate / 0.001))));
