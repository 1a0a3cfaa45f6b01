// Keeps on the server what is being typed, a moment after each pause and when the page is left. Saving stays an act of
// the writer: nothing here makes a revision. Without scripts the button "Keep for later" does the same.
(function () {
  "use strict";
  var PAUSE = 2000;
  var LONGEST = 10000;
  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector("form[data-keep]");
    if (!form) { return; }
    var status = form.querySelector("[data-kept]");
    var timer = null;
    var since = 0;
    var isDirty = false;
    function typed() {
      var data = new FormData(form);
      form.querySelectorAll("input[type=file]").forEach(function (input) { data.delete(input.name); });
      return data;
    }
    function say(words) { status.textContent = words; }
    function keep() {
      clearTimeout(timer);
      since = 0;
      if (!isDirty) { return; }
      isDirty = false;
      fetch(form.dataset.keep, { method: "POST", body: typed(), redirect: "error" })
        .then(function (answer) {
          return answer.text().then(function (words) { say(answer.ok ? words : form.dataset.failed); });
        })
        .catch(function () { isDirty = true; say(form.dataset.failed); });
    }
    form.addEventListener("input", function () {
      isDirty = true;
      clearTimeout(timer);
      since = since || Date.now();
      timer = setTimeout(keep, Math.max(0, Math.min(PAUSE, LONGEST - (Date.now() - since))));
    });
    form.addEventListener("submit", function () { isDirty = false; clearTimeout(timer); });
    window.addEventListener("pagehide", function () {
      if (isDirty) { navigator.sendBeacon(form.dataset.keep, typed()); }
    });
  });
})();
