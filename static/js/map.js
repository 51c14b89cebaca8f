// Hovering or focusing an arc or a row of the list lights both, and lifts the names above the points.

export function startMaps(root) {
  for (const map of root.querySelectorAll("[data-map]")) {
    if (map.dataset.started) continue;
    map.dataset.started = "yes";
    keepNamesOnTop(map);
  }
  if (document.body.dataset.mapRows) return;
  document.body.dataset.mapRows = "yes";
  for (const [name, isOn] of [
    ["pointerover", true],
    ["pointerout", false],
    ["focusin", true],
    ["focusout", false],
  ]) {
    document.addEventListener(name, (event) => light(event.target, isOn));
  }
}

function light(target, isOn) {
  const part = target.closest?.("[data-pair]");
  if (!part) return;
  for (const same of document.querySelectorAll(`[data-pair="${CSS.escape(part.dataset.pair)}"]`)) {
    same.classList.toggle("is-lit", isOn);
    same.dispatchEvent(new CustomEvent("map:lit", { detail: isOn }));
  }
}

function keepNamesOnTop(map) {
  const top = map.querySelector("[data-map-top]");
  if (!top) return;
  for (const arc of map.querySelectorAll("a.map-pair")) {
    arc.addEventListener("map:lit", (event) => {
      const names = event.detail ? [...arc.querySelectorAll(".map-tip")] : [];
      top.replaceChildren(...names.map((name) => name.cloneNode(true)));
      map.classList.toggle("has-lit", event.detail);
    });
  }
}
