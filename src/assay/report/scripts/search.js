// Ours, for the page of search: looks for words in the index that lies beside it. Nothing is fetched and nothing sent.
(function () {
  "use strict";
  var form = document.getElementById("search-form");
  var found = document.getElementById("search-found");
  var index = window.assaySearch || [];
  if (!form || !found || !index.length) return;
  form.hidden = false;
  var field = form.querySelector("input");

  function plain(text) { return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, ""); }
  var read = index.map(function (one) { return { one: one, title: plain(one.title), words: plain(one.words) }; });

  // Every word must stand in the page; a page whose title holds it comes first.
  function score(page, words) {
    var sum = 0;
    for (var i = 0; i < words.length; i += 1) {
      if (page.title.indexOf(words[i]) >= 0) sum += 5;
      else if (page.words.indexOf(words[i]) >= 0) sum += 1;
      else return 0;
    }
    return sum;
  }
  function look() {
    var words = plain(field.value).split(/[^a-z0-9]+/).filter(Boolean);
    var hits = !words.length ? [] : read
      .map(function (page, at) { return { page: page, at: at, score: score(page, words) }; })
      .filter(function (hit) { return hit.score; })
      .sort(function (a, b) { return b.score - a.score || a.at - b.at; });
    found.textContent = "";
    var said = document.createElement("p");
    said.textContent = !words.length ? "" : !hits.length ? "No page holds all of these words."
      : hits.length === 1 ? "One page." : hits.length + " pages" + (hits.length > 30 ? "; the first 30:" : ":");
    var list = document.createElement("ul");
    hits.slice(0, 30).forEach(function (hit) {
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = hit.page.one.path;
      link.textContent = hit.page.one.title;
      item.appendChild(link);
      list.appendChild(item);
    });
    found.appendChild(said);
    if (hits.length) found.appendChild(list);
  }
  field.addEventListener("input", look);
  form.addEventListener("submit", function (event) { event.preventDefault(); look(); });
}());
