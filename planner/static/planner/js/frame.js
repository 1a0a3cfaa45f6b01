// What the reader chose for the frame: the theme (system, light, dark) and the folded rail. It also closes menus and toasts.
// Nothing here is needed to use the product: without scripts these buttons are not shown.
(function () {
  var root = document.documentElement;
  var order = ["auto", "light", "dark"];
  function kept(name, fallback) { try { return localStorage.getItem(name) || fallback; } catch (e) { return fallback; } }
  function keep(name, value) { try { localStorage.setItem(name, value); } catch (e) { /* private window: this page only */ } }
  function dress(theme) {
    if (theme === "auto") { root.removeAttribute("data-theme"); } else { root.setAttribute("data-theme", theme); }
    document.querySelectorAll("[data-theme-toggle]").forEach(function (button) {
      var label = button.getAttribute("data-" + theme);
      button.setAttribute("aria-label", label);
      button.setAttribute("title", label);
    });
  }
  function fold(folded) {
    root.toggleAttribute("data-folded", folded);
    document.querySelectorAll("[data-fold]").forEach(function (button) { button.setAttribute("aria-pressed", String(folded)); });
  }
  root.setAttribute("data-script", "");
  dress(kept("theme", "auto"));
  fold(kept("rail", "open") === "folded");
  document.addEventListener("DOMContentLoaded", function () {
    dress(kept("theme", "auto"));
    fold(kept("rail", "open") === "folded");
    document.querySelectorAll(".tabs [aria-current], .tools .chip[aria-current]").forEach(function (one) { one.parentNode.scrollLeft = one.offsetLeft - 24; });
  });
  document.addEventListener("click", function (event) {
    var target = event.target;
    if (target.closest("[data-theme-toggle]")) {
      var next = order[(order.indexOf(kept("theme", "auto")) + 1) % order.length];
      keep("theme", next);
      dress(next);
    } else if (target.closest("[data-fold]")) {
      var folded = !root.hasAttribute("data-folded");
      keep("rail", folded ? "folded" : "open");
      fold(folded);
    } else if (target.closest("[data-shut]")) {
      target.closest(".toast, .note").remove();
    } else if (target.closest("[data-print]")) {
      window.print();
    }
    document.querySelectorAll("details.menu[open], .more > details[open]").forEach(function (menu) {
      if (!menu.contains(target)) { menu.open = false; }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details.menu[open], .more > details[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
})();
