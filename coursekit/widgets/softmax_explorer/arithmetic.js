// The arithmetic of the softmax explorer: pure functions, tested against the course's NumPy.

// The largest score is taken off first: no share changes, and no power grows beyond 1.
function powersOf(scores) {
  const top = Math.max(...scores);
  return scores.map((score) => Math.exp(score - top));
}

function softmax(scores) {
  const powers = powersOf(scores);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

// -ln of the probability of the true class, from the scores: finite even where that is 0.
function lossOf(scores, target) {
  const top = Math.max(...scores);
  const total = powersOf(scores).reduce((sum, power) => sum + power, 0);
  return Math.log(total) + top - scores[target] + 0;
}

const oneHot = (scores, target) => scores.map((_, i) => (i === target ? 1 : 0));

// The slope of the loss along each score: predicted less true.
const gradientOf = (scores, target) => softmax(scores).map((q, i) => q - (i === target ? 1 : 0));

const stepAgainst = (scores, target, rate) => {
  const slope = gradientOf(scores, target);
  return scores.map((score, i) => score - rate * slope[i]);
};

// Of several largest the first counts.
const largest = (values) => values.indexOf(Math.max(...values));
const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// What a network's answers cost: the loss of each picture, their mean, and the share that is wrong.
function costOf(rows, targets) {
  const losses = rows.map((scores, n) => lossOf(scores, targets[n]));
  const wrong = rows.map((scores, n) => largest(scores) !== targets[n]);
  return { losses, wrong, loss: meanOf(losses), error: meanOf(wrong.map(Number)) };
}
