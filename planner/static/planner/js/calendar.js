// Moving in the calendar: by dragging, or from the keyboard (m picks an entry up, arrows choose the day, Enter drops it,
// Escape leaves it). What follows is asked of the server and shown in a dialog before anything is saved. Nothing here is
// needed: each entry's page moves it too.
(function () {
  "use strict";
  var DAY = 864e5;
  document.addEventListener("DOMContentLoaded", function () {
    var told = document.getElementById("told");
    var board = document.querySelector("[data-moves]");
    var words = document.getElementById("calendar-words");
    if (!told || !words) { return; }
    var say = JSON.parse(words.content.textContent);
    var name = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
    var held = null;

    function dayWords(on) { return name.format(new Date(on + "T00:00Z")); }
    function fill(text, values) { return text.replace(/%\((\w+)\)s/g, function (_all, key) { return values[key]; }); }
    function tell(text) { told.textContent = ""; setTimeout(function () { told.textContent = text; }, 30); }
    function postOf(link) { var found = /\/posts\/(\d+)\//.exec(link.getAttribute("href")); return found ? found[1] : null; }
    function titleOf(link) { var one = link.querySelector(".name"); return (one || link).textContent.trim(); }
    function cellOf(node) { return node.closest ? node.closest("[data-on]") : null; }
    function plus(on, days) { return new Date(Date.parse(on + "T00:00Z") + days * DAY).toISOString().slice(0, 10); }

    // ---- the dialog that says what follows
    function dialog(html, label) {
      var box = document.createElement("dialog");
      box.className = "dialog";
      if (label) { box.setAttribute("aria-labelledby", label); }
      box.innerHTML = html;
      box.addEventListener("close", function () { var back = box.back; box.remove(); if (back && back.isConnected) { back.focus(); } });
      box.addEventListener("click", function (event) { if (event.target.closest("[data-stay]")) { box.close(); } });
      document.body.appendChild(box);
      box.showModal();
      return box;
    }
    function ask(link, source, on, at) {
      var item = link.closest("[data-v]");
      var form = new FormData();
      form.append("post", postOf(link));
      form.append("source", source || "");
      form.append("version", item ? item.dataset.v : "");
      form.append("on", on);
      if (at) { form.append("at", at + ":00"); }
      form.append("act", "preview");
      form.append("next", location.pathname + location.search);
      form.append("csrfmiddlewaretoken", board.dataset.token);
      tell(say.asking);
      fetch(board.dataset.moves, { method: "POST", body: form, headers: { "HX-Request": "true" } })
        .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.text(); })
        .then(function (html) { var box = dialog(html, "move-title"); box.back = link; tell(box.innerText); })
        .catch(function () { tell(say.failed); dialog("<p></p><p class=\"row\"><button class=\"btn\" type=\"button\" data-stay></button></p>").querySelectorAll("p, button").forEach(function (one, n) { if (n === 0) { one.textContent = say.failed; } else if (one.matches("button")) { one.textContent = say.close; } }); });
    }

    // ---- dragging, with a ghost that says the day
    var ghost = document.createElement("p");
    ghost.className = "ghost";
    ghost.hidden = true;
    document.body.appendChild(ghost);
    function movable(node) {
      var link = node.closest ? node.closest(".entry, .tray li > a") : null;
      return link && board && link.closest("[data-v]") && !link.classList.contains("is-published") ? link : null;
    }
    function unmark() { document.querySelectorAll(".drop").forEach(function (one) { one.classList.remove("drop"); }); }
    document.addEventListener("dragstart", function (event) {
      var link = movable(event.target);
      if (!link) { return; }
      var cell = cellOf(link);
      held = { link: link, source: cell ? cell.dataset.on : "" };
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", titleOf(link));
      link.classList.add("held");
    });
    document.addEventListener("dragover", function (event) {
      if (!held) { return; }
      var cell = cellOf(event.target);
      unmark();
      ghost.hidden = !cell;
      if (!cell) { return; }
      event.preventDefault();
      cell.classList.add("drop");
      ghost.textContent = dayWords(cell.dataset.on) + (cell.dataset.at ? ", " + cell.dataset.at + ":00" : "");
      ghost.style.left = event.clientX + 14 + "px";
      ghost.style.top = event.clientY + 14 + "px";
    });
    document.addEventListener("drop", function (event) {
      var cell = held ? cellOf(event.target) : null;
      if (!cell) { return; }
      event.preventDefault();
      var same = cell.dataset.on === held.source && (!cell.dataset.at || cell.contains(held.link));
      if (!same) { ask(held.link, held.source, cell.dataset.on, cell.dataset.at); }
    });
    document.addEventListener("dragend", function () {
      if (held) { held.link.classList.remove("held"); }
      held = null;
      ghost.hidden = true;
      unmark();
    });

    // ---- keys
    var lifted = null;
    function lift(link) {
      var cell = cellOf(link);
      lifted = { link: link, source: cell ? cell.dataset.on : "", on: cell ? cell.dataset.on : board.dataset.today };
      link.classList.add("held");
      mark();
      tell(fill(say.lifted, { title: titleOf(link), day: dayWords(lifted.on) }));
    }
    function mark() {
      unmark();
      var cell = document.querySelector("[data-on='" + lifted.on + "']");
      if (cell) { cell.classList.add("drop"); cell.scrollIntoView({ block: "nearest" }); }
    }
    function leave(text) {
      lifted.link.classList.remove("held");
      unmark();
      lifted = null;
      if (text) { tell(text); }
    }
    var STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, PageUp: -28, PageDown: 28 };
    document.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) { return; }
      var link = movable(event.target);
      if (lifted) {
        if (event.key in STEPS) {
          lifted.on = plus(lifted.on, STEPS[event.key]);
          mark();
          tell(dayWords(lifted.on));
        } else if (event.key === "Enter" || event.key === " ") {
          var one = lifted;
          leave("");
          if (one.on !== one.source) { ask(one.link, one.source, one.on, ""); } else { tell(say.stays); }
        } else if (event.key === "Escape") {
          leave(say.stays);
        } else {
          return;
        }
        event.preventDefault();
        event.stopPropagation();
      } else if (link && (event.key === "m" || event.key === "M")) {
        event.preventDefault();
        lift(link);
      }
    }, true);
    document.addEventListener("focusout", function (event) { if (lifted && event.target === lifted.link) { leave(say.stays); } });

    // ---- a click on an empty place of a day plans there
    document.addEventListener("click", function (event) {
      var cell = board && board.dataset.new && !event.target.closest("a, button, input, label, details, dialog") ? event.target.closest("td[data-on]") : null;
      if (cell && !cell.classList.contains("past")) {
        location.href = board.dataset.new + "?on=" + cell.dataset.on + (cell.dataset.at ? "&at=" + cell.dataset.at + ":00" : "");
      }
    });

    // ---- details of an entry, after a moment on it
    var peek = null, timer = null, wanted = null;
    function shut() { clearTimeout(timer); wanted = null; if (peek) { peek.remove(); peek = null; } }
    function show(link) {
      var post = postOf(link), cell = cellOf(link);
      if (!post) { return; }
      wanted = link;
      fetch(words.dataset.peek.replace("/0/", "/" + post + "/") + "?on=" + (cell ? cell.dataset.on : "") + "&next=" + encodeURIComponent(location.pathname + location.search))
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (html) {
          if (!html || wanted !== link || lifted || held) { return; }
          shut();
          peek = document.createElement("div");
          peek.className = "peek card floating";
          peek.innerHTML = html;
          document.body.appendChild(peek);
          var box = link.getBoundingClientRect(), wide = peek.offsetWidth, high = peek.offsetHeight;
          var left = box.right + 6 + wide < innerWidth ? box.right + 6 : Math.max(6, box.left - wide - 6);
          peek.style.left = left + scrollX + "px";
          peek.style.top = Math.max(6, Math.min(box.top, innerHeight - high - 6)) + scrollY + "px";
        });
    }
    function later(link) { shut(); timer = setTimeout(function () { show(link); }, 450); }
    document.addEventListener("mouseover", function (event) {
      var link = event.target.closest(".entry");
      if (peek && peek.contains(event.target)) { return; }
      if (link) { if (link !== wanted) { later(link); wanted = link; } } else if (peek || timer) { clearTimeout(timer); timer = setTimeout(shut, 300); wanted = null; }
    });
    document.addEventListener("focusin", function (event) { var link = event.target.closest(".entry"); if (link && link.matches(":focus-visible")) { later(link); } else if (!peek || !peek.contains(event.target)) { shut(); } });
    document.addEventListener("keydown", function (event) { if (event.key === "Escape") { shut(); } });
    document.addEventListener("dragstart", shut);
  });
})();
