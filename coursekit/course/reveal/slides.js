// What is too tall for its slide is made smaller, as a whole.
function fit() {
  const room = 704;
  for (const slide of document.querySelectorAll(".slide")) {
    slide.style.zoom = 1;
    for (let turn = 0; turn < 6 && slide.offsetHeight * Number(slide.style.zoom) > room; turn++)
      slide.style.zoom = Math.max(0.3, Number(slide.style.zoom) * 0.98 *
        Math.sqrt(room / (slide.offsetHeight * Number(slide.style.zoom))));
  }
}

Reveal.initialize({
  width: 1280, height: 720, margin: 0.02, center: false, hash: true, slideNumber: "c/t",
  transition: "none", controlsTutorial: false, display: "block", plugins: [RevealNotes],
}).then(() => {
  Reveal.on("slidechanged", fit);
  Reveal.on("resize", fit);
  fit();
});
