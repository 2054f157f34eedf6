// A trained network on the page: forwards, backwards, and what one number is made of. Pure
// functions, tested against PyTorch. Numbers lie in one row: map by map, in a map row by row.

// From base64 for addresses to numbers.
const unpackFloats = (text) => new Float64Array(new Float32Array(bytesOf(text).buffer));
function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text, { alphabet: "base64url" }); // many times as quick
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

const unpackNetwork = ({ shape, layers, weights }) => ({ shape, layers, weights: unpackFloats(weights) });

// [C, H, W] of maps; a row of n numbers is n maps of one.
const volumeOf = ([maps, rows = 1, columns = 1]) => [maps, rows, columns];
const shapeBefore = (network, layer) => volumeOf(layer ? network.layers[layer - 1].shape : network.shape);

// The window of a pooling layer at a place: [top, left, bottom, right] inside the map, and how many
// cells an average divides by: padding counts, what lies beyond it does not.
function poolWindow({ size, stride, padding }, height, width, y, x) {
  const [top, left] = [y * stride[0] - padding[0], x * stride[1] - padding[1]];
  const [bottom, right] = [Math.min(top + size[0], height + padding[0]), Math.min(left + size[1], width + padding[1])];
  return { count: (bottom - top) * (right - left), top: Math.max(0, top), left: Math.max(0, left), bottom: Math.min(bottom, height), right: Math.min(right, width) };
}

// Calls `visit(to, base, window)` for every window; `base` is where its map begins.
function eachWindow(layer, [channels, height, width], visit) {
  const [, rows, columns] = layer.shape;
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const window = poolWindow(layer, height, width, y, x);
      for (let c = 0; c < channels; c++) visit((c * rows + y) * columns + x, c * height * width, window);
    }
}

// The place of the first largest value in a window.
function largestIn(input, base, width, { top, left, bottom, right }) {
  let best = base + top * width + left;
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      if (input[base + y * width + x] > input[best]) best = base + y * width + x;
  return best;
}

const FORWARD = {
  // At each place the inputs that are not 0 are copied together once, and multiplied with the weights of every map.
  conv(layer, weights, [channels, height, width], input, out) {
    const { size: [m, n], stride: [sy, sx], padding: [py, px], dilation: [dy, dx], groups, weight, bias, inputs } = layer;
    const [count, rows, columns] = layer.shape;
    const [maps, group, each] = [count / groups, channels / groups, rows * columns];
    const [values, offsets] = [new Float64Array(inputs), new Int32Array(inputs)];
    for (let place = 0; place < each; place++) {
      const [top, left] = [Math.floor(place / columns) * sy - py, (place % columns) * sx - px];
      for (let g = 0; g < groups; g++) {
        let found = 0;
        for (let c = 0; c < group; c++)
          for (let a = 0, i = top; a < m; a++, i += dy) {
            if (i < 0 || i >= height) continue;
            const line = ((g * group + c) * height + i) * width;
            for (let b = 0, j = left; b < n; b++, j += dx)
              if (j >= 0 && j < width && input[line + j] !== 0) {
                values[found] = input[line + j];
                offsets[found++] = (c * m + a) * n + b;
              }
          }
        const last = (g + 1) * maps - 1;
        // Four maps at a time, so that each input is read once for four products.
        for (let k = g * maps; k <= last; k += 4) {
          const k1 = Math.min(k + 1, last), k2 = Math.min(k + 2, last), k3 = Math.min(k + 3, last);
          const w = weight + k * inputs, w1 = weight + k1 * inputs, w2 = weight + k2 * inputs, w3 = weight + k3 * inputs;
          let s = weights[bias + k], s1 = weights[bias + k1], s2 = weights[bias + k2], s3 = weights[bias + k3];
          for (let f = 0; f < found; f++) {
            const value = values[f], at = offsets[f];
            s += weights[w + at] * value;
            s1 += weights[w1 + at] * value;
            s2 += weights[w2 + at] * value;
            s3 += weights[w3 + at] * value;
          }
          out[k * each + place] = s;
          out[k1 * each + place] = s1;
          out[k2 * each + place] = s2;
          out[k3 * each + place] = s3;
        }
      }
    }
  },
  linear(layer, weights, shape, input, out) {
    for (let j = 0, at = layer.weight; j < out.length; j++) {
      let sum = weights[layer.bias + j];
      for (let i = 0; i < input.length; i++, at++) sum += weights[at] * input[i];
      out[j] = sum;
    }
  },
  batch_norm(layer, weights, [channels], input, out) {
    const each = out.length / channels;
    for (let i = 0; i < out.length; i++) {
      const k = Math.floor(i / each);
      out[i] = input[i] * weights[layer.weight + k] + weights[layer.bias + k];
    }
  },
  relu(layer, weights, shape, input, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.max(0, input[i]);
  },
  tanh(layer, weights, shape, input, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.tanh(input[i]);
  },
  flatten: (layer, weights, shape, input, out) => out.set(input),
  max_pool(layer, weights, shape, input, out) {
    eachWindow(layer, shape, (to, base, window) => (out[to] = input[largestIn(input, base, shape[2], window)]));
  },
  avg_pool(layer, weights, shape, input, out) {
    eachWindow(layer, shape, (to, base, { top, left, bottom, right, count }) => {
      let sum = 0;
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += input[base + y * shape[2] + x];
      out[to] = sum / count;
    });
  },
};

// Room for what each layer gives; the first entry is for the picture.
const roomFor = ({ shape, layers }) => [{ shape }, ...layers].map((each) => new Float64Array(each.shape.reduce((a, b) => a * b)));

// What each layer gives for a picture, written into `results`; the first entry is the picture.
function forward(network, picture, results = roomFor(network)) {
  results[0].set(picture);
  network.layers.forEach((layer, i) =>
    FORWARD[layer.kind](layer, network.weights, shapeBefore(network, i), results[i], results[i + 1]));
  return results;
}

const BACKWARD = {
  conv(layer, weights, [channels, height, width], input, out, after, before) {
    const { size: [m, n], stride: [sy, sx], padding: [py, px], dilation: [dy, dx], groups, weight, inputs } = layer;
    const [count, rows, columns] = layer.shape;
    const [group, each] = [channels / groups, rows * columns];
    for (let k = 0; k < count; k++) {
      const first = Math.floor((k * groups) / count) * group;
      for (let place = 0; place < each; place++) {
        const slope = after[k * each + place];
        if (!slope) continue; // most of them, before ReLU and max pooling
        const [top, left] = [Math.floor(place / columns) * sy - py, (place % columns) * sx - px];
        for (let c = 0; c < group; c++)
          for (let a = 0, i = top; a < m; a++, i += dy) {
            if (i < 0 || i >= height) continue;
            const [line, from] = [((first + c) * height + i) * width, weight + k * inputs + (c * m + a) * n];
            for (let b = 0, j = left; b < n; b++, j += dx)
              if (j >= 0 && j < width) before[line + j] += weights[from + b] * slope;
          }
      }
    }
  },
  linear(layer, weights, shape, input, out, after, before) {
    for (let j = 0, at = layer.weight; j < after.length; j++)
      for (let i = 0; i < before.length; i++, at++) before[i] += weights[at] * after[j];
  },
  batch_norm(layer, weights, [channels], input, out, after, before) {
    const each = after.length / channels;
    for (let i = 0; i < after.length; i++) before[i] = after[i] * weights[layer.weight + Math.floor(i / each)];
  },
  relu(layer, weights, shape, input, out, after, before) {
    for (let i = 0; i < after.length; i++) before[i] = input[i] > 0 ? after[i] : 0;
  },
  tanh(layer, weights, shape, input, out, after, before) {
    for (let i = 0; i < after.length; i++) before[i] = after[i] * (1 - out[i] * out[i]);
  },
  flatten: (layer, weights, shape, input, out, after, before) => before.set(after),
  max_pool(layer, weights, shape, input, out, after, before) {
    eachWindow(layer, shape, (to, base, window) => (before[largestIn(input, base, shape[2], window)] += after[to]));
  },
  avg_pool(layer, weights, shape, input, out, after, before) {
    eachWindow(layer, shape, (to, base, { top, left, bottom, right, count }) => {
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) before[base + y * shape[2] + x] += after[to] / count;
    });
  },
};

// The gradient of one score with respect to the picture.
function inputGradient(network, results, target) {
  let after = new Float64Array(results.at(-1).length);
  after[target] = 1;
  for (let i = network.layers.length - 1; i >= 0; i--) {
    const before = new Float64Array(results[i].length);
    const layer = network.layers[i];
    BACKWARD[layer.kind](layer, network.weights, shapeBefore(network, i), results[i], results[i + 1], after, before);
    after = before;
  }
  return after;
}

// Saliency: at each pixel the largest absolute gradient over the channels.
function saliencyOf(network, results, target) {
  const [channels, rows, columns] = volumeOf(network.shape);
  const slopes = inputGradient(network, results, target);
  return Float64Array.from({ length: rows * columns }, (_, i) => {
    let most = 0;
    for (let c = 0; c < channels; c++) most = Math.max(most, Math.abs(slopes[c * rows * columns + i]));
    return most;
  });
}

function softmaxOf(scores) {
  const top = scores.reduce((a, b) => Math.max(a, b));
  const powers = Array.from(scores, (score) => Math.exp(score - top));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

const largestOf = (values) => values.reduce((best, value, i) => (value > values[best] ? i : best), 0);

// ---- what one number is made of -----------------------------------------------------------------

// The products behind number `at` of a layer with weights: one source { map, rows, columns, values,
// weights, inside } for each map before it, and the bias. A dense layer that reads maps has them as
// sources; one that reads a row of numbers has one source.
function sourcesOf(network, results, layer, at) {
  const { weights } = network;
  const what = network.layers[layer - 1];
  const input = results[layer - 1];
  if (what.kind === "linear") {
    const flat = network.layers[layer - 2]?.kind === "flatten";
    const [maps, rows, columns] = flat ? shapeBefore(network, layer - 2) : [1, ...arranged(input.length)];
    const first = what.weight + at * input.length;
    return { bias: weights[what.bias + at], sources: Array.from({ length: maps }, (_, map) => {
      const [from, to] = [map * rows * columns, Math.min(input.length, (map + 1) * rows * columns)];
      return { map, rows, columns, values: input.slice(from, to), weights: weights.slice(first + from, first + to), inside: null };
    }) };
  }
  const [channels, height, width] = shapeBefore(network, layer - 1);
  const [count, outRows, outColumns] = what.shape;
  const [k, y, x] = [Math.floor(at / (outRows * outColumns)), Math.floor(at / outColumns) % outRows, at % outColumns];
  const { size: [rows, columns], stride, padding, dilation, groups } = what;
  const group = channels / groups;
  return { bias: weights[what.bias + k], sources: Array.from({ length: group }, (_, c) => {
    const map = Math.floor((k * groups) / count) * group + c;
    const places = Array.from({ length: rows * columns }, (_, i) =>
      [y * stride[0] - padding[0] + Math.floor(i / columns) * dilation[0], x * stride[1] - padding[1] + (i % columns) * dilation[1]]);
    const inside = places.map(([i, j]) => i >= 0 && j >= 0 && i < height && j < width);
    const first = what.weight + (k * group + c) * rows * columns;
    return { map, rows, columns, inside, weights: weights.slice(first, first + rows * columns),
      values: Float64Array.from(places, ([i, j], p) => (inside[p] ? input[(map * height + i) * width + j] : 0)) };
  }) };
}

// Rows and columns in which a row of numbers is shown, about twice as wide as high.
function arranged(count) {
  const columns = Math.ceil(Math.sqrt(2 * count));
  return [Math.ceil(count / columns), columns];
}

// What a cell of a layer sees of every result before it: [top, left, bottom, right], not cut off at
// the border, or null where it sees all of it.
function seenFrom(network, layer, y, x) {
  const windows = [];
  let seen = [y, x, y + 1, x + 1];
  for (let i = layer - 1; i >= 0; i--) {
    const { kind, size, stride, padding, dilation = [1, 1] } = network.layers[i];
    if (kind === "linear" || kind === "flatten") seen = null;
    else if (size && seen) {
      const [top, left, bottom, right] = seen;
      const reach = size.map((n, axis) => dilation[axis] * (n - 1) + 1);
      seen = [top * stride[0] - padding[0], left * stride[1] - padding[1],
        (bottom - 1) * stride[0] - padding[0] + reach[0], (right - 1) * stride[1] - padding[1] + reach[1]];
    }
    windows[i] = seen;
  }
  return windows;
}
