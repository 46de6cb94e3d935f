// Ours, for the marking page: what is not saved is sent again, a text can be hidden, and marking by keyboard.
(function () {
  "use strict";
  document.documentElement.classList.add("scripted");
  var connection = document.getElementById("connection");
  var desk = document.querySelector(".desk[data-keys]");
  if (!desk || !connection) return;

  // A form that could not be sent stays marked until it was; every three seconds, and when the network is back, again.
  function unsent() { return document.querySelectorAll("form[data-unsent]"); }
  function say(words) { if (connection.textContent !== words) connection.textContent = words; }
  function failed(event) {
    var form = event.detail.elt.closest("form");
    if (!form || !form.hasAttribute("data-question")) return;
    form.setAttribute("data-unsent", "");
    var place = form.querySelector(".status");
    if (place) place.textContent = connection.dataset.unsent;
    var status = event.detail.xhr ? event.detail.xhr.status : 0;
    say(status === 401 || status === 403 ? connection.dataset.ended : connection.dataset.lost);
  }
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (name) {
    document.body.addEventListener(name, failed);
  });
  document.body.addEventListener("htmx:afterRequest", function (event) {
    if (!event.detail.successful) return;
    var form = event.detail.elt.closest("form");
    if (form) form.removeAttribute("data-unsent");
    if (!unsent().length) say("");
  });
  function renew() {
    // A new session has a new token: every form takes it before it is sent again.
    return fetch("/token", { credentials: "same-origin", redirect: "manual" }).then(function (answer) {
      if (!answer.ok) throw new Error("not signed in");
      return answer.text();
    }).then(function (token) {
      document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach(function (one) { one.value = token; });
    });
  }
  function again() {
    if (!unsent().length) return;
    renew().then(function () { unsent().forEach(function (form) { htmx.trigger(form, "resend"); }); }, function () {});
  }
  window.addEventListener("online", again);
  window.setInterval(again, 3000);
  window.addEventListener("beforeunload", function (event) { if (unsent().length) event.preventDefault(); });

  // The same file in two windows: each tells the other, and both say so.
  var twice = document.getElementById("twice");
  if (twice && window.BroadcastChannel) {
    var windows = new BroadcastChannel("reading-" + desk.dataset.reading);
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
  var keys = JSON.parse(desk.dataset.keys);
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
