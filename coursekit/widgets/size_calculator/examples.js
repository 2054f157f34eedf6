// What the menu of the size calculator offers.

const conv = (kernel, filters, more = {}) => ({ kind: "conv", kernel, stride: 1, padding: 0, dilation: 1, filters, ...more });
const pool = (kernel, stride = kernel) => ({ kind: "pool", kernel, stride, padding: 0, dilation: 1, filters: 1 });

const EXAMPLES = {
  strided: ["6 \u00d7 6, kernel 3, stride 2", { size: 6, channels: 1, layers: [conv(3, 1, { stride: 2 })] }],
  same: ["Same size: padding 1", { size: 28, channels: 1, layers: [conv(3, 32, { padding: 1 }), pool(2)] }],
  three: ["Three 3 \u00d7 3 layers", { size: 16, channels: 8, layers: [conv(3, 8), conv(3, 8), conv(3, 8)] }],
  seven: ["One 7 \u00d7 7 layer", { size: 16, channels: 8, layers: [conv(7, 8)] }],
  lenet: ["LeNet-5, up to its last pooling", { size: 28, channels: 1, layers: [conv(5, 6, { padding: 2 }), pool(2), conv(5, 16), pool(2)] }],
  dilated: ["Dilation 1, 2, 4", { size: 24, channels: 1, layers: [1, 2, 4].map((dilation) => conv(3, 4, { dilation })) }],
  alexnet: ["AlexNet's first three layers", { size: 227, channels: 3, layers: [conv(11, 96, { stride: 4 }), pool(3, 2), conv(5, 256, { padding: 2 })] }],
};
