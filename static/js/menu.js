// Menus that fold behind a button on small screens, and details that close like menus.

export function startMenus() {
  for (const button of document.querySelectorAll("[data-menu]")) {
    const menu = document.getElementById(button.dataset.menu);
    button.addEventListener("click", () => {
      const open = menu.classList.toggle("is-open");
      button.setAttribute("aria-expanded", String(open));
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.classList.contains("is-open")) return;
      menu.classList.remove("is-open");
      button.setAttribute("aria-expanded", "false");
      button.focus();
    });
  }
  document.addEventListener("click", (event) => {
    for (const details of document.querySelectorAll("details[data-dismiss][open]")) {
      if (!details.contains(event.target)) details.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const details of document.querySelectorAll("details[data-dismiss][open]")) {
      const inside = details.contains(document.activeElement);
      details.open = false;
      if (inside) details.querySelector("summary").focus();
    }
  });
}
