// What the training monitor says about a run.

function timeLeft(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${show(seconds / 3600, 1)} h left`;
}

// The share of the run that is done, 0 to 1.
function doneShare({ state, epochs, records, now }) {
  if (state === "done") return 1;
  const whole = records.length ? records.at(-1).epoch : 0;
  const part = now && now.epoch > whole ? now.batch / now.batches : 0;
  return epochs ? within((whole + part) / epochs, 0, 1) : 0;
}

function stateSentence({ state, epochs, records, now, words }) {
  const done = records.length ? records.at(-1).epoch : 0;
  return {
    waiting: "Waiting for fit",
    running: now ? `Epoch ${now.epoch} of ${epochs}, batch ${now.batch} of ${now.batches}` : "Running",
    done: `Done: ${plural(epochs, "epoch")}`,
    stopped: `Stopped after ${plural(done, "epoch")} of ${epochs}. ${words}`,
  }[state];
}

function factsSentence({ now, state, words }) {
  if (!now) return state === "waiting" ? words : "";
  const speed = now.images_per_second;
  return [now.loss === null ? "" : `loss of the last batch ${show(now.loss, 3)}`, `learning rate ${Number(now.lr.toPrecision(3))}`,
    speed ? `${grouped(Math.round(speed))} images a second` : "", timeLeft(now.seconds_left)].filter(Boolean).join(" \u00b7 ");
}

function epochSentence(record, epochs) {
  const parts = PARTS.flatMap(([prefix, name]) => [["loss", "loss"], ["accuracy", "accuracy"]].map(([key, word]) =>
    Number.isFinite(record[prefix + key]) ? `${name} ${word} ${show(record[prefix + key], 3)}` : "")).filter(Boolean);
  return `Epoch ${record.epoch} of ${epochs}: ${parts.join(", ")}; learning rate ${Number(record.lr.toPrecision(3))}`;
}
