// What every page may need. Each part looks for its own data attributes and does nothing without.
import { focusErrorSummary, startErrorLinks } from "./errors.js";
import { startMenus } from "./menu.js";

startMenus();
startErrorLinks();
focusErrorSummary();

// Parts that only some pages hold are fetched only there.
async function startOnDemand(root) {
  if (root.querySelector("[data-countdown]")) {
    (await import("./countdown.js")).startCountdowns(root);
  }
  if (root.querySelector("[data-counter]")) {
    (await import("./counter.js")).startCounters(root);
  }
  if (root.querySelector("form[data-autosave]")) {
    (await import("./autosave.js")).startAutosave(root);
  }
  if (root.querySelector("[data-combobox]")) {
    (await import("./combobox.js")).startComboboxes(root);
  }
  if (root.querySelector("input[data-most-bytes]")) {
    (await import("./files.js")).startFiles(root);
  }
  if (root.querySelector("[data-needed-when], [data-shown-when]")) {
    (await import("./needed.js")).startNeeded(root);
  }
  if (root.querySelector("[data-copy]")) {
    (await import("./copy.js")).startCopying(root);
  }
  if (root.querySelector("[data-insert]")) {
    (await import("./insert.js")).startInserting(root);
  }
  if (root.querySelector("[data-find]")) {
    (await import("./find.js")).startFinding(root);
  }
  if (root.querySelector("[data-shortcut], [data-row-keys], [data-send-key]")) {
    (await import("./keys.js")).startKeys();
  }
  if (root.querySelector("[data-paper]")) {
    (await import("./paper.js")).startPapers(root);
  }
  if (root.querySelector("form[data-pick]")) {
    (await import("./pick.js")).startPicking(root);
  }
  if (root.querySelector("[data-map]")) {
    (await import("./map.js")).startMaps(root);
  }
}
startOnDemand(document);

// Only a signed-in person's forms have a key. On a slow line people type before the rest is there; a
// text that the browser put back by itself has not the focus.
if (document.querySelector("[name=form_key]")) {
  const early = new Set();
  const note = ({ target }) => target.form && early.add(target.form);
  document.addEventListener("input", note);
  const { activeElement: written } = document;
  if (written?.form && written.value !== written.defaultValue) note({ target: written });
  import("./keep.js").then(({ startKeeping }) => {
    document.removeEventListener("input", note);
    startKeeping(early);
  });
}

// A fragment that htmx puts into the page gets the same treatment.
document.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt;
  if (root === document.body) return;
  startOnDemand(root.parentElement ?? root);
});
