// What a script adds at the doors: it moves the secret of a one-time link, which stands behind the
// "#" and is never sent as part of an address, into the form; and it speaks with security keys.
"use strict";
(() => {
  const leastSecret = 40; // characters; anything shorter behind the "#" is a place on the page

  const form = document.querySelector("form[data-secret]");
  const secret = location.hash.slice(1);
  if (form && secret.length >= leastSecret) {
    history.replaceState(null, "", location.pathname + location.search);
    form.elements.secret.value = secret;
    if (form.dataset.secret === "send") form.requestSubmit();
  }

  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
})();
