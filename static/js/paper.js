// A paper shown in a frame: <div data-paper>. Where the browser draws no PDF in a page, its frame goes, and what is
// judged by it (data-needs-paper) waits until its link was followed (data-opens-paper).

export function startPapers(root) {
  if (navigator.pdfViewerEnabled !== false) return;
  for (const view of root.querySelectorAll("[data-paper]")) {
    view.querySelector("iframe").remove();
    view.querySelector("p").hidden = false;
  }
  const verdicts = document.querySelectorAll("[data-needs-paper]");
  for (const button of verdicts) button.disabled = true;
  for (const link of document.querySelectorAll("[data-opens-paper]")) {
    link.addEventListener("click", () => {
      for (const button of verdicts) button.disabled = false;
    });
  }
}
