// What the softmax explorer says about its numbers.

const share = (value) => show(value, value > 0 && value < 0.001 ? 6 : 3);

// How one class comes to its probability.
function shareSentence({ scores, classes }, i) {
  const top = Math.max(...scores);
  const powers = powersOf(scores);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return `q of ${classes[i]} = exp(${show(scores[i], 3)} \u2212 ${factor(top)}) / (${powers.map((power) => share(power)).join(" + ")}) = ` +
    `${share(powers[i])} / ${share(total)} = ${share(powers[i] / total)}`;
}

function lossSentence({ scores, classes, target }) {
  const q = softmax(scores)[target];
  const loss = lossOf(scores, target);
  if (q === 0) return `loss = \u2212ln of the probability of ${classes[target]}, which is too small to be written, = ${show(loss, 3)} (from the scores)`;
  return `loss = \u2212ln of the probability of ${classes[target]} = \u2212ln ${share(q)} = ${show(loss, 3)}`;
}

// The slope, tried out: raise a score a little and see what the loss does.
function slopeSentence({ scores, classes, target }, i) {
  const raised = scores.map((score, k) => (k === i ? score + 0.01 : score));
  const [before, after] = [lossOf(scores, target), lossOf(raised, target)];
  const slope = gradientOf(scores, target)[i];
  const p = Number(i === target);
  return `Gradient for ${classes[i]}: q \u2212 p = ${share(softmax(scores)[i])} \u2212 ${p} = ${share(slope)}. ` +
    `Tried out: with its score raised by 0.01 the loss goes from ${show(before, 5)} to ${show(after, 5)}, a change of ` +
    `${show(after - before, 5)}, close to 0.01 \u00b7 ${factor(Math.round(slope * 1000) / 1000)}.`;
}

function overflowSentence({ scores }) {
  const top = Math.max(...scores);
  if (Number.isFinite(Math.exp(top))) return "";
  return `exp(${show(top)}) is too large for a computer and would be infinite. So the largest score is taken off first: exp(0) = 1, and no share changes.`;
}

function compareSentence(costs) {
  const [one, two] = costs;
  const told = (cost) => `${cost.wrong.filter(Boolean).length}/3`;
  const errors = one.error === two.error ? `Both networks have an error of ${told(one)}` : `The errors are ${told(one)} and ${told(two)}`;
  return `${errors}; the mean losses are ${show(one.loss)} and ${show(two.loss)}.`;
}
