# ruff: noqa: E501 - a table
"""What beginners write, as they write it: a function's name, the name of what goes wrong, code.

Where two names fit an answer either will do. `CRASH` and `ENDLESS` stand for answers that give no
numbers: what is said of them is the error, or the time that they have used.
"""

CRASH, ENDLESS = "a crash", "no end"

WRONG: list[tuple[str, str | tuple[str, ...], str]] = [
    # ------------------------------------------------------------------ 01
    ("quantize", "width_not_exact", "return image // (256 / levels)"),
    ("quantize", "whole_width", "return (image / (256 // levels)).astype(int)"),
    ("quantize", ("bytes_overflow", CRASH), "return image * levels // 256"),
    ("quantize", "grey_values", "step = 256 / levels\nreturn (image // step * step).astype(int)"),
    ("quantize", "one_level_less", "return (image / 255 * (levels - 1)).astype(int)"),
    ("quantize", "not_rounded", "return image / 256 * levels"),
    ("quantize", "counts_from_one", "return image.astype(int) * levels // 256 + 1"),
    ("quantize", "remainder", "return image.astype(int) % levels"),
    ("quantize", "divided_by_levels", "return image.astype(int) // levels"),
    ("quantize", "divided_by_255", "return image.astype(int) * levels // 255"),
    ("quantize", "levels_ignored", "return image.astype(int) * 8 // 256"),
    ("quantize", "stops_after_first",
     "for row in image:\n    for value in row:\n        return int(value) * levels // 256"),
    ("quantize", "stops_after_first",
     "out = np.zeros(image.shape, int)\nfor i in range(image.shape[0]):\n"
     "    for j in range(image.shape[1]):\n        out[i, j] = int(image[i, j]) * levels // 256\n"
     "    return out"),
    ("quantize", "last_places_zero",
     "out = np.zeros(image.shape, int)\nfor i in range(image.shape[0] - 1):\n"
     "    for j in range(image.shape[1]):\n        out[i, j] = int(image[i, j]) * levels // 256\n"
     "return out"),
    ("quantize", "result_flattened",
     "return np.array([int(v) * levels // 256 for row in image for v in row])"),
    ("quantize", "result_transposed", "return (image.astype(int) * levels // 256).T"),
    ("sample", "rows_only", "return image[::step]"),
    ("sample", "not_a_copy", "return image[::step, ::step]"),
    ("sample", "starts_at_one", "return image[1::step, 1::step].copy()"),
    ("sample", "starts_late", "return image[step - 1::step, step - 1::step].copy()"),
    ("sample", "step_ignored", "return image[::2, ::2].copy()"),
    ("sample", "corner_cut_out", "return image[:step, :step].copy()"),
    ("sample", ("last_places_missing", "image_last_cells_unused"), "return image[:-1:step, :-1:step].copy()"),
    ("sample", ("step_one_more", "step_plus_one"), "return image[::step + 1, ::step + 1].copy()"),
    ("sample", "result_transposed", "return image[::step, ::step].T.copy()"),
    ("sample", ("result_flipped", "image_upside_down"), "return image[::-1][::step, ::step].copy()"),
    ("sample", ENDLESS,
     "rows, r = [], 0\nwhile r < image.shape[0]:\n    rows.append(image[r, ::step])\n"
     "return np.array(rows)"),
    ("sample", "result_flattened",
     "out = []\nfor i in range(0, image.shape[0], step):\n"
     "    for j in range(0, image.shape[1], step):\n        out.append(image[i, j])\nreturn out"),
    ("sample", "stops_after_first",
     "out = []\nfor i in range(0, image.shape[0], step):\n    out.append(image[i, ::step])\n"
     "    return np.array(out)"),
    ("storage_bytes", "channels_and_bits_added",
     "return (height * width * (channels + bits) + 7) // 8"),
    ("sample", "one_too_many",
     "new = np.zeros((image.shape[0] // step + 1, image.shape[1] // step + 1), int)\n"
     "for i in range(0, image.shape[0], step):\n    for j in range(0, image.shape[1], step):\n"
     "        new[i // step, j // step] = image[i, j]\nreturn new"),
    ("storage_bytes", "rounded_down", "return height * width * channels * bits // 8"),
    ("storage_bytes", "not_rounded", "return height * width * channels * bits / 8"),
    ("storage_bytes", "bits_not_bytes", "return height * width * channels * bits"),
    ("storage_bytes", "channels_forgotten", "return -(-height * width * bits // 8)"),
    ("storage_bytes", "bits_forgotten", "return height * width * channels"),
    ("storage_bytes", "rounded_to_nearest", "return round(height * width * channels * bits / 8)"),
    ("storage_bytes", "each_value_rounded",
     "return height * width * channels * math.ceil(bits / 8)"),
    ("storage_bytes", "always_one_more", "return height * width * channels * bits // 8 + 1"),
    ("storage_bytes", "sides_added", "return math.ceil((height + width) * channels * bits / 8)"),
    # ------------------------------------------------------------------ 02
    ("correlate1d", "stops_after_first",
     "n, f = len(x), len(w)\nout = np.zeros(n - f + 1)\nfor i in range(n - f + 1):\n"
     "    for a in range(f):\n        out[i] += x[i + a] * w[a]\n    return out"),
    ("correlate1d", ("last_window_missing", "last_places_missing"),
     "n, f = len(x), len(w)\nreturn [sum(x[i + a] * w[a] for a in range(f)) for i in range(n - f)]"),
    ("correlate1d", "last_places_zero",
     "n, f = len(x), len(w)\nout = np.zeros(n - f + 1)\nfor i in range(n - f):\n"
     "    out[i] = np.sum(x[i:i + f] * w)\nreturn out"),
    ("correlate1d", "kernel_flipped", "return np.convolve(x, w, 'valid')"),
    ("correlate1d", ("one_term_only", "last_product_only"),
     "n, f = len(x), len(w)\nout = np.zeros(n - f + 1)\nfor i in range(n - f + 1):\n"
     "    for a in range(f):\n        out[i] = x[i + a] * w[a]\nreturn out"),
    ("correlate1d", "running_total",
     "n, f = len(x), len(w)\nout = np.zeros(n - f + 1)\ntotal = 0\nfor i in range(n - f + 1):\n"
     "    for a in range(f):\n        total += x[i + a] * w[a]\n    out[i] = total\nreturn out"),
    ("correlate1d", "decimals_lost",
     "n, f = len(x), len(w)\nout = np.zeros(n - f + 1, dtype=int)\nfor i in range(n - f + 1):\n"
     "    out[i] = np.sum(x[i:i + f] * w)\nreturn out"),
    ("correlate1d", "last_terms_missing",
     "n, f = len(x), len(w)\nreturn [sum(x[i + a] * w[a] for a in range(f - 1)) "
     "for i in range(n - f + 1)]"),
    ("correlate1d", "first_terms_missing",
     "n, f = len(x), len(w)\nreturn [sum(x[i + a] * w[a] for a in range(1, f)) "
     "for i in range(n - f + 1)]"),
    ("correlate1d", "w_negative_index",
     "n, f = len(x), len(w)\nreturn [sum(x[i + a] * w[-a] for a in range(f)) "
     "for i in range(n - f + 1)]"),
    ("correlate1d", "same_length", "return np.correlate(x, w, 'same')"),
    ("correlate1d", "full_length", "return np.correlate(x, w, 'full')"),
    ("correlate1d", ("mean_of_products", "mean_for_sum"),
     "n, f = len(x), len(w)\nreturn [np.mean(x[i:i + f] * w) for i in range(n - f + 1)]"),
    ("correlate1d", "same_answer_always", "return LEFTOVER"),
    ("correlate1d", ("x_and_w_swapped", "signal_flipped"), "return np.correlate(w, x, 'valid')"),
    ("convolve1d", "no_flip", "return np.correlate(x, w, 'valid')"),
    ("convolve1d", CRASH, "w.reverse()\nreturn np.correlate(x, w, 'valid')"),
    ("convolve1d", CRASH, "return np.correlate(x, reversed(w), 'valid')"),
    ("convolve1d", "w_negative_index",
     "n, f = len(x), len(w)\nreturn [sum(x[i + a] * w[-a] for a in range(f)) "
     "for i in range(n - f + 1)]"),
    ("convolve1d", ("signal_flipped", "result_reversed"),
     "return np.correlate(x, w[::-1], 'valid')[::-1]"),
    ("convolve1d", "negative_index",
     "n, f = len(x), len(w)\nreturn [sum(x[i - a] * w[a] for a in range(f)) "
     "for i in range(n - f + 1)]"),
    ("convolve1d", "not_summed",
     "n, f = len(x), len(w)\nreturn np.array([x[i:i + f] * w[::-1] for i in range(n - f + 1)])"),
    # ------------------------------------------------------------------ 03
    ("conv2d", "kernel_flipped",
     "from scipy.signal import convolve2d\nreturn convolve2d(image, kernel, 'valid')"),
    ("conv2d", "stops_after_first", "LOOP: out[i, j] = np.sum(patch * kernel); return out"),
    ("conv2d", "kernel_transposed",
     "k = kernel.T\nm, n = k.shape\nH, W = image.shape\n"
     "return np.array([[np.sum(image[i:i + m, j:j + n] * k) for j in range(W - n + 1)] "
     "for i in range(H - m + 1)])"),
    ("conv2d", ("output_transposed", "result_transposed"),
     "m, n = kernel.shape\nH, W = image.shape\n"
     "return np.array([[np.sum(image[i:i + m, j:j + n] * kernel) for i in range(H - m + 1)] "
     "for j in range(W - n + 1)])"),
    ("conv2d", ("mean_of_products", "mean_for_sum"), "LOOP: out[i, j] = np.mean(patch * kernel)"),
    ("conv2d", ("largest_term", "largest_product"), "LOOP: out[i, j] = np.max(patch * kernel)"),
    ("conv2d", CRASH, "LOOP: out[i, j] = sum(patch * kernel)"),
    ("conv2d", "matrix_product", "LOOP: out[i, j] = np.sum(patch @ kernel)"),
    ("conv2d", "negatives_to_zero", "LOOP: out[i, j] = max(0, np.sum(patch * kernel))"),
    ("conv2d", "fixed_three",
     "H, W = image.shape\nout = np.zeros((H - 2, W - 2))\nfor i in range(H - 2):\n"
     "    for j in range(W - 2):\n        for a in range(3):\n            for b in range(3):\n"
     "                out[i, j] += image[i + a, j + b] * kernel[a, b]\nreturn out"),
    ("conv2d", "argument_overwritten",
     "m, n = kernel.shape\nH, W = image.shape\nout = np.zeros((H - m + 1, W - n + 1))\n"
     "for i in range(H - m + 1):\n    for j in range(W - n + 1):\n"
     "        patch = image[i:i + m, j:j + n]\n        patch *= kernel\n"
     "        out[i, j] = patch.sum()\nreturn out"),
    ("conv2d", "last_places_zero",
     "m, n = kernel.shape\nH, W = image.shape\nout = np.zeros((H - m + 1, W - n + 1))\n"
     "for i in range(H - m):\n    for j in range(W - n):\n"
     "        out[i, j] = np.sum(image[i:i + m, j:j + n] * kernel)\nreturn out"),
    ("conv2d", "last_terms_missing",
     "m, n = kernel.shape\nH, W = image.shape\nout = np.zeros((H - m + 1, W - n + 1))\n"
     "for i in range(H - m + 1):\n    for j in range(W - n + 1):\n"
     "        out[i, j] = np.sum(image[i:i + m - 1, j:j + n - 1] * kernel[:-1, :-1])\nreturn out"),
    ("conv2d", "kernel_negative_index",
     "m, n = kernel.shape\nH, W = image.shape\nout = np.zeros((H - m + 1, W - n + 1))\n"
     "for i in range(H - m + 1):\n    for j in range(W - n + 1):\n        for a in range(m):\n"
     "            for b in range(n):\n"
     "                out[i, j] += image[i + a, j + b] * kernel[-a, -b]\nreturn out"),
    ("match_score", "sum_not_mean", "return np.sum(patch * pattern)"),
    ("match_score", "divided_by_nine", "return np.sum(patch * pattern) / 9"),
    ("match_score", "share_of_equal_cells", "return np.mean(patch == pattern)"),
    ("match_score", "decimals_lost", "return int(np.mean(patch * pattern))"),
    ("match_score", ("one_score_per_line", "not_added_up"), "return sum(patch * pattern) / patch.size"),
    ("match_score", "result_negated", "return -np.mean(patch * pattern)"),
    ("match_score", "stops_after_first_term",
     "total = 0\nfor a, b in zip(patch.ravel(), pattern.ravel()):\n    total += a * b\n"
     "    return total / patch.size"),
    # ------------------------------------------------------------------ 04
    ("normalize", "divided_by_max", "return kernel / kernel.max() if kernel.sum() else kernel"),
    ("normalize", "divided_by_count", "return kernel / kernel.size"),
    ("normalize", "zero_sum_divided", "return kernel / kernel.sum()"),
    ("normalize", "condition_inverted",
     "if kernel.sum() != 0:\n    return kernel\nreturn kernel / kernel.sum()"),
    ("normalize", "negative_sum_unchanged",
     "if kernel.sum() > 0:\n    return kernel / kernel.sum()\nreturn kernel"),
    ("normalize", ("decimals_lost", "divided_whole"),
     "s = kernel.sum()\nreturn kernel // s if s else kernel"),
    ("normalize", "each_line", "s = kernel.sum(axis=0)\ns[s == 0] = 1\nreturn kernel / s"),
    ("normalize", "zero_sum_to_zeros",
     "s = kernel.sum()\nreturn kernel / s if s else np.zeros(kernel.shape)"),
    ("filter_image", "fixed_three", "p = np.pad(image.astype(float), 1, mode='edge')\nSLIDE"),
    ("filter_image", "zero_border",
     "m, n = kernel.shape\np = np.pad(image.astype(float), ((m // 2, m // 2), (n // 2, n // 2)))\n"
     "SLIDE"),
    ("filter_image", "valid_size", "p = image.astype(float)\nSLIDE"),
    ("filter_image", "one_sided_clip", "PAD; out = np.minimum(np.rint(out), 255)"),
    ("filter_image", "one_sided_clip", "PAD; out = np.maximum(np.rint(out), 0)"),
    ("filter_image", "bytes_wrap", "PAD; out = np.rint(out)"),
    ("filter_image", "decimals_cut", "PAD; out = np.clip(out, 0, 255)"),
    ("filter_image", "kernel_flipped", "kernel = kernel[::-1, ::-1]\nPAD; out = np.clip(np.rint(out), 0, 255)"),
    ("filter_image", "kernel_transposed", "kernel = kernel.T\nPAD; out = np.clip(np.rint(out), 0, 255)"),
    ("gradient_magnitude", "absolute_sum", "GRAD; return abs(gx) + abs(gy)"),
    ("gradient_magnitude", "root_forgotten", "GRAD; return gx ** 2 + gy ** 2"),
    ("gradient_magnitude", "one_direction", "GRAD; return gy"),
    ("gradient_magnitude", "one_direction", "GRAD; return -gy"),
    ("gradient_magnitude", "one_direction", "GRAD; return np.sqrt(gx ** 2)"),
    ("gradient_magnitude", "bytes_returned", "GRAD; return np.clip(np.hypot(gx, gy), 0, 255).astype(np.uint8)"),
    ("gradient_magnitude", "decimals_lost", "GRAD; return np.hypot(gx, gy).astype(int)"),
    ("gradient_magnitude", "squares_forgotten", "GRAD; return np.sqrt(abs(gx + gy))"),
    ("gradient_magnitude", "same_size",
     "image = np.pad(image.astype(float), 1)\nGRAD; return np.hypot(gx, gy)"),
    # ------------------------------------------------------------------ 01 to 09, in one line each
    ("quantize", "cut_off", "return np.clip(image, 0, levels - 1).astype(int)"),
    ("quantize", "two_levels_always", "return (image > 128).astype(int)"),
    ("quantize", "multiplied_by_width", "return image.astype(int) * 256 // levels"),
    ("quantize", "levels_ignored", "levels = 4\nreturn image.astype(int) * levels // 256"),
    ("quantize", "inverted", "return levels - 1 - image.astype(int) * levels // 256"),
    ("sample", "one_long_row", "return image.flatten()[::step].copy()"),
    ("sample", "values_divided", "return image[::step, ::step] / step"),
    ("sample", "corner_cut_out", "return image[step:, step:].copy()"),
    ("storage_bytes", "channels_and_bits_forgotten", "return height * width"),
    ("storage_bytes", "divided_by_bits", "return math.ceil(height * width * channels / bits)"),
    ("storage_bytes", "rounded_too_early", "return math.ceil(height * width * bits / 8) * channels"),
    ("storage_bytes", "height_in_place_of_width", "return math.ceil(height ** 2 * channels * bits / 8)"),
    ("correlate1d", "full_length", "return np.convolve(x, w)"),
    ("correlate1d", "decimals_lost",
     "out = np.zeros_like(x)\nfor i in range(len(x) - len(w) + 1):\n"
     "    out[i] = np.sum(x[i:i + len(w)] * w)\nreturn out[:len(x) - len(w) + 1]"),
    ("correlate1d", "summed_apart",
     "f = len(w)\nreturn [x[i:i + f].sum() * w.sum() for i in range(len(x) - f + 1)]"),
    ("convolve1d", "one_number_in_all",
     "f = len(w)\nreturn sum(np.sum(x[i:i + f] * w[::-1]) for i in range(len(x) - f + 1))"),
    ("conv2d", "added_not_multiplied", "LOOP: out[i, j] = np.sum(patch + kernel)"),
    ("conv2d", "summed_apart", "LOOP: out[i, j] = np.sum(patch) * np.sum(kernel)"),
    ("conv2d", "kernel_transposed", "LOOP: out[i, j] = np.sum(patch * kernel.T)"),
    ("conv2d", "patch_does_not_move", "LOOP: out[i, j] = np.sum(image[i, j] * kernel)"),
    ("match_score", "added_not_multiplied", "return np.mean(patch - pattern)"),
    ("match_score", "turned_or_mirrored", "return np.mean(patch * pattern[::-1, ::-1])"),
    ("match_score", "rounded_to_few_digits", "return round(np.mean(patch * pattern), 2)"),
    ("match_score", "median_of_terms", "return np.median(patch * pattern)"),
    ("normalize", "divided_by_absolute_sum", "return kernel / np.abs(kernel).sum()"),
    ("normalize", "something_added_to_sum", "return kernel / (kernel.sum() + 1e-8)"),
    ("normalize", "divided_by_fixed_number", "return kernel / 9"),
    ("normalize", "looks_for_zeros", "return kernel if np.any(kernel == 0) else kernel / kernel.sum()"),
    ("normalize", "sum_returned", "return kernel.sum()"),
    ("filter_image", "rounded_up", "PAD; out = np.clip(np.ceil(out), 0, 255)"),
    ("filter_image", "clipped_elsewhere", "PAD; out = np.clip(np.rint(out), 0, 254)"),
    ("gradient_magnitude", "direction_not_size", "GRAD; return np.arctan2(gy, gx)"),
    ("gradient_magnitude", "squares_forgotten", "GRAD; return (gx + gy) ** 2"),
    ("gradient_magnitude", "multiplied", "GRAD; return np.sqrt(gx * gy)"),
    ("output_size", "stride_and_padding_ignored", "return n - kernel_size + 1"),
    ("output_size", "arguments_mixed_up", "return (n + 2 * kernel_size - padding) // stride + 1"),
    ("output_size", "kernel_taken_twice", "return (n + 2 * (padding - kernel_size)) // stride + 1"),
    ("pad2d", "moved_by_one",
     "h, w = image.shape\nout = np.zeros((h + 2 * padding, w + 2 * padding))\nfor i in range(h):\n"
     "    for j in range(w):\n        out[i + 1, j + 1] = image[i, j]\nreturn out"),
    ("pad2d", "last_pixels_left_out",
     "h, w = image.shape\nout = np.zeros((h + 2 * padding, w + 2 * padding))\nfor i in range(h - 1):\n"
     "    for j in range(w - 1):\n        out[i + padding, j + padding] = image[i, j]\nreturn out"),
    ("conv2d_strided", "stride_and_padding_ignored", "return conv2d(image, kernel)"),
    ("conv2d_strided", "framed_twice",
     "return pad2d(conv2d(pad2d(image, padding), kernel)[::stride, ::stride], padding)"),
    ("conv2d_volume", "channel_left_out",
     "maps = []\nfor filt, bias in zip(w, b):\n    total = 0\n    for c in range(len(x) - 1):\n"
     "        total = total + conv2d_strided(x[c], filt[c], stride, padding)\n"
     "    maps.append(total + bias)\nreturn np.array(maps)"),
    ("conv2d_volume", "three_channels_always",
     "maps = []\nfor filt, bias in zip(w, b):\n    total = 0\n    for c in range(3):\n"
     "        total = total + conv2d_strided(x[c], filt[c], stride, padding)\n"
     "    maps.append(total + bias)\nreturn np.array(maps)"),
    ("conv_parameters", "in_channels_ignored",
     "return kernel_size ** 2 * 3 * out_channels + out_channels * bias"),
    ("conv_parameters", "nothing_without_bias",
     "return (kernel_size ** 2 * in_channels * out_channels + out_channels) * bias"),
    ("conv_parameters", "in_channels_in_place_of_out_channels",
     "return (kernel_size ** 2 * in_channels + bias) * in_channels"),
    ("dense_parameters", "nothing_without_bias",
     "return (in_features * out_features + out_features) * bias"),
    ("dense_parameters", "wires_added", "return in_features + out_features * bias"),
    ("receptive_field", "distance_added",
     "seen, apart = 1, 1\nfor kernel, stride in layers:\n    seen += kernel - 1 + apart\n"
     "    apart *= stride\nreturn seen"),
    ("relu", "another_number_for_negatives", "return np.maximum(x, 1)"),
    ("relu", "unchanged", "return np.where(x != 0, x, 0)"),
    ("max_pool2d", "first_of_window", "return x[::size, ::size]"),
    ("global_avg_pool2d", "maps_and_one_side", "return x.mean(axis=(0, 2))"),
    ("global_avg_pool2d", "divided_by_another_number", "return x.sum(axis=(1, 2)) / x.size"),
    ("flatten", "unchanged", "return maps.copy()"),
    ("softmax", "sign_turned",
     "e = np.exp(z.max(axis=-1, keepdims=True) - z)\nreturn e / e.sum(axis=-1, keepdims=True)"),
    ("softmax", "class_given_back", "return z.argmax(axis=-1)"),
    ("cross_entropy", "mean_over_cells", "return -np.mean(p * np.log(q))"),
    ("cross_entropy", "minus_forgotten", "return np.sum(p * np.log(q)) / len(p)"),
    ("cross_entropy", "infinity_cut", "return -np.nan_to_num(p * np.log(q)).sum(axis=1).mean()"),
    ("classification_error", "probabilities_averaged", "return 1 - np.mean(np.sum(p * q, axis=1))"),
    ("classification_error", "divided_by_classes",
     "return np.sum(p.argmax(axis=1) != q.argmax(axis=1)) / p.size"),
    # ------------------------------------------------------------------ 01 to 04, less common
    ("storage_bytes", "larger_unit", 'return math.ceil(height*width*channels*bits/8/1024)'),
    ("storage_bytes", "each_column_rounded", 'return width * math.ceil(height*channels*bits/8)'),
    ("storage_bytes", "divided_by_eight_twice", 'return math.ceil(height*width*channels*bits/8/8)'),
    ("storage_bytes", "remainder_misread", 'n = height*width*channels*bits\nif n % 8 == 0:\n    return n//8 + 1\nreturn n//8'),
    ("sample", "middle_of_block", 'return image[step//2::step, step//2::step].copy()'),
    ("sample", "brightest_of_block", 'H, W = image.shape\nreturn np.array([[image[i:i+step, j:j+step].max() for j in range(0, W, step)] for i in range(0, H, step)])'),
    ("sample", "filled_in_a_row", 'return np.resize(image, (image.shape[0]//step, image.shape[1]//step))'),
    ("sample", "others_kept", 'return np.delete(np.delete(image, np.arange(0, image.shape[0], step), 0), np.arange(0, image.shape[1], step), 1)'),
    ("sample", "corner_cut_out", 'return image[:step, ::step].copy()'),
    ("quantize", "powers_of_two_only", 'return image >> (8 - int(np.log2(levels)))'),
    ("quantize", "divided_by_levels", 'return np.minimum(image.astype(int)//levels, levels-1)'),
    ("quantize", "grey_values", 'w = 256//levels\nreturn image.astype(int)//w*w + w//2'),
    ("quantize", "grey_values", 'return np.linspace(0, 255, levels)[image.astype(int)*levels//256]'),
    ("quantize", "boundary_below", 'out = np.zeros(image.shape, int)\nfor k in range(levels):\n    out[image > k*256//levels] = k\nreturn out'),
    ("quantize", "first_column_only", 'out = []\nfor row in image:\n    out.append(int(row[0])*levels//256)\nreturn np.array(out)'),
    ("quantize", "width_for_one_level_less", 'return (image.astype(int)//(256//(levels-1)))'),
    ("quantize", "rounded", 'return np.round(image/(256/levels)).astype(int)'),
    ("correlate1d", "weight_of_the_place", 'n, f = len(x), len(w)\nk = w\nreturn [sum(x[i+a]*k[i] for a in range(f)) for i in range(n-f+1)]'),
    ("correlate1d", "partial_sums", 'n, f = len(x), len(w)\nk = w\nout=[]\nfor i in range(n-f+1):\n    total=0\n    for a in range(f):\n        total += x[i+a]*k[a]\n        out.append(total)\nreturn out'),
    ("correlate1d", "places_skipped", 'n, f = len(x), len(w)\nk = w\nreturn np.array([np.sum(x[i:i+f]*k) for i in range(0, n-f+1, 2)])'),
    ("correlate1d", "squared_differences", 'n, f = len(x), len(w)\nk = w\nreturn np.array([np.sum((x[i:i+f]-k)**2) for i in range(n-f+1)])'),
    ("correlate1d", "w_shifted", 'n, f = len(x), len(w)\nk = w\nreturn [sum(x[i+a]*w[f-a-2] for a in range(f)) for i in range(n-f+1)]'),
    ("correlate1d", "last_places_missing", 'n, f = len(x), len(w)\nk = w\nreturn [sum(x[i+a]*k[a] for a in range(f)) for i in range(n-f-1)]'),
    ("convolve1d", "weight_of_the_place", 'n, f = len(x), len(w)\nk = w[::-1]\nreturn [sum(x[i+a]*k[i % f] for a in range(f)) for i in range(n-f+1)]'),
    ("convolve1d", "partial_sums", 'n, f = len(x), len(w)\nk = w[::-1]\nout=[]\ntotal=0\nfor i in range(n-f+1):\n    for a in range(f):\n        total += x[i+a]*k[a]\n        out.append(total)\nreturn out'),
    ("match_score", "ink_only", 'return np.mean((patch*pattern)[pattern==1])'),
    ("match_score", "share_of_unequal_cells", 'return np.mean((patch-pattern)**2)'),
    ("match_score", "divided_wrongly", 'return np.mean(patch*pattern)/patch.size'),
    ("match_score", "one_line_of_terms", 'total=0\nfor i in range(patch.shape[0]):\n    total=0\n    for j in range(patch.shape[1]):\n        total += patch[i,j]*pattern[i,j]\nreturn total/patch.size'),
    ("conv2d", "matrix_product", 'LOOP: out[i, j] = np.sum(patch @ kernel.T)'),
    ("conv2d", "one_line_repeated", 'LOOP: out[i, j] = np.sum(image[i:i+m, 0:n] * kernel)'),
    ("conv2d", "one_line_repeated", 'LOOP: out[i] = np.sum(patch * kernel)'),
    ("conv2d", "kernel_mean_removed", 'LOOP: out[i, j] = np.sum(patch * (kernel - kernel.mean()))'),
    ("conv2d", "squared_differences", 'LOOP: out[i, j] = np.sum((patch - kernel)**2)'),
    ("conv2d", "one_term_only", 'LOOP: out[i, j] = patch[m//2, n//2] * kernel[m//2, n//2]'),
    ("normalize", "divided_by_side", 'return kernel/len(kernel) if kernel.sum() else kernel'),
    ("normalize", "small_sum_unchanged", 's = kernel.sum()\nreturn kernel/s if abs(s) > 1 else kernel'),
    ("normalize", "sum_changes", 'k = kernel.astype(float)\ns = k.sum()\nif s == 0: return k\nfor i in range(k.shape[0]):\n    for j in range(k.shape[1]):\n        k[i,j] = k[i,j]/k.sum()\nreturn k'),
    ("normalize", "zero_sum_divided", 'return np.nan_to_num(kernel/kernel.sum())'),
    ("normalize", "divided_by_part_of_sum", 's = kernel[kernel>0].sum()\nreturn kernel/s if s else kernel'),
    ("normalize", "sum_cut_to_whole", 's = int(kernel.sum())\nreturn kernel/s if s else kernel'),
    ("filter_image", "result_padded", "m, n = kernel.shape\nimg = image.astype(float)\nH, W = image.shape\np = img\nout = np.array([[np.sum(p[i:i+m, j:j+n]*kernel) for j in range(p.shape[1]-n+1)] for i in range(p.shape[0]-m+1)])\nout = np.pad(out, ((m//2,m//2),(n//2,n//2)), mode='edge')\nreturn np.clip(np.rint(out), 0, 255).astype(np.uint8)"),
    ("filter_image", "result_padded", 'm, n = kernel.shape\nimg = image.astype(float)\nH, W = image.shape\np = img\nout = np.array([[np.sum(p[i:i+m, j:j+n]*kernel) for j in range(p.shape[1]-n+1)] for i in range(p.shape[0]-m+1)])\nout = np.pad(out, ((m//2,m//2),(n//2,n//2)))\nreturn np.clip(np.rint(out), 0, 255).astype(np.uint8)'),
    ("filter_image", "padded_on_one_side", "m, n = kernel.shape\nimg = image.astype(float)\nH, W = image.shape\np = np.pad(img, ((0,m-1),(0,n-1)), mode='edge')\nout = np.array([[np.sum(p[i:i+m, j:j+n]*kernel) for j in range(p.shape[1]-n+1)] for i in range(p.shape[0]-m+1)])\nreturn np.clip(np.rint(out), 0, 255).astype(np.uint8)"),
    ("filter_image", "padded_alike", "m, n = kernel.shape\nimg = image.astype(float)\nH, W = image.shape\np = np.pad(img, ((n//2,n//2),(m//2,m//2)), mode='edge')\nout = np.array([[np.sum(p[i:i+m, j:j+n]*kernel) for j in range(p.shape[1]-n+1)] for i in range(p.shape[0]-m+1)])\nreturn np.clip(np.rint(out), 0, 255).astype(np.uint8)"),
    ("filter_image", "padded_alike", "m, n = kernel.shape\nimg = image.astype(float)\nH, W = image.shape\np = np.pad(img, ((m//2,m//2),(0,0)), mode='edge')\nout = np.array([[np.sum(p[i:i+m, j:j+n]*kernel) for j in range(p.shape[1]-n+1)] for i in range(p.shape[0]-m+1)])\nreturn np.clip(np.rint(out), 0, 255).astype(np.uint8)"),
    ("filter_image", "padded_too_much", "m, n = kernel.shape\nimg = image.astype(float)\nH, W = image.shape\np = np.pad(img, ((m-1,m-1),(n-1,n-1)), mode='edge')\nout = np.array([[np.sum(p[i:i+m, j:j+n]*kernel) for j in range(p.shape[1]-n+1)] for i in range(p.shape[0]-m+1)])\nreturn np.clip(np.rint(out), 0, 255).astype(np.uint8)"),
    ("filter_image", "other_border", "m, n = kernel.shape\nimg = image.astype(float)\nH, W = image.shape\np = np.pad(img, ((m//2,m//2),(n//2,n//2)), mode='mean')\nout = np.array([[np.sum(p[i:i+m, j:j+n]*kernel) for j in range(p.shape[1]-n+1)] for i in range(p.shape[0]-m+1)])\nreturn np.clip(np.rint(out), 0, 255).astype(np.uint8)"),
    ("filter_image", "inverted", 'PAD; out = 255 - np.clip(np.rint(out), 0, 255)'),
    ("filter_image", "kernel_scaled", 'PAD; out = np.clip(np.rint(out/np.abs(kernel).sum()), 0, 255)'),
    ("filter_image", "weights_outside_left_out", 'm, n = kernel.shape\nimg = image.astype(float)\nH, W = image.shape\nout = np.zeros((H,W))\nfor i in range(H):\n    for j in range(W):\n        s = 0\n        for a in range(m):\n            for b in range(n):\n                y,x = i+a-m//2, j+b-n//2\n                if 0<=y<H and 0<=x<W:\n                    out[i,j] += img[y,x]*kernel[a,b]\n                    s += kernel[a,b]\n        if s: out[i,j] /= s\nreturn np.clip(np.rint(out), 0, 255).astype(np.uint8)'),
    ("gradient_magnitude", "squares_forgotten", 'GRAD; return np.sqrt(np.abs(gx)) + np.sqrt(np.abs(gy))'),
    ("gradient_magnitude", "one_squared", 'GRAD; return np.sqrt(gx**2) + gy**2'),
    ("gradient_magnitude", "halved_for_root", 'GRAD; return (gx**2 + gy**2)**1/2'),
    ("gradient_magnitude", "other_power", 'GRAD; return np.sqrt(gx**3 + gy**3)'),
    ("gradient_magnitude", "one_number_in_all", 'GRAD; return np.linalg.norm([gx, gy])'),
    ("gradient_magnitude", "first_and_last_places_missing", 'GRAD; return np.hypot(gx,gy)[1:-1,1:-1]'),
    ("gradient_magnitude", "another_pair", 'GRAD; a = np.array([[-1,0,1],[-2,0,2],[-1,0,2]])\nreturn np.hypot(slide(image*1.0,a), slide(image*1.0,a.T))'),
    ("gradient_magnitude", "bytes_overflow", 'gx = (image[:-2,2:]-image[:-2,:-2]) + 2*(image[1:-1,2:]-image[1:-1,:-2]) + (image[2:,2:]-image[2:,:-2])\ngy = (image[2:,:-2]-image[:-2,:-2]) + 2*(image[2:,1:-1]-image[:-2,1:-1]) + (image[2:,2:]-image[:-2,2:])\nreturn np.sqrt(gx**2.0+gy**2.0)'),
    ("gradient_magnitude", "two_results", 'GRAD; return gx, gy'),
    ("gradient_magnitude", "constant_factor", 'GRAD; return np.sqrt((gx**2 + gy**2)/2)'),
    ("correlate1d", "other_weights", 'n, f = len(x), len(w)\nreturn [sum(x[i + a] * w[a] ** 2 for a in range(f)) for i in range(n - f + 1)]'),
    ("convolve1d", "other_weights", 'n, f = len(x), len(w)\nreturn [sum(x[i + a] * w[a] * w[f - 1 - a] for a in range(f)) for i in range(n - f + 1)]'),
    ("conv2d", "other_weights", 'LOOP: out[i, j] = np.sum(patch * kernel ** 2)'),
    ("sample", "other_rows_or_columns", 'return image[::step, ::step + 1].copy()'),
    ("quantize", "outside_the_levels", 'return image.astype(int) * levels // 200'),
    ("quantize", "darker_above", 'return np.minimum(abs(image.astype(int) - 128) * levels // 128, levels - 1)'),
    ("quantize", "other_widths", 'return np.minimum(image.astype(int) * levels // 200, levels - 1)'),
    ("storage_bytes", "bits_used_otherwise", 'return math.ceil(height * width * channels * math.log2(bits) / 8)'),
    ("storage_bytes", "channels_used_otherwise", 'return math.ceil(height * width * max(channels, 3) * bits / 8)'),
    ("normalize", "another_divisor", 'd = np.ptp(kernel)\nreturn kernel / d if d else kernel'),
    ("filter_image", "multiplied_by_number", 'PAD; out = np.clip(np.rint(out / 9), 0, 255)'),
    ("gradient_magnitude", "joined_otherwise", 'GRAD; return np.sqrt(gx ** 2 + 2 * gy ** 2)'),
    ("match_score", "factor_of_sizes", 'return np.sum(patch * pattern) / max(patch.size - 1, 1)'),
    ("conv2d", "factor_of_each", 'LOOP: out[i, j] = np.sum(patch * kernel) / np.linalg.norm(kernel)'),
    ("conv2d", "offset_of_each", 'LOOP: out[i, j] = np.sum(patch * kernel) + kernel.size'),
    ("gradient_magnitude", "one_step_apart", 'GRAD; return np.log(1 + np.hypot(gx, gy))'),
    ("correlate1d", "part_of_result", "return np.correlate(x, w, 'valid')[1:-2]"),
    ("correlate1d", "more_than_result", "return list(np.correlate(x, w, 'valid')) + [0, 0]"),
    ("sample", "block_means", 'H, W = image.shape\nreturn np.array([[image[i:i + step, j:j + step].sum() for j in range(0, W, step)] for i in range(0, H, step)])'),
    ("storage_bytes", ("rounded_otherwise_or_scaled", "constant_factor"), 'return math.ceil(height * width * channels * bits / 4)'),
    ("storage_bytes", "each_pixel_rounded", 'return height * width * (channels * bits // 8)'),
    ("filter_image", "other_weights", 'PAD; out = np.clip(np.rint(out + image), 0, 255)'),
    ("gradient_magnitude", "another_kernel", 'GRAD; return abs(slide(image * 1.0, np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])))'),
    ("normalize", "zero_sum_to_other", 's = kernel.sum()\nreturn kernel / s if s else kernel / abs(kernel).sum()'),
]  # fmt: skip

_SIGNATURES = {
    "quantize": "image, levels",
    "sample": "image, step",
    "storage_bytes": "height, width, channels=1, bits=8",
    "convolve1d": "x, w",
    "correlate1d": "x, w",
    "conv2d": "image, kernel",
    "match_score": "patch, pattern",
    "normalize": "kernel",
    "filter_image": "image, kernel",
    "gradient_magnitude": "image",
    "output_size": "n, kernel_size, stride=1, padding=0",
    "pad2d": "image, padding",
    "conv2d_strided": "image, kernel, stride=1, padding=0",
    "conv2d_volume": "x, w, b, stride=1, padding=0",
    "conv_parameters": "in_channels, out_channels, kernel_size, bias=True",
    "dense_parameters": "in_features, out_features, bias=True",
    "receptive_field": "layers",
    "relu": "x",
    "max_pool2d": "x, size=2, stride=None",
    "global_avg_pool2d": "x",
    "flatten": "maps",
    "softmax": "z",
    "cross_entropy": "p, q",
    "classification_error": "p, q",
}
_SLIDE = """m, n = kernel.shape
H, W = p.shape
out = np.array([[np.sum(p[i:i + m, j:j + n] * kernel) for j in range(W - n + 1)]
                for i in range(H - m + 1)])
return np.clip(np.rint(out), 0, 255).astype(np.uint8)
"""
_PAD = """m, n = kernel.shape
p = np.pad(image.astype(float), ((m // 2, m // 2), (n // 2, n // 2)), mode='edge')
H, W = image.shape
out = np.array([[np.sum(p[i:i + m, j:j + n] * kernel) for j in range(W)] for i in range(H)])
{}
return out.astype(np.int64).astype(np.uint8)
"""
_LOOP = """m, n = kernel.shape
H, W = image.shape
out = np.zeros((H - m + 1, W - n + 1))
for i in range(H - m + 1):
    for j in range(W - n + 1):
        patch = image[i:i + m, j:j + n]
        {}
return out
"""
_GRAD = """def slide(image, k):
    H, W = image.shape
    return np.array([[np.sum(image[i:i + 3, j:j + 3] * k) for j in range(W - 2)]
                     for i in range(H - 2)])
sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
gx, gy = slide(image.astype(float), sobel), slide(image.astype(float), sobel.T)
"""


def written(name: str, code: str) -> str:
    """Return the source of a function whose body is given in short."""
    head, _, rest = code.partition("PAD; ")
    if rest:
        code = head + _PAD.format(rest)
    head, _, rest = code.partition("GRAD; ")
    if rest:
        code = head + _GRAD + rest
    if code.startswith("LOOP: "):
        code = _LOOP.format(code.removeprefix("LOOP: ").replace("; ", "\n        "))
    code = code.replace("SLIDE", _SLIDE)
    body = "\n".join("    " + line for line in code.splitlines())
    return f"def {name}({_SIGNATURES[name]}):\n{body}\n"


def function(name: str, code: str):
    """Return the function itself."""
    import math

    import numpy as np

    from coursekit import scratch

    found = {"np": np, "math": math, "LEFTOVER": np.array([1.0, 2.0])}
    found |= {name: getattr(scratch, name) for name in ("conv2d", "pad2d", "conv2d_strided")}
    exec(written(name, code), found)
    return found[name]
