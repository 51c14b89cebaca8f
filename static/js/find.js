// Narrows a long list to the names that hold what is typed: <div data-find="ID of the list"> with a
// search field and a status; each [data-found] of the list is one of them. Accents do not matter.

const folded = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();

function narrow(list, words, status) {
  let shown = 0;
  for (const row of list.querySelectorAll("[data-found]")) {
    const text = folded(row.textContent);
    // What is ticked stays in sight.
    const stays = words.every((word) => text.includes(word)) || row.querySelector(":checked");
    row.hidden = !stays;
    if (stays) shown += 1;
  }
  for (const group of list.querySelectorAll("fieldset")) {
    group.hidden = !group.querySelector("[data-found]:not([hidden])");
  }
  const sentence = shown === 1 ? status.dataset.one : status.dataset.many;
  status.textContent = words.length ? sentence.replace("%(n)s", shown) : "";
}

export function startFinding(root) {
  for (const place of root.querySelectorAll("[data-find]")) {
    const input = place.querySelector("input");
    const list = document.getElementById(place.dataset.find);
    const status = place.querySelector("[role=status]");
    if (!list || place.dataset.started) continue;
    place.dataset.started = "yes";
    input.addEventListener("input", () => {
      narrow(list, folded(input.value).split(/\s+/).filter(Boolean), status);
    });
    // Enter looks, it does not send the form around it.
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }
}
