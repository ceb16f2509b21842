// Django's search box inside a list of choices is written by script and has no name: give it one.
"use strict";
(() => {
  const name = () => {
    for (const one of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
      one.setAttribute("aria-label", "Search sources");
    }
  };
  if (window.django && django.jQuery) django.jQuery(() => setTimeout(name));
  document.addEventListener("formset:added", () => setTimeout(name));
})();
