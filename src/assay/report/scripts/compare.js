// Ours, for the page that sets two forces side by side: its figures lie beside it. Nothing is fetched and nothing sent.
(function () {
  "use strict";
  var form = document.getElementById("compare-form");
  var shown = document.getElementById("compare-shown");
  var held = window.assayCompare;
  if (!form || !shown || !held || held.places.length < 2) return;
  form.hidden = false;
  var choices = form.querySelectorAll("select");

  function cell(row, kind, text, href) {
    var made = document.createElement(kind), holder = made;
    if (href) { holder = document.createElement("a"); holder.href = href; made.appendChild(holder); }
    holder.textContent = text;
    row.appendChild(made);
    return made;
  }
  choices.forEach(function (choice, number) {
    held.places.forEach(function (place, at) {
      var option = document.createElement("option");
      option.value = at;
      option.textContent = place.name;
      option.selected = at === number;
      choice.appendChild(option);
    });
  });
  // The first figures are shown; the others are folded, so that the page stays short.
  var FIRST = 30, isOpen = false;
  function table(pair, rows, title) {
    var made = document.createElement("table"), head = document.createElement("thead"), body = document.createElement("tbody");
    var caption = document.createElement("caption");
    caption.textContent = title;
    made.appendChild(caption);
    var row = document.createElement("tr");
    cell(row, "th", held.what).scope = "col";
    pair.forEach(function (place) { cell(row, "th", place.name, place.href).scope = "col"; });
    head.appendChild(row);
    rows.forEach(function (one) {
      var line = document.createElement("tr");
      cell(line, "th", one.title, one.href).scope = "row";
      pair.forEach(function (place) { cell(line, "td", one.said[place.code] || held.none); });
      body.appendChild(line);
    });
    made.appendChild(head);
    made.appendChild(body);
    return made;
  }
  function show() {
    var pair = [held.places[choices[0].value], held.places[choices[1].value]];
    var title = pair[0].name + " and " + pair[1].name + ", side by side";
    shown.textContent = "";
    shown.appendChild(table(pair, held.rows.slice(0, FIRST), title));
    if (held.rows.length <= FIRST) return;
    var rest = document.createElement("details"), summary = document.createElement("summary");
    rest.className = "folded";
    rest.open = isOpen;
    rest.addEventListener("toggle", function () { isOpen = rest.open; });
    summary.textContent = "Show the other rows";
    rest.appendChild(summary);
    rest.appendChild(table(pair, held.rows.slice(FIRST), title + ": the other rows"));
    shown.appendChild(rest);
  }
  choices.forEach(function (choice) { choice.addEventListener("change", show); });
  form.addEventListener("submit", function (event) { event.preventDefault(); show(); });
  show();
}());
