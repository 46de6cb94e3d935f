// Ours, for the marking page: a file in two windows, a text that can be hidden, and marking by keyboard.
(function () {
  "use strict";
  if (window.htmx) document.documentElement.classList.add("scripted");  // else every question keeps its "Save"
  var workspace = document.querySelector(".workspace[data-keys]");
  if (!workspace) return;

  // The same file in two windows: each tells the other, and both say so.
  var twice = document.getElementById("twice");
  if (twice && window.BroadcastChannel) {
    var windows = new BroadcastChannel("reading-" + workspace.dataset.reading);
    windows.onmessage = function (event) {
      twice.textContent = twice.dataset.twice;
      if (event.data === "opened") windows.postMessage("here");
    };
    windows.postMessage("opened");
  }

  // A text that was shown can be hidden again, and shown without asking for it anew.
  document.body.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-veil]");
    if (!button) return;
    var text = button.closest(".veiled").querySelector(".said");
    text.hidden = !text.hidden;
    var other = button.dataset.veil || "";
    button.dataset.veil = button.textContent;
    button.textContent = other || "\u2026";
  });
  document.body.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target && event.detail.target.classList.contains("veiled")) {
      var shown = event.detail.target.querySelector("button[data-veil]");
      if (shown) shown.focus();
    }
  });

  // Keys: off by default, never while somebody writes, never with another key held down.
  var keys = JSON.parse(workspace.dataset.keys);
  if (!keys.on) return;
  var sets = Array.prototype.slice.call(document.querySelectorAll("#questions fieldset:not([disabled])"));
  var at = -1;
  function go(to) {
    at = Math.max(0, Math.min(sets.length - 1, to));
    sets[at].focus({ preventScroll: true });
    sets[at].scrollIntoView({ block: "center" });
  }
  document.addEventListener("focusin", function (event) {
    var place = sets.indexOf(event.target.closest("fieldset"));
    if (place >= 0) at = place;
  });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    var kind = event.target.type;
    if (/^(TEXTAREA|SELECT)$/.test(event.target.tagName) || (event.target.tagName === "INPUT" && kind !== "radio" && kind !== "checkbox")) return;
    var key = event.key.toLowerCase();
    var action = Object.keys(keys).find(function (name) { return name !== "on" && String(keys[name]).toLowerCase() === key; });
    if (!action) return;
    event.preventDefault();
    if (action === "next") go(at + 1);
    else if (action === "back") go(at - 1);
    else if (action === "undo") { var undo = document.getElementById("undo-last"); if (undo) undo.click(); }
    else if (action === "reason" && at >= 0) sets[at].querySelector("textarea").focus();
    else if (at >= 0) {
      var choice = sets[at].querySelectorAll("input[name=answer]")[Number(action.slice(6)) - 1];
      if (choice && (choice.type === "radio" || choice.type === "checkbox")) choice.click();
    }
  });
})();
