"""Three more classes of honest answers, each by another hand: sets 08, 10 and 12; all are right."""

import ast
import re
from functools import reduce

from similar_class import commented, renamed

MAX = [
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    h = (x.shape[0] - size) // stride + 1
    w = (x.shape[1] - size) // stride + 1
    out = np.zeros((h, w), dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            out[i, j] = x[i * stride : i * stride + size, j * stride : j * stride + size].max()
    return out
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    # how many windows fit
    H, W = x.shape
    H2 = (H - size) // stride + 1
    W2 = (W - size) // stride + 1
    result = np.empty((H2, W2))
    for r in range(H2):
        for c in range(W2):
            window = x[r * stride : r * stride + size, c * stride : c * stride + size]
            result[r, c] = np.max(window)
    return result
""",
    """
def max_pool2d(x, size=2, stride=None):
    stride = stride or size
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))
    return windows[::stride, ::stride].max(axis=(2, 3))
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    rows = []
    for i in range(0, x.shape[0] - size + 1, stride):
        row = []
        for j in range(0, x.shape[1] - size + 1, stride):
            row.append(x[i : i + size, j : j + size].max())
        rows.append(row)
    return np.array(rows)
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    height, width = x.shape
    return np.array([
        [np.max(x[a : a + size, b : b + size]) for b in range(0, width - size + 1, stride)]
        for a in range(0, height - size + 1, stride)
    ])
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    n_rows = int((x.shape[0] - size) / stride + 1)
    n_cols = int((x.shape[1] - size) / stride + 1)
    pooled = np.zeros([n_rows, n_cols])
    for row in range(n_rows):
        for col in range(n_cols):
            y0 = row * stride
            x0 = col * stride
            # the window starts at y0, x0
            patch = x[y0 : y0 + size, x0 : x0 + size]
            pooled[row][col] = patch.max()
    return pooled
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride == None:
        stride = size
    out_h = ((x.shape[0] - size) // stride) + 1
    out_w = ((x.shape[1] - size) // stride) + 1
    out = np.full((out_h, out_w), -np.inf)
    for di in range(size):
        for dj in range(size):
            shifted = x[di : di + out_h * stride : stride, dj : dj + out_w * stride : stride]
            out = np.maximum(out, shifted[:out_h, :out_w])
    return out
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    h, w = x.shape
    oh, ow = (h - size) // stride + 1, (w - size) // stride + 1
    y = np.zeros((oh, ow))
    i = 0
    while i < oh:
        j = 0
        while j < ow:
            y[i, j] = np.amax(x[i*stride:i*stride+size, j*stride:j*stride+size])
            j += 1
        i += 1
    return y
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    H, W = x.shape
    best = []
    for top in range(0, H - size + 1, stride):
        for left in range(0, W - size + 1, stride):
            best.append(max(x[top + a, left + b] for a in range(size) for b in range(size)))
    return np.array(best).reshape((H - size) // stride + 1, (W - size) // stride + 1)
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    out = np.zeros(((x.shape[0] - size) // stride + 1, (x.shape[1] - size) // stride + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = x[i * stride : i * stride + size, j * stride : j * stride + size].max()
    return out
""",
    """
def max_pool2d(x, size=2, stride=None):
    if not stride:
        stride = size
    down = np.arange(0, x.shape[0] - size + 1, stride)
    across = np.arange(0, x.shape[1] - size + 1, stride)
    out = np.zeros((len(down), len(across)))
    for k, top in enumerate(down):
        for l, left in enumerate(across):
            out[k, l] = x[top : top + size, left : left + size].max()
    return out
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    R = (x.shape[0] - size) // stride + 1
    C = (x.shape[1] - size) // stride + 1
    feature = np.zeros((R, C))
    for i in range(R):
        for j in range(C):
            biggest = x[i * stride, j * stride]
            for m in range(size):
                for n in range(size):
                    value = x[i * stride + m, j * stride + n]
                    if value > biggest:
                        biggest = value
            feature[i, j] = biggest
    return feature
""",
    """
def max_pool2d(x, size=2, stride=None):
    step = size if stride is None else stride
    lines = [x[i : i + size].max(axis=0) for i in range(0, len(x) - size + 1, step)]
    lines = np.stack(lines)
    starts = range(0, x.shape[1] - size + 1, step)
    return np.stack([lines[:, j : j + size].max(1) for j in starts], 1)
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size

    input_height = x.shape[0]
    input_width = x.shape[1]

    output_height = (input_height - size) // stride + 1
    output_width = (input_width - size) // stride + 1

    output = np.zeros((output_height, output_width))

    for i in range(output_height):
        for j in range(output_width):
            start_i = i * stride
            end_i = start_i + size
            start_j = j * stride
            end_j = start_j + size
            output[i, j] = np.max(x[start_i:end_i, start_j:end_j])

    return output
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    h2 = 1 + (x.shape[0] - size) // stride
    w2 = 1 + (x.shape[1] - size) // stride
    z = np.zeros((h2, w2), x.dtype)
    for p in range(h2):
        for q in range(w2):
            region = x[p * stride:p * stride + size, q * stride:q * stride + size]
            z[p, q] = region.max()  # the largest one wins
    return z
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    H2 = np.floor((x.shape[0] - size) / stride).astype(int) + 1
    W2 = np.floor((x.shape[1] - size) / stride).astype(int) + 1
    out = np.zeros((H2, W2))
    for i in range(H2):
        for j in range(W2):
            out[i, j] = np.max(x[i*stride:(i*stride)+size, j*stride:(j*stride)+size])
    return out
""",
    """
def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    def window(i, j):
        return x[i : i + size, j : j + size]
    return np.array([[window(i, j).max() for j in range(0, x.shape[1] - size + 1, stride)]
                     for i in range(0, x.shape[0] - size + 1, stride)])
""",
]
MEAN = (  # how a maximum becomes a mean, in whichever way it is written
    ("max_pool2d", "avg_pool2d"), (".max(", ".mean("), ("np.max(", "np.mean("),
    ("np.amax(", "np.average("), (", dtype=x.dtype", ""), (", x.dtype", ""),
    ("biggest = x[i * stride, j * stride]", "biggest = 0"),
    ("if value > biggest:\n                        biggest = value", "biggest += value / size**2"),
    ("the largest one wins", "all count the same"), ("max(x[top", "sum(x[top"),
    ("for b in range(size)))", "for b in range(size)) / size**2)"),
    ("np.full((out_h, out_w), -np.inf)", "np.zeros((out_h, out_w))"),
    ("out = np.maximum(out, shifted[:out_h, :out_w])", "out += shifted[:out_h, :out_w] / size**2"),
)  # fmt: skip
RELU = (
    "return np.maximum(x, 0)",
    "return np.maximum(0, x)",
    "return x * (x > 0)",
    "return np.where(x > 0, x, 0)",
    "out = x.copy()\n    out[out < 0] = 0\n    return out",
    "return (x + np.abs(x)) / 2",
    "return np.clip(x, 0, None)",
    "y = np.array(x)\n    y[y < 0] = 0\n    return y",
)
GLOBAL = (
    "return x.mean(axis=(1, 2))",
    "return np.mean(x, axis=(1, 2))",
    "return np.array([m.mean() for m in x])",
    "return x.reshape(x.shape[0], -1).mean(axis=1)",
    "return x.sum(axis=(1, 2)) / (x.shape[1] * x.shape[2])",
    "y = np.zeros(len(x))\n    for c, m in enumerate(x):\n        y[c] = m.mean()\n    return y",
    "return x.mean((1, 2))",
    "return x.mean(-1).mean(-1)",
)
MODELS = (
    """
stations = [
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
    keras.layers.MaxPooling2D(2),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax"),
]
return keras.Sequential(stations)""",
    """
stations = [
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(32, (3, 3), padding="same", activation="relu"),
    keras.layers.MaxPooling2D((2, 2)),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax"),
]
return keras.Sequential(stations)""",
    """
stations = [
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(32, (3, 3), activation="relu", padding="same"),
    keras.layers.MaxPooling2D((2, 2)),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax")
]
model = keras.Sequential(stations)
return model""",
    """
stations = [
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(filters=32, kernel_size=3, padding="same", activation="relu"),
    keras.layers.MaxPooling2D(pool_size=2),
    keras.layers.Flatten(),
    keras.layers.Dense(units=10, activation="softmax"),
]
return keras.Sequential(stations)""",
    """
stations = [
    keras.Input((28, 28, 1)),  # 28 x 28, one channel
    keras.layers.Conv2D(32, 3, activation="relu", padding="same"),  # 28 x 28 x 32
    keras.layers.MaxPooling2D(2),  # 14 x 14 x 32
    keras.layers.Flatten(),  # 6272
    keras.layers.Dense(10, activation="softmax"),
]
return keras.Sequential(stations)""",
    """
model = keras.Sequential()
model.add(keras.Input((28, 28, 1)))
model.add(keras.layers.Conv2D(32, (3, 3), padding="same", activation="relu"))
model.add(keras.layers.MaxPooling2D((2, 2)))
model.add(keras.layers.Flatten())
model.add(keras.layers.Dense(10, activation="softmax"))
return model""",
    """
inputs = keras.Input((28, 28, 1))
x = keras.layers.Conv2D(32, 3, padding="same", activation="relu")(inputs)
x = keras.layers.MaxPooling2D(2)(x)
x = keras.layers.Flatten()(x)
outputs = keras.layers.Dense(10, activation="softmax")(x)
return keras.Model(inputs, outputs)""",
    """
inputs = keras.Input(shape=(28, 28, 1))
h = keras.layers.Conv2D(32, (3, 3), padding="same")(inputs)
h = keras.layers.ReLU()(h)
h = keras.layers.MaxPooling2D((2, 2))(h)
h = keras.layers.Flatten()(h)
h = keras.layers.Dense(10)(h)
return keras.Model(inputs=inputs, outputs=keras.layers.Softmax()(h))""",
    """
stations = [
    keras.Input((28, 28, 1)),
    # convolution
    keras.layers.Conv2D(32, (3, 3), padding="same", activation="relu"),
    # max pooling
    keras.layers.MaxPooling2D(pool_size=(2, 2)),
    # flattening
    keras.layers.Flatten(),
    # dense layer with softmax
    keras.layers.Dense(10, activation="softmax"),
]
return keras.Sequential(stations)""",
    """
from keras import layers
return keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.MaxPool2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])""",
    """
stations = [
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(32, 3, padding='same', activation='relu'),
    keras.layers.MaxPool2D(2),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation='softmax'),
]
return keras.Sequential(stations)""",
    """
stations = [
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(32, kernel_size=(3, 3), padding="same", activation="relu"),
    keras.layers.MaxPooling2D(pool_size=(2, 2)),
    keras.layers.Flatten(),
    keras.layers.Dense(10, "softmax"),
]
return keras.Sequential(stations)""",
    """
stations = [
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(32, 3, padding="same"),
    keras.layers.Activation("relu"),
    keras.layers.MaxPooling2D(),
    keras.layers.Flatten(),
    keras.layers.Dense(10),
    keras.layers.Activation("softmax"),
]
return keras.Sequential(stations)""",
    """
L = keras.layers
net = keras.Sequential([keras.Input((28, 28, 1))])
net.add(L.Conv2D(filters=32, kernel_size=(3, 3), padding="same", activation="relu"))
net.add(L.MaxPooling2D())
net.add(L.Flatten())
net.add(L.Dense(10, activation="softmax"))
return net""",
    """
stations = [
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(32, [3, 3], padding="same", activation="relu", name="conv"),
    keras.layers.MaxPooling2D(2, name="pool"),
    keras.layers.Flatten(name="flat"),
    keras.layers.Dense(10, activation="softmax", name="out"),
]
return keras.Sequential(stations)""",
    """
conv = keras.layers.Conv2D(32, 3, padding="same", activation="relu")
pool = keras.layers.MaxPooling2D(2)
dense = keras.layers.Dense(10, activation="softmax")
return keras.Sequential([keras.Input((28, 28, 1)), conv, pool, keras.layers.Flatten(), dense])""",
    """
stations = [
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(32, (3,3), padding="same", activation=keras.activations.relu),
    keras.layers.MaxPooling2D((2,2), strides=2),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation=keras.activations.softmax),
]
return keras.Sequential(stations)""",
)
C1 = "self.c1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)\n"
NETWORKS = (
    (
        C1
        + """self.c3 = nn.Conv2d(6, 16, kernel_size=5)
self.c5 = nn.Linear(400, 120)
self.f6 = nn.Linear(120, 84)
self.out = nn.Linear(84, num_classes)""",
        """x = torch.tanh(self.c1(x))
x = nn.AvgPool2d(2)(x)
x = torch.tanh(self.c3(x))
x = nn.AvgPool2d(2)(x)
x = x.flatten(1)
x = torch.tanh(self.c5(x))
x = torch.tanh(self.f6(x))
return self.out(x)""",
    ),
    (
        C1
        + """self.s2 = nn.AvgPool2d(2)
self.c3 = nn.Conv2d(6, 16, kernel_size=5)
self.s4 = nn.AvgPool2d(2)
self.c5 = nn.Linear(16 * 5 * 5, 120)
self.f6 = nn.Linear(120, 84)
self.output = nn.Linear(84, num_classes)""",
        """x = torch.tanh(self.c1(x))  # (N, 6, 28, 28)
x = self.s2(x)  # (N, 6, 14, 14)
x = torch.tanh(self.c3(x))  # (N, 16, 10, 10)
x = self.s4(x)  # (N, 16, 5, 5)
x = torch.flatten(x, 1)  # (N, 400)
x = torch.tanh(self.c5(x))  # (N, 120)
x = torch.tanh(self.f6(x))  # (N, 84)
return self.output(x)  # (N, num_classes)""",
    ),
    (
        C1
        + """self.pool = nn.AvgPool2d(2)
self.c3 = nn.Conv2d(6, 16, 5)
self.c5 = nn.Linear(16*5*5, 120)
self.f6 = nn.Linear(120, 84)
self.output = nn.Linear(84, num_classes)""",
        """x = self.pool(torch.tanh(self.c1(x)))
x = self.pool(torch.tanh(self.c3(x)))
x = torch.flatten(x, start_dim=1)
x = torch.tanh(self.c5(x))
x = torch.tanh(self.f6(x))
x = self.output(x)
return x""",
    ),
    (
        C1
        + """self.c3 = nn.Conv2d(6, 16, kernel_size=5)
self.c5 = nn.Linear(400, 120)
self.f6 = nn.Linear(120, 84)
self.output = nn.Linear(84, num_classes)
self.tanh = nn.Tanh()
self.pool = nn.AvgPool2d(2)""",
        """x = self.tanh(self.c1(x))  # N, 6, 28, 28
x = self.pool(x)  # N, 6, 14, 14
x = self.tanh(self.c3(x))  # N, 16, 10, 10
x = self.pool(x)  # N, 16, 5, 5
x = x.view(x.size(0), -1)  # N, 400
x = self.tanh(self.c5(x))
x = self.tanh(self.f6(x))
x = self.output(x)
return x""",
    ),
    (
        """self.features = nn.Sequential(
    nn.Conv2d(1, 6, kernel_size=5, padding=2),
    nn.Tanh(),
    nn.AvgPool2d(2),
    nn.Conv2d(6, 16, kernel_size=5),
    nn.Tanh(),
    nn.AvgPool2d(2),
)
self.classifier = nn.Sequential(
    nn.Flatten(),
    nn.Linear(16 * 5 * 5, 120),
    nn.Tanh(),
    nn.Linear(120, 84),
    nn.Tanh(),
    nn.Linear(84, num_classes),
)""",
        """x = self.features(x)
return self.classifier(x)""",
    ),
    (
        """self.net = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Flatten(),
    nn.Linear(400, 120), nn.Tanh(),
    nn.Linear(120, 84), nn.Tanh(),
    nn.Linear(84, num_classes),
)""",
        "return self.net(x)",
    ),
    (
        """self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
self.conv2 = nn.Conv2d(6, 16, 5)
self.fc1 = nn.Linear(16 * 5 * 5, 120)
self.fc2 = nn.Linear(120, 84)
self.fc3 = nn.Linear(84, num_classes)""",
        """import torch.nn.functional as F
x = F.avg_pool2d(F.tanh(self.conv1(x)), 2)
x = F.avg_pool2d(F.tanh(self.conv2(x)), 2)
x = x.view(-1, 16 * 5 * 5)
x = F.tanh(self.fc1(x))
x = F.tanh(self.fc2(x))
return self.fc3(x)""",
    ),
    (
        C1
        + """self.c3 = nn.Conv2d(6, 16, kernel_size=5, padding=0)
self.fc5 = nn.Linear(in_features=400, out_features=120)
self.fc6 = nn.Linear(in_features=120, out_features=84)
self.fc7 = nn.Linear(in_features=84, out_features=num_classes)""",
        """out = nn.functional.avg_pool2d(torch.tanh(self.c1(x)), 2)
out = nn.functional.avg_pool2d(torch.tanh(self.c3(out)), 2)
out = out.reshape(out.shape[0], -1)
out = torch.tanh(self.fc5(out))
out = torch.tanh(self.fc6(out))
return self.fc7(out)""",
    ),
    (
        C1
        + """self.c3 = nn.Conv2d(6, 16, kernel_size=5)
self.f5 = nn.Linear(400, 120)
self.f6 = nn.Linear(120, 84)
self.f7 = nn.Linear(84, num_classes)
self.pool = nn.AvgPool2d(2)
self.act = nn.Tanh()
self.flatten = nn.Flatten()""",
        """a = self.pool(self.act(self.c1(x)))  # 6 maps of 14 by 14
b = self.pool(self.act(self.c3(a)))  # 16 maps of 5 by 5
c = self.flatten(b)
d = self.act(self.f5(c))
e = self.act(self.f6(d))
return self.f7(e)""",
    ),
    (
        C1
        + """self.c3 = nn.Conv2d(6, 16, kernel_size=5)
self.c5 = nn.Conv2d(16, 120, kernel_size=5)
self.f6 = nn.Linear(120, 84)
self.output = nn.Linear(84, num_classes)
self.pool = nn.AvgPool2d(2)""",
        """x = self.pool(torch.tanh(self.c1(x)))
x = self.pool(torch.tanh(self.c3(x)))
x = torch.tanh(self.c5(x)).flatten(1)
x = torch.tanh(self.f6(x))
return self.output(x)""",
    ),
    (
        C1
        + """self.c3 = nn.Conv2d(6, 16, 5)
self.d5 = nn.Linear(16 * 25, 120)
self.d6 = nn.Linear(120, 84)
self.d7 = nn.Linear(84, num_classes)
self.avg = nn.AvgPool2d(kernel_size=2, stride=2)""",
        """x = self.c1(x).tanh()
x = self.avg(x)
x = self.c3(x).tanh()
x = self.avg(x)
x = x.flatten(start_dim=1)
x = self.d5(x).tanh()
x = self.d6(x).tanh()
return self.d7(x)""",
    ),
    (
        C1
        + """self.s2 = nn.AvgPool2d(2)
self.c3 = nn.Conv2d(6, 16, kernel_size=5)
self.s4 = nn.AvgPool2d(2)
self.c5 = nn.Linear(400, 120)
self.f6 = nn.Linear(120, 84)
self.output = nn.Linear(84, num_classes)""",
        """x = self.c1(x)
x = torch.tanh(x)
x = self.s2(x)
x = self.c3(x)
x = torch.tanh(x)
x = self.s4(x)
x = x.flatten(1)
x = self.c5(x)
x = torch.tanh(x)
x = self.f6(x)
x = torch.tanh(x)
return self.output(x)""",
    ),
    (
        C1
        + """self.c3 = nn.Conv2d(6, 16, kernel_size=5)
self.dense1 = nn.Linear(16 * 5 * 5, 120)
self.dense2 = nn.Linear(120, 84)
self.dense3 = nn.Linear(84, num_classes)
self.pool = nn.AvgPool2d(2)""",
        """# first convolution, then pool: 28 -> 14
x = self.pool(torch.tanh(self.c1(x)))
# second one: 14 -> 10 -> 5
x = self.pool(torch.tanh(self.c3(x)))
# dense part
x = x.reshape(x.size(0), 16 * 5 * 5)
x = torch.tanh(self.dense1(x))
x = torch.tanh(self.dense2(x))
# no softmax here, scores
return self.dense3(x)""",
    ),
    (
        C1
        + """self.layers = nn.ModuleList([
    nn.Conv2d(6, 16, kernel_size=5),
    nn.Linear(400, 120),
    nn.Linear(120, 84),
])
self.output = nn.Linear(84, num_classes)""",
        """pool = nn.AvgPool2d(2)
x = pool(torch.tanh(self.c1(x)))
x = pool(torch.tanh(self.layers[0](x)))
x = x.flatten(1)
for layer in self.layers[1:]:
    x = torch.tanh(layer(x))
return self.output(x)""",
    ),
    (
        C1
        + """self.tanh1 = nn.Tanh()
self.pool1 = nn.AvgPool2d(2)
self.c3 = nn.Conv2d(6, 16, kernel_size=5)
self.tanh2 = nn.Tanh()
self.pool2 = nn.AvgPool2d(2)
self.flatten = nn.Flatten()
self.fc1 = nn.Linear(400, 120)
self.tanh3 = nn.Tanh()
self.fc2 = nn.Linear(120, 84)
self.tanh4 = nn.Tanh()
self.fc3 = nn.Linear(84, num_classes)""",
        """x = self.pool1(self.tanh1(self.c1(x)))
x = self.pool2(self.tanh2(self.c3(x)))
x = self.flatten(x)
x = self.tanh3(self.fc1(x))
x = self.tanh4(self.fc2(x))
return self.fc3(x)""",
    ),
    (
        """self.conv = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2),
    nn.Tanh(),
    nn.AvgPool2d(kernel_size=2),
    nn.Conv2d(6, 16, 5),
    nn.Tanh(),
    nn.AvgPool2d(kernel_size=2),
)
self.fc = nn.Sequential(
    nn.Linear(400, 120),
    nn.Tanh(),
    nn.Linear(120, 84),
    nn.Tanh(),
    nn.Linear(84, num_classes),
)""",
        """maps = self.conv(x)
return self.fc(maps.flatten(1))""",
    ),
    (
        """block = [nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.Tanh(), nn.AvgPool2d(2)]
block += [nn.Conv2d(6, 16, kernel_size=5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten()]
block += [nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh()]
self.body = nn.Sequential(*block)
self.head = nn.Linear(84, num_classes)""",
        """return self.head(self.body(x))""",
    ),
    (
        C1
        + """self.c3 = nn.Conv2d(in_channels=6, out_channels=16, kernel_size=5)
self.c5 = nn.Linear(400, 120)
self.f6 = nn.Linear(120, 84)
self.output = nn.Linear(84, num_classes)
self.s = nn.AvgPool2d(2)""",
        """x = self.s(torch.tanh(self.c1(x)))  # (N, 6, 14, 14)
x = self.s(torch.tanh(self.c3(x)))  # (N, 16, 5, 5)
x = x.view(len(x), 400)  # (N, 400)
x = torch.tanh(self.c5(x))  # (N, 120)
x = torch.tanh(self.f6(x))  # (N, 84)
return self.output(x)""",
    ),
    (
        C1
        + """self.c3 = nn.Conv2d(6, 16, kernel_size=5)
self.c5 = nn.Linear(16*5*5, 120)
self.f6 = nn.Linear(120, 84)
self.o = nn.Linear(84, num_classes)""",
        """x = torch.tanh(self.c1(x))  # (N, 6, 28, 28)
x = nn.functional.avg_pool2d(x, 2)  # (N, 6, 14, 14)
x = torch.tanh(self.c3(x))  # (N, 16, 10, 10)
x = nn.functional.avg_pool2d(x, 2)  # (N, 16, 5, 5)
x = x.flatten(1)
x = torch.tanh(self.c5(x))
x = torch.tanh(self.f6(x))
return self.o(x)""",
    ),
)


def _pooling(number):
    most = MAX[number].lstrip("\n")
    mean = reduce(lambda text, change: text.replace(*change), MEAN, most)
    if number % 2:
        most, mean = commented(most, number), commented(mean, number + 5)
    return {
        "relu": f"def relu(x):\n    {RELU[number * 5 % 8]}\n",
        "max_pool2d": most,
        "avg_pool2d": mean,
        "global_avg_pool2d": f"def global_avg_pool2d(x):\n    {GLOBAL[number * 3 % 8]}\n",
    }


def _indented(text, by):
    return re.sub("^(?=.)", " " * by, text.strip("\n"), flags=re.MULTILINE)


def _model(body):
    return {"build_model": f"def build_model():\n{_indented(body, 4)}\n"}


def _network(made, forward):
    head = "class LeNet5(nn.Module):\n    def __init__(self, num_classes=10):\n"
    made = _indented(f"super().__init__()\n{made}", 8)
    return {"LeNet5": f"{head}{made}\n\n    def forward(self, x):\n{_indented(forward, 8)}\n"}


def uncommented(source):
    """Return a function without its comments."""
    return ast.unparse(ast.parse(source)) + "\n"


def with_other_attributes(source):
    """Return a class in which all that it keeps in `self` has another name."""
    kept = dict.fromkeys(re.findall(r"self\.(\w+)", source))
    new = {name: f"part{number}" for number, name in enumerate(kept)}
    return re.sub(r"self\.(\w+)", lambda found: f"self.{new[found[1]]}", source)


HONEST = {
    "08_relu_and_pooling": [_pooling(number) for number in range(len(MAX))],
    "10_fashion_mnist_keras": [_model(body) for body in MODELS],
    "12_lenet": [_network(*parts) for parts in NETWORKS],
}


def _copied(name, number, *changes):
    return {
        function: reduce(lambda text, change: change(text), changes, source)
        for function, source in HONEST[name][number].items()
    }


def copies(name):
    """Give for each copy whose it is, and its functions."""
    if name.startswith("08"):
        yield 7, _copied(name, 7, renamed)
        yield 5, _copied(name, 5, uncommented, renamed)
        yield 14, _copied(name, 14, uncommented, renamed)
        others = _copied(name, 11, uncommented, renamed)
        yield 11, others | {"max_pool2d": commented(others["max_pool2d"], 2)}
        only = {"max_pool2d": renamed(uncommented(HONEST[name][9]["max_pool2d"]))}
        yield 9, HONEST[name][3] | only
    elif name.startswith("10"):
        for number in (7, 12, 13, 16):
            yield number, _copied(name, number, renamed)
        in_other_words = HONEST[name][8]["build_model"].replace("(2, 2)", "2")
        yield 8, {"build_model": in_other_words.replace("Conv2D(32, (3, 3)", "Conv2D(32, 3")}
    else:
        yield 8, _copied(name, 8, uncommented, renamed, with_other_attributes)
        yield 13, _copied(name, 13, renamed)
        for number in (11, 14):
            yield number, _copied(name, number, with_other_attributes)
        in_other_code = HONEST[name][12]["LeNet5"].replace("nn.AvgPool2d(2)", "nn.AvgPool2d(2, 2)")
        yield 12, {"LeNet5": in_other_code.replace("x.reshape(x.size(0), ", "x.view(-1, ")}
