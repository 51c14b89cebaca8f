// A field that one of two answers makes necessary: <textarea data-needed-when="field=answer">.
// The server asks for it in any case; here its label says "(optional)" while it is.

function start(input) {
  const [name, answer] = input.dataset.neededWhen.split("=");
  const optional = document.querySelector(`[data-optional="${input.id}"]`);
  const show = () => {
    const chosen = new FormData(input.form).get(name);
    const isNeeded = chosen === null || chosen === answer;
    if (optional) optional.hidden = isNeeded;
    input.setAttribute("aria-required", String(chosen === answer));
  };
  input.form.addEventListener("change", show);
  show();
}

export function startNeeded(root) {
  for (const input of root.querySelectorAll("[data-needed-when]")) start(input);
}
