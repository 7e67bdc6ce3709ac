// What every page does: read its data, say its words, keep its state, tell its height.

import { written } from "./numbers.js";
import { State, address, inModel, oneOf } from "./state.js";
import { h } from "./dom.js";

// A page's script: `build(page)` returns {fields, draw(), update()}.
//
// On a page of its own it starts at once. In a notebook the same module is an anywidget: what a page
// has in its file is in the model there, and the state is kept in the model, not in the address.
export function playable(build) {
  const here = document.getElementById("page-data");
  if (here) {
    const source = JSON.parse(here.textContent);
    start(build, source, { root: document.documentElement, within: document, memory: address })
      .then(() => tellHeight(source.stem));
  }
  return { render: ({ model, el }) => renderIn(el, model, build) };
}

// In a notebook: a tree of its own, so that its styles and names are nobody else's.
async function renderIn(el, model, build) {
  const { data, main, style, font } = model.get("page");
  const root = h("div");
  el.replaceChildren(root);
  const within = root.attachShadow({ mode: "open" });
  const inside = document.createElement("template");
  inside.innerHTML = main; // made by figures/render_page.py, with all that was recorded escaped
  within.append(h("style", {}, style), inside.content);
  // A font is known to whole documents only; each has a name of its own.
  const type = h("style", {}, font);
  document.head.append(type);
  const memory = inModel(model);
  const stop = await start(build, data, { root, within, memory });
  return () => {
    stop();
    memory.forget();
    type.remove();
  };
}

async function start(build, source, { root, within, memory }) {
  const data = await unpacked(source.data);
  const stage = within.querySelector("#stage");
  const live = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
  const ends = [];
  const page = {
    data,
    root,
    stage,
    width: 0,
    narrow: false,
    still: matchMedia("(prefers-reduced-motion: reduce)"),
    say: (name, fields = {}) => written(source.words[name], { ...source.attrs, ...fields }),
    color: (name) => (/^#/.test(name) ? name : `var(--${name})`),
    announce: announcer(live),
    atEnd: (stop) => ends.push(stop),
  };
  const made = build(page);
  const theme = h("select", { id: "theme" },
    ...["auto", "light", "dark"].map((name) => h("option", { value: name }, source.theme[name])));
  within.querySelector("#switch").append(h("label", { for: "theme" }, source.theme.name), theme);
  const changed = () => {
    const chosen = page.state.values.theme;
    theme.value = chosen;
    if (chosen === "auto") delete root.dataset.theme;
    else root.dataset.theme = chosen;
    made.update();
  };
  page.state = new State({ ...made.fields, theme: oneOf(["auto", "light", "dark"], "auto") }, changed, memory);
  theme.addEventListener("change", () => {
    page.state.set({ theme: theme.value });
    made.themed?.();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => made.themed?.());
  made.controls?.();
  stage.append(live);

  const layout = () => {
    const width = Math.round(stage.getBoundingClientRect().width);
    if (width === page.width || width === 0) return;
    page.width = width;
    page.narrow = width < 560;
    made.draw();
    changed();
  };
  page.state.read();
  layout();
  const watcher = new ResizeObserver(layout);
  watcher.observe(stage);
  ends.push(() => watcher.disconnect());
  root.dataset.ready = "yes";
  return () => ends.forEach((stop) => stop());
}

// Whoever shows the page in a frame hears how high it is.
function tellHeight(stem) {
  if (window.parent === window) return;
  document.documentElement.dataset.framed = "yes";
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    window.parent.postMessage({ teachnet: stem, height }, "*");
  };
  new ResizeObserver(tell).observe(document.documentElement);
  tell();
}

// Words for those who hear the page: only when there was nothing new for a while.
function announcer(live) {
  let waiting = 0;
  let first = true;
  return (words) => {
    clearTimeout(waiting);
    if (first) {
      first = false;
      return;
    }
    waiting = setTimeout(() => {
      if (live.textContent !== words) live.textContent = words;
    }, 400);
  };
}

// Arrays come as whole numbers of 16 bits, the high bytes first, deflated; see figures/parts/page.py.
async function unpacked(value) {
  if (Array.isArray(value)) return Promise.all(value.map(unpacked));
  if (value === null || typeof value !== "object") return value;
  if ("packed" in value) return unpackedArray(value);
  const found = {};
  for (const [name, inner] of Object.entries(value)) found[name] = await unpacked(inner);
  return found;
}

async function unpackedArray({ packed, shape, low, step }) {
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const planes = new Uint8Array(await new Response(stream).arrayBuffer());
  const n = planes.length / 2;
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const whole = planes[i] * 256 + planes[n + i];
    values[i] = whole === 65535 ? NaN : low + step * whole;
  }
  return { values, shape };
}
