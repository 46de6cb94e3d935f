// Ours, for the marking page: no answer is left behind. The page is left when the server has confirmed every one.
(function () {
  "use strict";
  // This script stops the page from being shown until it is loaded, so that nobody answers, or leaves, before it watches.
  // htmx sends answers from `ready` on; what was answered before is sent then.
  var states = new Map(), begun = false, ready = false;
  document.addEventListener("DOMContentLoaded", function () {
    begun = true;
    ready = Boolean(window.htmx);
    send();
    proceed();
  });
  function place(id) { return document.getElementById(id); }

  // `saved`: the contents that the server confirmed last; null where nobody knows what it has. `sent`: those in flight.
  // `failed`: to be sent again by itself. `refused`: not to be sent again unchanged. `asks`: another window's answer
  // stands, so that only a button that its reader presses may replace it.
  function stateOf(form) {
    if (!form || !form.matches("form[data-question][hx-post]")) return undefined;
    if (!states.has(form)) {
      states.set(form, { saved: contents(form, true), sent: null, failed: false, refused: null, asks: false });
    }
    return states.get(form);
  }
  function contents(form, loaded) {
    var given = Array.from(form.elements).filter(function (field) { return field.name === "answer" || field.name === "reason"; });
    return JSON.stringify(given.map(function (field) {
      if (field.type !== "radio" && field.type !== "checkbox") return loaded ? field.defaultValue : field.value;
      return loaded ? field.defaultChecked : field.checked;
    }));
  }
  function formsWhere(holds) {
    var forms = Array.from(document.querySelectorAll("form[data-question][hx-post]"));
    return forms.filter(function (form) { return holds(stateOf(form), contents(form)); });
  }
  function unsaved() { return formsWhere(function (state, now) { return state.saved !== now; }); }
  function stuck() {
    return formsWhere(function (state, now) { return state.saved !== now && (state.asks || state.refused === now); });
  }
  function say(where, words) { if (where && where.textContent !== words) where.textContent = words; }
  function words(id, name) { return place(id) ? place(id).dataset[name] : ""; }
  function sayWaiting(name, left) { say(place("waiting"), name ? words("waiting", name).replace("{n}", left) : ""); }
  function status(form) { return form.querySelector(".status"); }
  function sayUnsent(form) { if (!stateOf(form).asks) say(status(form), words("connection", "unsent")); }
  function isSaved(form) {
    return stateOf(form).saved === contents(form) && status(form).textContent !== words("connection", "unsent");
  }

  // Whatever would leave the page waits here until nothing is unsaved; `chosen`: the link that asked for it.
  var leaving = null, chosen = null;
  function isWatching() { return ready || !begun; }  // not where htmx could not be loaded: then the browser asks
  function hold(go, link) {
    leaving = go;
    chosen = link || null;
    send();
    proceed();
  }
  function send() {
    if (!ready) return;
    var not = stuck();
    unsaved().forEach(function (form) {
      if (not.indexOf(form) < 0 && stateOf(form).sent !== contents(form)) htmx.trigger(form, "resend");
    });
  }
  function proceed() {
    if (!leaving) return;
    var left = unsaved(), first = stuck()[0];
    if (first) {
      leaving = null;
      sayWaiting("refused");
      first.querySelector("fieldset").focus();
    } else if (left.length) {
      sayWaiting("waiting", left.length);
    } else {
      window.setTimeout(leaving);
      leaving = null;
      sayWaiting("");
    }
  }
  function submit(form, button) {
    var action = form.getAttribute("action");  // the form that undoes is another one after each answer
    if (!form.isConnected) form = Array.from(document.forms).find(function (candidate) { return candidate.getAttribute("action") === action; });
    if (form) form.requestSubmit(button && form.contains(button) ? button : null);
  }
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (stateOf(form) && !begun) event.preventDefault();
    else if (stateOf(form) && !ready) stateOf(form).saved = contents(form);  // it goes by itself, with its own button
    if (form.hasAttribute("hx-post") || !isWatching() || !unsaved().length) return;
    event.preventDefault();
    hold(function () { submit(form, button); });
  }, true);
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]");
    if (!link || link.target || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.hash && link.href.split("#")[0] === location.href.split("#")[0]) return;
    if (!isWatching() || !unsaved().length || chosen === link) return;  // chosen twice: the browser warns, and goes
    event.preventDefault();
    hold(function () { location.assign(link.href); }, link);
  }, true);
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (!stateOf(form)) return;
    sayUnsent(form);
    sayWaiting(leaving ? "stopped" : "");
    leaving = chosen = null;
  });

  // Closing: the browser asks first, and what was left is sent meanwhile; where it cannot ask, with the last breath.
  window.addEventListener("beforeunload", function (event) {
    if (!unsaved().length) return;
    send();
    event.preventDefault();
    event.returnValue = "unsaved";
  });
  document.addEventListener("visibilitychange", function () { if (document.hidden) send(); });
  window.addEventListener("pagehide", function () {
    var not = stuck();
    unsaved().filter(function (form) { return not.indexOf(form) < 0; }).forEach(function (form) {
      var body = new URLSearchParams(new FormData(form));
      fetch(form.action, { method: "POST", body: body, headers: { "HX-Request": "true" }, keepalive: true }).catch(function () {});
    });
  });

  // One request for each state of an answer: one that was queued and is saved by now is not sent.
  document.addEventListener("htmx:configRequest", function (event) {
    var form = event.detail.elt, state = stateOf(form), by = event.detail.triggeringEvent;
    if (!state) return;
    var pressed = Boolean(by) && by.type === "submit";
    if (!pressed && (state.asks || isSaved(form))) {
      event.preventDefault();
      return;
    }
    state.asks = false;
    state.sent = contents(form);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt, state = stateOf(form), answer = event.detail.xhr;
    if (!state) return;
    var isSaved = answer.status === 200 && answer.responseText.indexOf('class="kept"') >= 0;
    var refused = answer.status === 409;
    state.saved = isSaved ? state.sent : null;
    state.refused = refused ? state.sent : null;
    state.asks = refused && answer.responseText.indexOf('name="turn"') >= 0;
    state.failed = !isSaved && !refused;
    state.sent = null;
    if (state.failed || (isSaved && state.saved !== contents(form))) sayUnsent(form);
    sayLost(answer.status);
    proceed();
  });

  // What could not be sent is sent again every three seconds, and at once when the network is back.
  function failed() { return formsWhere(function (state) { return state.failed; }); }
  function sayLost(status) {
    if (!failed().length) say(place("connection"), "");
    else say(place("connection"), words("connection", status === 401 || status === 403 ? "ended" : "lost"));
  }
  function renew() {
    // A new session has a new token: every form takes it before it is sent again.
    return fetch("/token", { credentials: "same-origin", redirect: "manual" }).then(function (answer) {
      if (!answer.ok) throw new Error("not signed in");
      return answer.text();
    }).then(function (token) {
      document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach(function (field) { field.value = token; });
    });
  }
  function again() {
    if (!failed().length) return;
    renew().then(function () { failed().forEach(function (form) { htmx.trigger(form, "resend"); }); }, function () {});
  }
  window.addEventListener("online", again);
  window.setInterval(again, 3000);
})();
