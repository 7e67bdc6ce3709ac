// What every page does: read its data, say its words, keep its state in the address, tell its height.

import { written } from "./numbers.js";
import { State, oneOf } from "./state.js";
import { h } from "./dom.js";

// Start the page: `build(page)` returns {fields, draw(), update()}.
export async function start(build) {
  const source = JSON.parse(document.getElementById("page-data").textContent);
  const data = await unpacked(source.data);
  const stage = document.getElementById("stage");
  const live = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
  const page = {
    data,
    stage,
    width: 0,
    narrow: false,
    still: matchMedia("(prefers-reduced-motion: reduce)"),
    say: (name, fields = {}) => written(source.words[name], { ...source.attrs, ...fields }),
    color: (name) => (/^#/.test(name) ? name : `var(--${name})`),
    announce: announcer(live),
  };
  const made = build(page);
  const theme = h("select", { id: "theme" },
    ...["auto", "light", "dark"].map((name) => h("option", { value: name }, source.theme[name])));
  document.getElementById("switch").append(h("label", { for: "theme" }, source.theme.name), theme);
  const changed = () => {
    const chosen = page.state.values.theme;
    theme.value = chosen;
    if (chosen === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    made.update();
  };
  page.state = new State({ ...made.fields, theme: oneOf(["auto", "light", "dark"], "auto") }, changed);
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
  new ResizeObserver(layout).observe(stage);
  tellHeight(source.stem);
  document.documentElement.dataset.ready = "yes";
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
