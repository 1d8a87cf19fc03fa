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
  // A link to what is filtered away or folded shows it.
  function reveal() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (var up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    if (target.offsetParent === null) document.body.classList.remove("only-open");
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  if (location.hash) reveal();
})();
