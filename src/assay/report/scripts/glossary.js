// Ours, for every page: a term of the glossary says its meaning where it stands; without scripts its link leads there.
(function () {
  "use strict";
  var GAP = 6, panel = document.createElement("div");
  if (!panel.showPopover) return;
  var name = document.createElement("strong"), meaning = document.createElement("p"), more = document.createElement("a");
  panel.className = "meaning";
  panel.popover = "auto";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-labelledby", "meaning-of");
  name.id = "meaning-of";
  more.textContent = "All words of the glossary";
  more.autofocus = true;
  [name, meaning, more].forEach(function (part) { panel.appendChild(part); });
  document.querySelector("main").appendChild(panel);

  function show(link) {
    name.textContent = link.dataset.term;
    meaning.textContent = link.dataset.meaning;
    more.href = link.href;
    panel.showPopover();
    var box = link.getBoundingClientRect(), width = panel.offsetWidth, below = box.bottom + GAP;
    var fits = below + panel.offsetHeight < document.documentElement.clientHeight;
    panel.style.left = Math.max(GAP, Math.min(box.left, document.documentElement.clientWidth - width - GAP)) + "px";
    panel.style.top = (fits ? below : Math.max(GAP, box.top - GAP - panel.offsetHeight)) + "px";
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a.term");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link);
  });
}());
