// Puts a placeholder where the writer stopped: <button data-insert="{city}" hidden> inside the form.
// Without script the names are typed, so the buttons show only here.

function start(button, last) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = last.get(button.form) ?? button.form.querySelector("textarea");
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

export function startInserting(root) {
  const last = new Map();
  root.addEventListener("focusin", ({ target }) => {
    if (target.form && target.matches("textarea, [data-insert-here]")) last.set(target.form, target);
  });
  for (const button of root.querySelectorAll("button[data-insert]")) start(button, last);
}
