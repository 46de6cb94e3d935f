// Ours, for the page of search: looks for words in the index that lies beside it. Nothing is fetched and nothing sent.
(function () {
  "use strict";
  var form = document.getElementById("search-form");
  var found = document.getElementById("search-found");
  var index = window.assaySearch || [];
  if (!form || !found || !index.length) return;
  form.hidden = false;
  var field = form.querySelector("input"), BEFORE = 60, AFTER = 140, MOST = 30;

  // One letter for one letter, so that a place in the plain text is the same place in the text that is shown.
  function plain(text) {
    return Array.from(text).map(function (letter) {
      var bare = letter.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
      return bare.length === letter.length ? bare : letter;
    }).join("");
  }
  var read = index.map(function (item) {
    var areas = item.areas || "", text = areas ? item.words + " \u00b7 Areas: " + areas : item.words;
    return { item: item, title: plain(item.title), areas: plain(areas), text: text, words: plain(text) };
  });

  // Every word must stand in the page; a page whose title, or whose force's areas, hold it comes first.
  function score(page, words) {
    var sum = 0;
    for (var i = 0; i < words.length; i += 1) {
      if (page.title.indexOf(words[i]) >= 0 || page.areas.indexOf(words[i]) >= 0) sum += 5;
      else if (page.words.indexOf(words[i]) >= 0) sum += 1;
      else return 0;
    }
    return sum;
  }
  // How many areas a force has whose areas hold the words: of two forces with London, that with more councils is first.
  function areasFound(page, words) {
    var holds = words.every(function (word) { return page.areas.indexOf(word) >= 0; });
    return holds ? page.areas.split(";").length : 0;
  }
  // The text around the first place where most of the words stand close together, with the words marked.
  function excerpt(page, words) {
    var paragraph = document.createElement("p"), text = page.text, best = 0, most = -1;
    words.forEach(function (word) {
      for (var at = page.words.indexOf(word); at >= 0; at = page.words.indexOf(word, at + 1)) {
        var near = page.words.slice(Math.max(0, at - BEFORE), at + AFTER);
        var count = words.filter(function (other) { return near.indexOf(other) >= 0; }).length;
        if (count > most) { most = count; best = at; }
      }
    });
    var start = best > BEFORE ? text.indexOf(" ", best - BEFORE) + 1 : 0, end = text.indexOf(" ", best + AFTER);
    if (start > best) start = best;
    if (end < 0) end = text.length;
    paragraph.appendChild(document.createTextNode(start ? "\u2026 " : ""));
    for (var at = start; at < end;) {
      var next = words.map(function (word) { return { at: page.words.indexOf(word, at), length: word.length }; })
        .filter(function (place) { return place.at >= 0 && place.at + place.length <= end; })
        .sort(function (a, b) { return a.at - b.at || b.length - a.length; })[0];
      paragraph.appendChild(document.createTextNode(text.slice(at, next ? next.at : end)));
      if (!next) break;
      var mark = document.createElement("mark");
      mark.textContent = text.slice(next.at, next.at + next.length);
      paragraph.appendChild(mark);
      at = next.at + next.length;
    }
    if (end < text.length) paragraph.appendChild(document.createTextNode(" \u2026"));
    return paragraph;
  }
  function look() {
    var words = plain(field.value).split(/[^a-z0-9]+/).filter(Boolean);
    var hits = !words.length ? [] : read
      .map(function (page, at) {
        return { page: page, at: at, score: score(page, words), areas: areasFound(page, words) };
      })
      .filter(function (hit) { return hit.score; })
      .sort(function (a, b) { return b.score - a.score || b.areas - a.areas || a.at - b.at; });
    found.textContent = "";
    var count = document.createElement("p"), list = document.createElement("ul");
    count.textContent = !words.length ? "" : !hits.length ? "No page holds all of these words."
      : hits.length === 1 ? "One page." : hits.length + " pages" + (hits.length > MOST ? "; the first " + MOST + ":" : ":");
    list.className = "search-hits";
    hits.slice(0, MOST).forEach(function (hit) {
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = hit.page.item.path;
      link.textContent = hit.page.item.title;
      item.appendChild(link);
      item.appendChild(excerpt(hit.page, words));
      list.appendChild(item);
    });
    found.appendChild(count);
    if (hits.length) found.appendChild(list);
    remember(field.value.trim());
  }
  // The words are kept in the address, so that a search can be sent, and is still there on the way back.
  function remember(words) {
    var query = words ? "?" + new URLSearchParams({ words: words }) : location.pathname;
    try { history.replaceState(null, "", query + location.hash); } catch (error) { /* the page works without */ }
  }
  field.addEventListener("input", look);
  form.addEventListener("submit", function (event) { event.preventDefault(); look(); });
  field.value = new URLSearchParams(location.search).get("words") || "";
  if (field.value) look();
}());
