// The page of one's own answers: what this browser stores, saved to a file and loaded from one.
// The widgets store each answer under this prefix and the answer's name.
(() => {
  const STORE = "kernel-by-kernel:answer:";
  const FORMAT = "kernel-by-kernel-answers";

  function stored() {
    const found = {};
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i);
      if (!key.startsWith(STORE)) continue;
      try {
        found[key.slice(STORE.length)] = JSON.parse(localStorage.getItem(key));
      } catch {
        // not written by the course
      }
    }
    return found;
  }

  function el(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function save() {
    const text = JSON.stringify({ format: FORMAT, version: 1, answers: stored() }, null, 1);
    const link = el("a", {
      href: URL.createObjectURL(new Blob([text], { type: "application/json" })),
      download: "kernel-by-kernel-answers.json",
    });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  // Returns a sentence; what is here already stays unless the file has the same answer.
  function load(text) {
    let given;
    try {
      given = JSON.parse(text);
    } catch {
      return "This file is not readable; choose one that was saved on this page.";
    }
    const answers = given?.answers;
    if (given?.format !== FORMAT || typeof answers !== "object" || answers === null)
      return "This file holds no answers of this course; choose one that was saved on this page.";
    const names = Object.keys(answers).filter((name) => answers[name]?.constructor === Object);
    try {
      for (const name of names) localStorage.setItem(STORE + name, JSON.stringify(answers[name]));
    } catch {
      return "This browser does not let the page store anything.";
    }
    return `${names.length} answers loaded.`;
  }

  function table(answers) {
    const names = Object.keys(answers).sort();
    if (!names.length) return el("p", { textContent: "No answer yet." });
    const head = el("tr", {}, ...["lesson", "question", "your answer"].map((word) =>
      el("th", { scope: "col", textContent: word })));
    const rows = names.map((name) => {
      const said = answers[name];
      const words = Object.values(said).filter((value) => typeof value !== "object");
      const cells = [name.slice(0, 2), name.slice(3), words.join(", ")];
      return el("tr", {}, ...cells.map((cell) => el("td", { textContent: cell })));
    });
    return el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows));
  }

  function show(host, sentence = "") {
    const file = el("input", { type: "file", accept: ".json,application/json" });
    file.addEventListener("change", async () => {
      if (file.files.length) show(host, load(await file.files[0].text()));
    });
    const answers = stored();
    const button = el("button", { type: "button", textContent: "Save to a file" });
    button.disabled = !Object.keys(answers).length;
    button.addEventListener("click", save);
    host.replaceChildren(
      el("p", {}, button),
      el("p", {}, el("label", {}, "Load from a file: ", file)),
      el("p", { role: "status", textContent: sentence }),
      table(answers),
    );
  }

  for (const host of document.querySelectorAll('.kk-answers[data-page="answers"]')) show(host);
})();
