// What the menu of the softmax explorer offers.

const DOG_CAT = ["dog", "cat"];
const THREE = ["dog", "cat", "bird"];
const PICTURES = [0, 1, 0]; // the true classes of the three pictures
const rowOf = (...shares) => shares.map((share) => Math.round(Math.log(share) * 1e9) / 1e9);
const NETWORKS = [
  [rowOf(0.9, 0.1), rowOf(0.1, 0.9), rowOf(0.4, 0.6)],
  [rowOf(0.6, 0.4), rowOf(0.3, 0.7), rowOf(0.1, 0.9)],
];
const single = (classes, scores, target) => ({ classes, scores, target, compare: false });

const SCORES = {
  three: ["Three classes", single(THREE, [2, 1, 0.1], 0)],
  pair: ["Dog 0.95, cat 0.05", single(DOG_CAT, [2.944, 0], 0)],
  equal: ["Equal scores", single(THREE, [0, 0, 0], 0)],
  wrong: ["Sure, and wrong", single(THREE, [5, 0, 0], 1)],
  large: ["Scores too large for exp", single(THREE, [1000, 999, 998], 0)],
  networks: ["Two networks, three pictures",
    { classes: DOG_CAT, scores: NETWORKS[0][0], target: 0, compare: true, networks: NETWORKS, chosen: [0, 0] }],
};
