// Hovering or focusing a row lights its arc on the map, and the other way round.

let started = false;

function light(event, on) {
  const pair = event.target.closest?.("[data-pair]");
  if (!pair) return;
  for (const part of document.querySelectorAll(`[data-pair="${CSS.escape(pair.dataset.pair)}"]`)) {
    part.classList.toggle("is-lit", on);
  }
}

export function startMaps() {
  if (started) return;
  started = true;
  document.addEventListener("pointerover", (event) => light(event, true));
  document.addEventListener("pointerout", (event) => light(event, false));
  document.addEventListener("focusin", (event) => light(event, true));
  document.addEventListener("focusout", (event) => light(event, false));
}
