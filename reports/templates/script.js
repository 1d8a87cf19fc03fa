// Conveniences only: the report is complete without it.
(function () {
  "use strict";
  var tools = document.querySelector(".tools");
  if (!tools) return;
  tools.hidden = false;
  tools.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-unfold")) {
      var all = document.querySelectorAll("#requirements details");
      var open = !button.classList.contains("on");
      all.forEach(function (d) { d.open = open; });
      button.classList.toggle("on", open);
      button.textContent = open ? "Fold all evidence" : "Unfold all evidence";
      return;
    }
    var only = button.dataset.show === "open";
    document.body.classList.toggle("only-open", only);
    tools.querySelectorAll("[data-show]").forEach(function (b) {
      b.setAttribute("aria-pressed", String(b === button));
    });
  });
  // A link to a criterion that is filtered away shows it again.
  window.addEventListener("hashchange", function () {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.offsetParent === null) {
      document.body.classList.remove("only-open");
      target.scrollIntoView();
    }
  });
})();
