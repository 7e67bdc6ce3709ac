"use strict";
// Search, kinds, themes, and the view of one visual. Its name stands in the address, so that a link
// shows it; nothing is asked of a network.
const root = document.documentElement;
const all = (query, inside = document) => [...inside.querySelectorAll(query)];
const one = (query, inside = document) => inside.querySelector(query);
const cards = all("li[data-stem]");
const dialog = one("#detail");
const posts = JSON.parse(one("#posts").textContent);
const still = matchMedia("(prefers-reduced-motion: reduce)");

const press = (buttons, chosen) =>
  buttons.forEach((button) => button.setAttribute("aria-pressed", String(button === chosen)));

function say(text) {
  // An open dialog hides the rest of the page from a screen reader.
  const place = dialog.open ? one(".unseen", dialog) : one("#said");
  place.textContent = text;
}

// ---------------------------------------------------------------- themes

const themes = all("[data-theme]:is(button)");
function setTheme(name) {
  root.dataset.theme = name;
  press(themes, themes.find((button) => button.dataset.theme === name));
  for (const film of all("video")) if (!film.checkVisibility()) film.pause();
}
const remembered = {
  get: () => { try { return localStorage.getItem("teachnet-theme"); } catch { return null; } },
  set: (name) => { try { localStorage.setItem("teachnet-theme", name); } catch { /* not here */ } },
};
themes.forEach((button) => button.addEventListener("click", () => {
  setTheme(button.dataset.theme);
  remembered.set(button.dataset.theme);
}));
if (themes.some((button) => button.dataset.theme === remembered.get())) setTheme(remembered.get());

// ---------------------------------------------------------------- search and kinds

const search = one("#search");
const kinds = all("[data-kind]");
let kind = "";

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const card of cards) {
    const fits = words.every((word) => card.dataset.find.includes(word)) &&
      (!kind || card.dataset.kinds.split(" ").includes(kind));
    card.hidden = !fits;
    count += fits;
  }
  for (const section of all("main section")) {
    section.hidden = !one("li[data-stem]:not([hidden])", section);
    const link = one(`nav a[href="#${section.id}"]`);
    if (link) link.parentElement.hidden = section.hidden;
  }
  one("#count").textContent = `${count} visual${count === 1 ? "" : "s"}`;
  one("#nothing").hidden = count > 0;
}
function choose(button) {
  kind = button.dataset.kind;
  press(kinds, button);
  filter();
}
search.addEventListener("input", filter);
kinds.forEach((button) => button.addEventListener("click", () => choose(button)));
one("#reset").addEventListener("click", () => {
  search.value = "";
  choose(kinds[0]);
  search.focus();
});

// ---------------------------------------------------------------- films in cards

for (const cover of all("[data-film]")) {
  const card = cover.closest("article");
  let film = null;
  const begin = () => {
    if (still.matches || film) return;
    film = Object.assign(document.createElement("video"), { muted: true, loop: true });
    film.src = cover.dataset.film;
    film.setAttribute("aria-hidden", "true");
    film.playsInline = true;
    film.addEventListener("playing", () => film && cover.append(film), { once: true });
    film.play().catch(() => {});
  };
  const end = () => {
    if (!film) return;
    film.pause();
    film.remove();
    film = null;
  };
  card.addEventListener("pointerenter", begin);
  card.addEventListener("pointerleave", end);
  card.addEventListener("focusin", begin);
  card.addEventListener("focusout", end);
}

// ---------------------------------------------------------------- one visual

let shown = null; // the card whose visual is open
let before = null; // what had the focus

function show(card) {
  if (!dialog.open) before = document.activeElement;
  shown = card;
  dialog.dataset.stem = card.dataset.stem;
  dialog.replaceChildren(one("template", card).content.cloneNode(true));
  const heard = Object.assign(document.createElement("p"), { className: "unseen" });
  heard.setAttribute("role", "status");
  dialog.append(heard);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  const stages = all("[data-stage]", dialog);
  if (stages.length) stage(stages[0].dataset.stage);
  one("h2", dialog).focus();
}

function stage(name) {
  dialog.dataset.kind = name;
  for (const each of all("[data-stage]", dialog)) {
    each.hidden = each.dataset.stage !== name;
    for (const film of all("video", each)) {
      if (each.hidden || !film.checkVisibility() || still.matches) film.pause();
      else film.play().catch(() => {});
    }
  }
  press(all("[data-show]", dialog), one(`[data-show="${name}"]`, dialog));
  const blocks = (posts.blocks[shown.dataset.stem] || {})[name] || {};
  for (const button of all("[data-copy]", dialog)) button.hidden = !(button.dataset.copy in blocks);
  const copied = one(".copied", dialog);
  if (copied) copied.hidden = true;
}

function turn(by) {
  const seen = cards.filter((card) => !card.hidden);
  const place = seen.indexOf(shown) + by;
  if (seen[place]) location.hash = seen[place].dataset.stem;
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied`);
    return true;
  } catch {
    say("The browser lets nothing be copied from here; select the text");
    return false;
  }
}

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // beside it, on the backdrop
  const button = event.target.closest("button");
  if (!button) return;
  const { show: kind, copy: flavour, command, seek, turn: by } = button.dataset;
  if ("close" in button.dataset) dialog.close();
  if (kind) stage(kind);
  if (by) turn(Number(by));
  if (command) copy(command, "Command").then((done) => done && flash(button));
  if (flavour) {
    const text = posts.texts[posts.blocks[shown.dataset.stem][dialog.dataset.kind][flavour]];
    const copied = one(".copied", dialog);
    copied.textContent = text;
    copied.hidden = false;
    press(all("[data-copy]", dialog), button);
    copy(text, button.textContent.trim()).then((done) => done && flash(button));
  }
  if (seek !== undefined) {
    const film = all("video", dialog).find((each) => each.checkVisibility());
    film.currentTime = Number(seek);
    film.play().catch(() => {});
  }
});

function flash(button) {
  const name = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = name; }, 1200);
}

dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  shown = null;
  if (cards.some((card) => `#${card.dataset.stem}` === decodeURIComponent(location.hash)))
    history.replaceState(null, "", location.pathname + location.search);
  if (before && before.isConnected) before.focus();
});

function follow() {
  const stem = decodeURIComponent(location.hash.slice(1));
  const card = cards.find((each) => each.dataset.stem === stem);
  if (card) show(card);
  else if (dialog.open) dialog.close();
}
addEventListener("hashchange", follow);
for (const link of all("[data-open]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // to see the file itself
    event.preventDefault();
    if (location.hash === `#${link.dataset.open}`) follow();
    else location.hash = link.dataset.open;
  });
}

addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("input, textarea, video, iframe");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !typing && !dialog.open) {
    event.preventDefault();
    search.focus();
  }
  if (dialog.open && !typing && event.key === "ArrowRight") turn(1);
  if (dialog.open && !typing && event.key === "ArrowLeft") turn(-1);
});
filter();
follow();
