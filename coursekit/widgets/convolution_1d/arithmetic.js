// The arithmetic of convolution in one dimension: pure functions, tested against coursekit.scratch.

// The products behind output number i, oldest reading first. With the flip the first weight meets
// the newest reading of the window, without it the oldest.
function windowTerms(signal, kernel, flip, i) {
  const weights = flip ? [...kernel].reverse() : kernel;
  return weights.map((weight, a) => ({ value: signal[i + a], weight, product: signal[i + a] * weight }));
}

const kernelSum = (kernel) => kernel.reduce((total, weight) => total + weight, 0);

// What the sums are divided by: 1 unless an average is wanted and there is one.
function divisorOf({ kernel, average }) {
  const total = kernelSum(kernel);
  return average && Math.abs(total) > 1e-12 ? total : 1;
}

function slide(state, flip) {
  const { signal, kernel } = state;
  const weights = flip ? [...kernel].reverse() : kernel;
  const divisor = divisorOf(state);
  return Array.from({ length: Math.max(0, signal.length - kernel.length + 1) }, (_, i) => {
    let total = 0;
    for (let a = 0; a < weights.length; a++) total += signal[i + a] * weights[a];
    return total / divisor;
  });
}

// Two to five round numbers between two limits, for an axis.
function ticks(low, high) {
  const rough = (high - low) / 3 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= rough);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}
