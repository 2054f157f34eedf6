// What the menus of convolution in one dimension offer.

const row = (text) => text.trim().split(/\s+/).map(Number);

// A ship's noisy sensor; the closing price of Google's share on its first 120 trading days from
// 19 August 2004 on, in dollars; a low hum of 40 readings a swing with a whistle of 4.
const SHIP = row("10.2 9.6 9.9 8 12.4 11.9 10.6 11.9 11.5 10.9 12.5 11.4 11.5 11.2 12.6 12.2 12.9 11.9 12.8 11.9 " +
  "13.7 13.2 13.4 13.6 12.3 14.1 15.5 11.9 11.9 12.2 14.6 13.9 14.9 14.6 14.1 14.2 13.8 14.9 12.9 " +
  "13.6 14.2 15.8 13.2 12.9 13.4 14.9 13.6 15.1 11.9 14.8 14.7 12.1 13.6 14.6 13.4 14.2 15.5 13.3 " +
  "12.6 12 13.3 12.4 12.3 12.2 12.8 11 10.4 9.3 12.8 11.6 12.9 11.2 10.3 11.4 10.6 9.3 9.5 12 10.4 " +
  "10.3 9.5 8.9 10.3 9.2 8.4 8.8 7.9 8.9 9.7 7.5 9.7 7.4 8.1 7 7.5 7.6 7 6.6 6.5 6.3 5.4 6.6 7.2 " +
  "7.6 7.2 9 6.8 5.9 8.2 5.2 7.2 5.2 6.5 4.1 6.9 5.9 5 7.7 6.8 6.1");
const PRICE = row("100.3 108.3 109.4 104.9 106 107.9 106.2 102 102.4 100.2 101.5 100 101.6 102.3 102.3 105.3 107.5 " +
  "111.5 112 114 117.5 119.4 117.8 118.4 120.8 119.8 118.3 126.9 131.1 129.6 132.6 135.1 138.4 " +
  "137.1 138.8 137.7 135.3 137.4 140.9 142 144.1 149.2 147.9 140.5 149.4 172.4 187.4 181.8 186 " +
  "193.3 190.6 196 194.9 191.7 184.7 169.4 172.6 168.7 167.9 183 182 184.9 172.5 172.5 167.5 169.4 " +
  "165.1 167.5 174.8 179.4 181 182 180 179.4 180.4 176.3 171.4 170 173.4 171.6 170.4 178.7 179.8 " +
  "176.5 180.1 185 183.8 186.3 187.9 191.9 192.8 192.9 197.6 192.8 202.7 194.5 193.5 188.6 193.8 " +
  "195.1 193.5 195.4 195.3 200 203.9 197.3 193.9 188.3 180.7 177.1 189.2 188.1 190.3 195.6 191.9 " +
  "206 210.9 204.4 196 198.6");
const SOUND = Array.from({ length: 120 }, (_, t) =>
  Math.round(100 * (5 * Math.sin((2 * Math.PI * t) / 40) + 2 * Math.sin((2 * Math.PI * t) / 4))) / 100);

const SIGNALS = {
  ship: ["Ship: 120 noisy reports", SHIP],
  reports: ["Ship: the lesson's 8 reports", row("2 4 4 6 8 8 10 12")],
  sound: ["Sound: a low hum and a high whistle", SOUND],
  price: ["Price of a share, 120 days", PRICE],
  step: ["A single step up", [...new Array(12).fill(0), ...new Array(12).fill(4)]],
  one: ["A single 1", [...new Array(8).fill(0), 1, ...new Array(8).fill(0)]],
};

const WEIGHTS = {
  ship: ["The ship's: recent reports count more", row("8 6 4 2 2 1 1")],
  three: ["Three equal weights", row("1 1 1")],
  four: ["Four equal weights", row("1 1 1 1")],
  fifteen: ["Fifteen equal weights", new Array(15).fill(1)],
  bell: ["A bell: 1 4 6 4 1", row("1 4 6 4 1")],
  difference: ["Difference: 1 \u22121", row("1 -1")],
  echo: ["Echo: 1 and, five later, a half", row("1 0 0 0 0 0.5")],
};
