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

  // ---- security keys: the server asks, the browser asks the key, the server judges the answer ----

  const bytes = (s) => Uint8Array.from(atob(s.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const letters = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const named = (list) => list?.map((c) => ({ ...c, id: bytes(c.id) }));

  async function send(address, body) {
    const answer = await fetch(address, { method: "POST", body, headers: body instanceof URLSearchParams ? {} : { "Content-Type": "application/json" } });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error?.message ?? "");
    return said;
  }

  async function askKey({ publicKey: q }) {
    q.challenge = bytes(q.challenge);
    if (!q.user) {
      q.allowCredentials = named(q.allowCredentials);
      return navigator.credentials.get({ publicKey: q });
    }
    q.user.id = bytes(q.user.id);
    q.excludeCredentials = named(q.excludeCredentials);
    return navigator.credentials.create({ publicKey: q });
  }

  function answerOf(key) {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[part]) response[part] = letters(key.response[part]);
    }
    if (key.response.getTransports) response.transports = key.response.getTransports();
    return JSON.stringify({ id: key.id, rawId: letters(key.rawId), type: key.type, authenticatorAttachment: key.authenticatorAttachment ?? undefined,
      clientExtensionResults: key.getClientExtensionResults(), response });
  }

  for (const keys of document.querySelectorAll("form[data-key-form]")) keys.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = keys.dataset, said = keys.querySelector(".keysaid"), button = keys.querySelector("button");
    if (!window.PublicKeyCredential) { said.textContent = words.sayUnable; return; }
    said.textContent = words.sayWaiting;
    button.disabled = true;
    try {
      const key = await askKey(await send(keys.action, new URLSearchParams(new FormData(keys))));
      location.assign((await send(words.keyForm, answerOf(key))).go);
    } catch (problem) {
      button.disabled = false;
      said.textContent = problem instanceof DOMException ? words.sayStopped : problem instanceof TypeError ? words.sayFailed : (problem.message || words.sayFailed);
    }
  });

  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
})();
