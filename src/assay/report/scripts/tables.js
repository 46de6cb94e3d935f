// Ours, for every page with a table: sorts rows by a column, filters them by words, and keeps both in the address.
// It also filters the lists of a page that has a place for the box.
(function () {
  "use strict";
  var LEAST_TO_SORT = 5, LEAST_TO_FILTER = 8;
  var MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  var DATE = /(?:(\d{1,2}) )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b.*?\b((?:19|20)\d\d)/;
  var collator = new Intl.Collator("en-GB", { numeric: true }), stored = "assay tables " + location.pathname;
  var address = new URLSearchParams(location.search || recall());

  // A page opened from a disk or under strict privacy may have no storage: then the address alone remembers.
  function recall() { try { return sessionStorage.getItem(stored) || ""; } catch (error) { return ""; } }
  function keep(name, value) {
    if (value) address.set(name, value); else address.delete(name);
    var query = address.toString();
    try { sessionStorage.setItem(stored, query); } catch (error) { /* kept in the address */ }
    try { history.replaceState(null, "", (query ? "?" + query : location.pathname) + location.hash); } catch (error) { /* kept in the storage */ }
  }
  function plain(text) { return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, ""); }
  function make(kind, css, text) {
    var element = document.createElement(kind);
    if (css) element.className = css;
    if (text) element.textContent = text;
    return element;
  }
  function day(text) {
    var found = text.match(DATE);
    return found ? (Number(found[3]) * 12 + MONTHS.indexOf(found[2])) * 31 + Number(found[1] || 0) : null;
  }
  // "under 0.1%" is below 0.1; "5% lower" is -5; a cell without a number is not known.
  function number(text) {
    var found = text.replace(/,/g, "").replace(/\u2212/g, "-").match(/-?\d+(?:\.\d+)?/);
    if (!found) return /^unchanged/.test(text) ? 0 : null;
    var value = Number(found[0]);
    if (/^(under|fewer than|less than)/i.test(text)) value -= 1e-6;
    return /^[\d.,]+%?(?: percentage)?(?: points?)? (lower|fewer|less|below)/.test(text) ? -value : value;
  }
  // Dates sort as dates, and a column of figures as numbers; otherwise cells sort as words.
  function keyOf(texts, isNumeric) {
    var filled = texts.filter(Boolean), figures = filled.filter(function (text) { return /^[\u2212-]?\d|^under |^fewer than |^unchanged/.test(text); });
    if (filled.length && filled.every(function (text) { return day(text) !== null; })) return day;
    return isNumeric || figures.length * 2 > filled.length ? number : null;
  }
  function compare(key, down) {
    return function (a, b) {
      if (key) {
        if ((a.key === null) !== (b.key === null)) return a.key === null ? 1 : -1;
        if (a.key !== b.key && a.key !== null) return down ? b.key - a.key : a.key - b.key;
      }
      if (!a.text !== !b.text) return a.text ? -1 : 1;
      return (down ? -1 : 1) * collator.compare(a.text, b.text) || a.at - b.at;
    };
  }

  function prepare(table) {
    var id = table.caption.id, rest = document.getElementById(id + "-rest"), other = rest && rest.closest("table");
    var tables = other ? [table, other] : [table], folded = other && other.closest("details");
    var rows = [].concat.apply([], tables.map(function (part) { return Array.from(part.tBodies[0].rows); }));
    var shownFirst = table.tBodies[0].rows.length, heads = Array.from(table.tHead.rows[0].cells), state = { column: -1, down: false, words: "" };
    if (rows.length < LEAST_TO_SORT || table.querySelector("[colspan], [rowspan]")) return;
    var texts = rows.map(function (row) { return Array.from(row.cells).map(function (cell) { return cell.textContent.trim(); }); });
    var looked = texts.map(function (cells) { return plain(cells.join(" ")); });
    var keys = heads.map(function (head, n) { return keyOf(texts.map(function (cells) { return cells[n] || ""; }), head.classList.contains("n")); });
    var status = make("p", "found-rows"), input = null, select = null;

    function arrange() {
      var key = keys[state.column], words = plain(state.words).split(/\s+/).filter(Boolean);
      var order = rows.map(function (row, at) {
        var text = state.column < 0 ? "" : texts[at][state.column] || "";
        return { at: at, row: row, text: text, key: key ? key(text) : null, fits: words.every(function (word) { return looked[at].indexOf(word) >= 0; }) };
      });
      if (state.column >= 0) order.sort(compare(key, state.down));
      var fitting = order.filter(function (item) { return item.fits; });
      fitting.concat(order.filter(function (item) { return !item.fits; })).forEach(function (item, place) {
        item.row.hidden = !item.fits;
        (other && place >= shownFirst ? other : table).tBodies[0].appendChild(item.row);
      });
      if (folded) folded.hidden = fitting.length <= shownFirst;
      status.textContent = words.length ? fitting.length + " of " + rows.length + " rows" : "";
      tables.forEach(function (part) {
        Array.from(part.tHead.rows[0].cells).forEach(function (head, n) {
          if (n === state.column) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
          else head.removeAttribute("aria-sort");
        });
      });
      if (select) select.value = state.column < 0 ? "" : state.column + (state.down ? "d" : "a");
      if (input && input.value !== state.words) input.value = state.words;
    }
    function sortBy(choice) {
      state.column = choice && Number.parseInt(choice, 10) < heads.length ? Number.parseInt(choice, 10) : -1;
      state.down = /d$/.test(choice);
      keep(id + ".sort", choice);
      arrange();
    }
    // The first press shows the largest figure or the first word at the top, the second turns round, the third undoes.
    function press(n) {
      var first = keys[n] === number ? "d" : "a", now = state.column === n ? (state.down ? "d" : "a") : "";
      sortBy(!now ? n + first : now === first ? n + (first === "d" ? "a" : "d") : "");
    }
    function headButtons(part) {
      Array.from(part.tHead.rows[0].cells).forEach(function (head, n) {
        var button = make("button", "sort");
        button.type = "button";
        while (head.firstChild) button.appendChild(head.firstChild);
        head.appendChild(button);
        button.addEventListener("click", function () { press(n); });
      });
    }
    function labelled(control, text, css) {
      var label = make("label", css, text + " ");
      label.appendChild(control);
      return label;
    }
    function tools() {
      var bar = make("div", "table-tools");
      bar.setAttribute("role", "group");
      bar.setAttribute("aria-label", "Rows of the table: " + table.caption.textContent.trim());
      input = make("input");
      input.type = "search";
      input.addEventListener("input", function () { state.words = input.value; keep(id + ".rows", state.words.trim()); arrange(); });
      select = make("select");
      select.appendChild(new Option("as published", ""));
      heads.forEach(function (head, n) {
        var heading = head.textContent.trim(), ends = keys[n] === number ? [" (lowest first)", " (highest first)"] : keys[n] ? [" (earliest first)", " (latest first)"] : [" (A to Z)", " (Z to A)"];
        select.appendChild(new Option(heading + ends[0], n + "a"));
        select.appendChild(new Option(heading + ends[1], n + "d"));
      });
      select.addEventListener("change", function () { sortBy(select.value); });
      status.setAttribute("role", "status");
      [labelled(input, "Show rows with"), labelled(select, "Sort by", "on-phone"), status].forEach(function (part) { bar.appendChild(part); });
      table.parentNode.parentNode.insertBefore(bar, table.parentNode);
    }
    if (rows.length >= LEAST_TO_FILTER) tools();
    // On a phone the heads of cards are not seen: there the list of choices sorts.
    if (!table.classList.contains("cards") || !window.matchMedia("(max-width: 640px)").matches) tables.forEach(headButtons);
    state.words = input && address.get(id + ".rows") || "";
    if (state.words || address.get(id + ".sort")) {
      for (var part = table.closest("details"); part; part = part.parentNode.closest("details")) part.open = true;
      sortBy(address.get(id + ".sort") || "");
    }
  }
  // Without this script the place is empty, and all items can be read.
  function filterLists(place) {
    var sections = Array.from(document.querySelectorAll(".filtered")), input = make("input"), status = make("p", "found-rows");
    var items = [].concat.apply([], sections.map(function (section) { return Array.from(section.querySelectorAll("li")); }));
    var looked = items.map(function (item) { return plain(item.textContent); });
    function arrange() {
      var words = plain(input.value).split(/\s+/).filter(Boolean);
      items.forEach(function (item, at) { item.hidden = !words.every(function (word) { return looked[at].indexOf(word) >= 0; }); });
      sections.forEach(function (section) {
        section.hidden = !section.querySelector("li:not([hidden])");
        if (words.length) section.querySelectorAll("details").forEach(function (part) { part.open = true; });
      });
      status.textContent = words.length ? items.filter(function (item) { return !item.hidden; }).length + " of " + items.length : "";
    }
    input.type = "search";
    input.value = address.get("items") || "";
    input.addEventListener("input", function () { keep("items", input.value.trim()); arrange(); });
    status.setAttribute("role", "status");
    var label = make("label", "", place.dataset.filter + " ");
    label.appendChild(input);
    place.appendChild(label);
    place.appendChild(status);
    arrange();
  }
  document.querySelectorAll("[data-filter]").forEach(filterLists);
  document.querySelectorAll(".scroll > table:not(.matrix)").forEach(function (table) {
    if (table.caption && table.caption.id && !/-rest$/.test(table.caption.id) && table.tHead && table.tBodies.length === 1) prepare(table);
  });
}());
