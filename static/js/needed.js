// Fields that hang on a choice. The server decides in any case, and takes what was not chosen for nothing.
// <textarea data-needed-when="field=answer">: one of two answers makes it necessary; its label says "(optional)" else.
// <textarea data-shown-when="field=answer">: it is seen with that answer alone.

function hold(input, rule, show) {
  const [name, answer] = rule.split("=");
  const look = () => show(new FormData(input.form).get(name), answer);
  input.form.addEventListener("change", look);
  look();
}

function startOne(input) {
  const { neededWhen, shownWhen } = input.dataset;
  if (neededWhen) {
    const optional = document.querySelector(`[data-optional="${input.id}"]`);
    hold(input, neededWhen, (chosen, answer) => {
      if (optional) optional.hidden = chosen === null || chosen === answer;
      input.setAttribute("aria-required", String(chosen === answer));
    });
  }
  if (shownWhen) {
    const frame = input.closest(".field");
    hold(input, shownWhen, (chosen, answer) => {
      frame.hidden = chosen !== null && chosen !== answer;
    });
  }
}

export function startNeeded(root) {
  for (const input of root.querySelectorAll("[data-needed-when], [data-shown-when]")) startOne(input);
}
