// What a script adds to pages that work without one: keys, copying with brackets,
// and news that never moves what is being read or typed. No framework; htmx only
// keeps the stream of server-sent events open. Nothing here accepts, sends or
// signs: keys follow links, change the language, and move the focus.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const visible = (el) => el.getClientRects().length > 0;
  const typing = (el) => el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
  const say = (words) => { const el = document.getElementById("said"); if (el) el.textContent = words; };

  // ---- what opens and closes -------------------------------------------------

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal?.();
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target) || opener) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // An error summary, and what an act has just said, take the focus once.
  document.querySelector("[data-focus]")?.focus();

  // ---- keys --------------------------------------------------------------------

  const goWithin = 1500; // milliseconds between g and its second letter
  let goSince = 0;

  function rows() { return all("[data-row]").filter(visible); }

  function moveRow(step) {
    const list = rows();
    if (list.length === 0) return;
    const here = list.indexOf(document.activeElement?.closest("[data-row]"));
    const next = list[here < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, here + step))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  let bracket = null; // where b and B have come to
  function moveBracket(step) {
    const list = all("[data-bracket]").filter(visible);
    const beyond = document.querySelector(step > 0 ? "a[data-next-bracket]" : "a[data-previous-bracket]");
    const here = list.indexOf(bracket);
    const at = here < 0 ? (step > 0 ? 0 : list.length - 1) : here + step;
    if (beyond && (at < 0 || at >= list.length)) { beyond.click(); return; }
    if (list.length === 0) return;
    bracket = list[(at + list.length) % list.length];
    bracket.focus({ preventScroll: true });
    bracket.scrollIntoView({ block: "center" });
  }

  // A branch opens along the line of writing: to the right, or to the left where
  // the page is written from right to left.
  function branch(key) {
    const row = document.activeElement?.closest("[data-row]");
    if (!row) return false;
    const opens = (key === "ArrowRight") === (root.dir !== "rtl");
    const toggle = row.querySelector("a[data-toggle]");
    const open = row.getAttribute("aria-expanded");
    if (toggle && open === (opens ? "false" : "true")) { toggle.click(); return true; }
    if (opens) return false;
    const level = Number(row.getAttribute("aria-level"));
    const before = rows();
    for (let i = before.indexOf(row) - 1; i >= 0; i--) {
      if (Number(before[i].getAttribute("aria-level")) < level) { before[i].focus(); return true; }
    }
    return false;
  }

  function follow(selector, seen = visible) {
    const link = all(selector).find(seen);
    if (!link) return false;
    link.click();
    return true;
  }

  function changeLanguage() {
    const buttons = all(".lang button");
    if (buttons.length < 2) return;
    const here = buttons.findIndex((b) => b.getAttribute("aria-pressed") === "true");
    const next = buttons[(here + 1) % buttons.length];
    next.form.requestSubmit(next);
  }

  const single = {
    "/": () => { const q = document.getElementById("q"); q?.focus(); q?.select(); return !!q; },
    "?": () => { document.getElementById("keys")?.showModal?.(); return true; },
    j: () => { moveRow(1); return true; },
    k: () => { moveRow(-1); return true; },
    b: () => { moveBracket(1); return true; },
    B: () => { moveBracket(-1); return true; },
    e: () => { changeLanguage(); return true; },
    g: (event) => { goSince = event.timeStamp; return true; },
  };

  function rowKey(event) {
    const row = document.activeElement?.closest("[data-row]");
    if (!row) return false;
    switch (event.key) {
      case "ArrowDown": case "ArrowUp":
        if (!row.closest("[role=treegrid],[data-rows]")) return false;
        moveRow(event.key === "ArrowDown" ? 1 : -1);
        return true;
      case "ArrowRight": case "ArrowLeft":
        return branch(event.key);
      case "Enter": {
        if (document.activeElement !== row) return false;
        const link = row.querySelector("a[data-details]") ?? row.querySelector("a[href]");
        link?.click();
        return !!link;
      }
    }
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (rowKey(event)) { event.preventDefault(); return; }
    if (root.dataset.keys === "off" || event.key.length !== 1) return;
    const going = goSince > 0 && event.timeStamp - goSince < goWithin;
    goSince = 0;
    if (!/^[a-zA-Z/?]$/.test(event.key)) return;
    const done = going ? follow(`a[data-go="${event.key}"]`, () => true) : (single[event.key]?.(event) ?? (/^[a-z]$/.test(event.key) && follow(`a[data-key="${event.key}"]`)));
    if (done) event.preventDefault();
  });

  // ---- copying -----------------------------------------------------------------

  // What is copied from bracketed text is its plain form: [US: within thirty (30) days].
  const blocks = new Set(["P", "DIV", "LI", "H1", "H2", "H3", "H4", "TR", "DT", "DD", "SECTION", "BLOCKQUOTE"]);

  function plain(node, out) {
    if (node.nodeType === Node.TEXT_NODE) { out.push(node.data); return; }
    if (node.nodeType === Node.ELEMENT_NODE && (node.classList.contains("vh") || node.tagName === "svg" || node.tagName === "BUTTON")) return;
    if (node.dataset?.copy !== undefined) { out.push(node.dataset.copy); return; }
    if (node.nodeType === Node.ELEMENT_NODE && node.classList.contains("optb")) { // its lines after the first stand further in
      const inner = [];
      for (const child of node.childNodes) plain(child, inner);
      out.push(inner.join("").replace(/\n(?=[^\n])/g, "\n  "));
      return;
    }
    const block = node.nodeType === Node.ELEMENT_NODE && blocks.has(node.tagName);
    if (block && out.length && !out[out.length - 1].endsWith("\n")) out.push("\n");
    for (const child of node.childNodes) plain(child, out);
    if (block) out.push("\n");
  }

  document.addEventListener("copy", (event) => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || typing(event.target)) return;
    const out = [];
    let brackets = false;
    for (let i = 0; i < selection.rangeCount; i++) {
      const part = selection.getRangeAt(i).cloneContents();
      brackets ||= part.querySelector(".bk, .opt, [data-copy]") !== null;
      plain(part, out);
    }
    if (!brackets) return;
    event.clipboardData.setData("text/plain", out.join("").replace(/[ \t]+\n/g, "\n").replace(/\n{3,}/g, "\n\n").trim());
    event.preventDefault();
    say(document.body.dataset.sayCopied);
  });

  // ---- news ----------------------------------------------------------------------

  // The server says only that something changed. The page is asked for again and the
  // regions that differ ([data-live] with an id) are renewed, in place, unless somebody
  // is reading or typing there; then they wait, and a bar says how many.
  const wait = 120; // milliseconds in which several changes become one
  const held = new Map();
  let timer = 0, asking = false, again = false;

  function news() {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  }

  async function ask() {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The server is away. The stream comes back with it, and asks again.
    } finally {
      asking = false;
      if (again) { again = false; news(); }
    }
  }

  const regions = (doc) => new Map(all("[data-live][id]", doc).filter((el) => !el.parentElement?.closest("[data-live][id]")).map((el) => [el.id, el]));

  function busy(region) {
    const active = document.activeElement;
    if (active && active !== document.body && active.id !== "main" && region.contains(active)) return true;
    const selection = document.getSelection();
    if (selection && !selection.isCollapsed && region.contains(selection.anchorNode)) return true;
    if (region.querySelector("details.menu[open]")) return true;
    return all("input,textarea,select", region).some((f) => f.type !== "hidden" && (f.tagName === "SELECT" ? all("option", f).some((o) => o.selected !== o.defaultSelected) : f.value !== f.defaultValue || f.checked !== f.defaultChecked));
  }

  // What the reader's eye rests on, when the page has been scrolled: the first small
  // thing below the top of the window.
  function anchor() {
    if (window.scrollY === 0) return null;
    return all("main p, main h2, main h3, main tr, main [data-row]").find((el) => visible(el) && el.getBoundingClientRect().bottom > 80) ?? null;
  }

  function renew(fresh) {
    const theirs = regions(fresh), eye = anchor();
    const moved = [];
    for (const [id, mine] of regions(document)) {
      const next = theirs.get(id);
      if (!next || mine.isEqualNode(next)) { held.delete(id); continue; }
      if (busy(mine) || (eye && mine.contains(eye))) { held.set(id, next); continue; }
      held.delete(id);
      moved.push(id);
      put(mine, next, eye);
    }
    bar(moved);
  }

  // put renews one region and keeps the reader's eye where it was.
  function put(mine, next, eye) {
    const before = eye?.getBoundingClientRect().top;
    const here = document.importNode(next, true);
    mine.replaceWith(here);
    window.htmx?.process?.(here);
    if (eye?.isConnected) {
      const by = eye.getBoundingClientRect().top - before;
      if (by) window.scrollBy({ top: by, behavior: "instant" });
    }
  }

  const quiet = new Set(["nav", "step"]); // of the shell: renewed without a word

  function bar(moved) {
    const above = moved.filter((id) => !quiet.has(id) && document.getElementById(id)?.getBoundingClientRect().bottom < 0);
    const n = held.size + above.length;
    document.querySelector(".livebar")?.remove();
    if (n === 0) return;
    const el = document.createElement("div"), words = document.createElement("span"), button = document.createElement("button");
    el.className = "livebar";
    words.textContent = n === 1 ? document.body.dataset.sayChangesOne : document.body.dataset.sayChanges.replace("#", String(n));
    button.type = "button";
    button.textContent = document.body.dataset.sayShow;
    button.addEventListener("click", () => { el.remove(); showHeld(above[0]); });
    el.append(words, button);
    document.getElementById("main")?.append(el);
    say(words.textContent);
  }

  function showHeld(first) {
    let target = first && document.getElementById(first);
    for (const [id, next] of held) {
      const mine = document.getElementById(id);
      if (!mine) continue;
      put(mine, next, null);
      target ??= document.getElementById(id);
    }
    held.clear();
    target?.scrollIntoView({ block: "center" });
  }

  document.addEventListener("changed", news);
  // A stream that was cut may have missed something: ask once it is back.
  let opened = false;
  document.addEventListener("htmx:sse:after:connection", () => { if (opened) news(); opened = true; });
  window.addEventListener("pageshow", (event) => { if (event.persisted) news(); });
})();
