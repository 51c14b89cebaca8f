// Rows of a list that are picked: counts them, picks all of the page or a range, and takes them along to
// the next page. <form data-pick> with boxes named "id", some hidden; without this its buttons do it.

const idsOf = (form) =>
  [...form.querySelectorAll("[name=id]")]
    .filter((box) => box.type === "hidden" || box.checked)
    .map((box) => box.value);

function tell(form) {
  const status = form.querySelector("[data-picked]");
  const number = idsOf(form).length;
  const sentence = number === 1 ? status.dataset.one : status.dataset.many;
  status.textContent = sentence.replace("%(n)s", number);
}

function pickPage(form, boxes) {
  const whole = form.querySelector("[data-pick-page]");
  if (!whole) return () => {};
  whole.closest("label").hidden = false;
  whole.addEventListener("change", () => {
    for (const box of boxes) box.checked = whole.checked;
    tell(form);
  });
  return () => {
    const checked = boxes.filter((box) => box.checked).length;
    whole.checked = checked === boxes.length;
    whole.indeterminate = checked > 0 && checked < boxes.length;
  };
}

// A link that shows more of the list: other pages, another order.
function takeAlong(form, root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-same-list], .pager a, a.sort-link");
    if (!link) return;
    const url = new URL(link.href);
    url.searchParams.delete("id");
    for (const id of idsOf(form)) url.searchParams.append("id", id);
    link.href = url;
  });
}

export function startPicking(root) {
  for (const form of root.querySelectorAll("form[data-pick]")) {
    if (form.dataset.started) continue;
    form.dataset.started = "yes";
    const boxes = [...form.querySelectorAll("input[type=checkbox][name=id]")];
    const mirror = pickPage(form, boxes);
    let last = null;
    for (const box of boxes) {
      box.addEventListener("click", (event) => {
        if (event.shiftKey && last) {
          const [first, end] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
          for (const one of boxes.slice(first, end + 1)) one.checked = box.checked;
        }
        last = box;
      });
    }
    form.addEventListener("change", () => {
      mirror();
      tell(form);
    });
    takeAlong(form, document);
    // The browser ticks boxes again that were ticked before the way back.
    mirror();
    tell(form);
  }
}
