// Ours, for the page that compares forces: its figures lie beside it. Nothing is fetched and nothing sent.
(function () {
  "use strict";
  var form = document.getElementById("compare-form"), chosen = document.getElementById("compare-choices");
  var more = document.getElementById("compare-more"), shown = document.getElementById("compare-shown");
  var data = window.assayCompare;
  if (!form || !shown || !data || data.places.length < 2) return;
  var LEAST = 2, MOST = Math.min(5, data.places.length), ORDINALS = ["First", "Second", "Third", "Fourth", "Fifth"];
  // The first figures are shown; the others are folded, so that the page stays short.
  var FIRST = 30, isOpen = false, forces = fromAddress();

  function key(place) { return place.href.replace(/^forces\/|\.html$/g, ""); }
  // The address names the forces, as in compare.html?forces=kent,gwent: so that it can be sent to somebody.
  function fromAddress() {
    var names = (new URLSearchParams(location.search).get("forces") || "").split(",");
    var found = names.map(function (name) { return data.places.findIndex(function (place) { return key(place) === name; }); });
    found = found.filter(function (at, n) { return at >= 0 && found.indexOf(at) === n; }).slice(0, MOST);
    for (var at = 0; found.length < LEAST; at += 1) if (found.indexOf(at) < 0) found.push(at);
    return found;
  }
  function toAddress() {
    var names = forces.map(function (at) { return key(data.places[at]); }).join(",");
    try { history.replaceState(null, "", "?forces=" + names + location.hash); } catch (error) { /* the page works without */ }
  }
  function cell(row, kind, text, href) {
    var element = document.createElement(kind), holder = element;
    if (href) { holder = document.createElement("a"); holder.href = href; element.appendChild(holder); }
    holder.textContent = text;
    row.appendChild(element);
    return element;
  }
  function choice(at, number) {
    var part = document.createElement("div"), label = document.createElement("label"), select = document.createElement("select");
    part.className = "one-force";
    select.id = "compare-" + number;
    label.htmlFor = select.id;
    label.textContent = ORDINALS[number] + " force";
    data.places.forEach(function (place, n) { select.appendChild(new Option(place.name, n, n === at, n === at)); });
    select.addEventListener("change", function () { forces[number] = Number(select.value); show(); });
    part.appendChild(label);
    part.appendChild(select);
    if (number < LEAST) return part;
    var remove = document.createElement("button");
    remove.type = "button";
    remove.className = "lesser";
    remove.textContent = "Remove";
    remove.setAttribute("aria-label", "Remove the " + ORDINALS[number].toLowerCase() + " force");
    remove.addEventListener("click", function () { forces.splice(number, 1); ask(); show(); more.focus(); });
    part.appendChild(remove);
    return part;
  }
  function ask() {
    chosen.textContent = "";
    forces.forEach(function (at, number) { chosen.appendChild(choice(at, number)); });
    more.hidden = forces.length >= MOST;
  }
  function table(rows, title) {
    var places = forces.map(function (at) { return data.places[at]; }), grid = document.createElement("table");
    var head = document.createElement("thead"), body = document.createElement("tbody"), caption = document.createElement("caption");
    grid.setAttribute("role", "table");
    if (places.length > LEAST) grid.className = "cards";
    caption.textContent = title;
    grid.appendChild(caption);
    var row = document.createElement("tr");
    cell(row, "th", data.what).scope = "col";
    places.forEach(function (place) { cell(row, "th", place.name, place.href).scope = "col"; });
    head.appendChild(row);
    rows.forEach(function (figure) {
      var line = document.createElement("tr");
      cell(line, "th", figure.title, figure.href).scope = "row";
      places.forEach(function (place) { cell(line, "td", figure.figures[place.code] || data.none).dataset.label = place.name; });
      body.appendChild(line);
    });
    grid.appendChild(head);
    grid.appendChild(body);
    roles(grid);
    return grid;
  }
  // On a phone a row is a card; the roles keep it a table for those who do not see it.
  function roles(grid) {
    [["thead, tbody", "rowgroup"], ["tr", "row"], ["thead th", "columnheader"], ["tbody th", "rowheader"], ["td", "cell"]].forEach(function (pair) {
      grid.querySelectorAll(pair[0]).forEach(function (part) { part.setAttribute("role", pair[1]); });
    });
  }
  function show() {
    var names = forces.map(function (at) { return data.places[at].name; });
    var title = names.slice(0, -1).join(", ") + " and " + names[names.length - 1] + ", side by side";
    toAddress();
    shown.textContent = "";
    shown.appendChild(table(data.rows.slice(0, FIRST), title));
    if (data.rows.length <= FIRST) return;
    var rest = document.createElement("details"), summary = document.createElement("summary");
    rest.className = "folded";
    rest.open = isOpen;
    rest.addEventListener("toggle", function () { isOpen = rest.open; });
    summary.textContent = "Show the other rows";
    rest.appendChild(summary);
    rest.appendChild(table(data.rows.slice(FIRST), title + ": the other rows"));
    shown.appendChild(rest);
  }
  more.addEventListener("click", function () {
    var next = data.places.findIndex(function (place, at) { return forces.indexOf(at) < 0; });
    forces.push(next);
    ask();
    show();
    chosen.lastElementChild.querySelector("select").focus();
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.hidden = false;
  document.getElementById("compare-address").hidden = false;
  ask();
  show();
}());
