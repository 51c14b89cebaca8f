// What every page may need. Each part looks for its own data attributes and does nothing without.
import { startCountdowns } from "./countdown.js";
import { startCounters } from "./counter.js";
import { focusErrorSummary, startErrorLinks } from "./errors.js";
import { startMenus, startShortcuts } from "./menu.js";

startMenus();
startShortcuts();
startErrorLinks();
focusErrorSummary();
startCountdowns(document);
startCounters(document);

// Parts that only some pages hold are fetched only there.
async function startOnDemand(root) {
  if (root.querySelector("form[data-autosave]")) {
    (await import("./autosave.js")).startAutosave(root);
  }
  if (root.querySelector("[data-combobox]")) {
    (await import("./combobox.js")).startComboboxes(root);
  }
  if (root.querySelector("[data-map]")) {
    (await import("./map.js")).startMaps(root);
  }
}
startOnDemand(document);

// A fragment that htmx puts into the page gets the same treatment.
document.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt;
  if (root === document.body) return;
  startCountdowns(root);
  startCounters(root);
  startOnDemand(root.parentElement ?? root);
});
