// Printing, and emptying a sheet or a comparison that was left on a screen.
"use strict";
(() => {
  const idle = Number(document.body.dataset.idle) * 1000;
  const button = document.getElementById("print");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  let lastUse = Date.now();
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
    addEventListener(kind, () => (lastUse = Date.now()), { passive: true, capture: true });
  }
  function tick() {
    if (Date.now() - lastUse <= idle) return;
    const gone = document.createElement("p");
    gone.textContent = "This page was emptied, because nobody used it for a while. Ask for it again in the calculator.";
    document.title = "Emptied";
    document.body.replaceChildren(gone);
  }
  setInterval(tick, 1000);
  addEventListener("pageshow", tick);
})();
