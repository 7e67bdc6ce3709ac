// Elements in a line. Text is always text: nothing recorded is read as markup.

const SVG = "http://www.w3.org/2000/svg";

function made(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "style") for (const [key, what] of Object.entries(value)) element.style.setProperty(key, what);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

export const h = (tag, attributes = {}, ...children) =>
  made(document.createElement(tag), attributes, children);

export const s = (tag, attributes = {}, ...children) =>
  made(document.createElementNS(SVG, tag), attributes, children);

// A drawing that is `width` by `height` CSS pixels; what it shows, for those who can't see it.
export const drawing = (width, height, label, ...children) =>
  s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, ...children);

// Words that stand in their own halo.
export const label = (x, y, words, attributes = {}) =>
  s("text", { x, y, ...attributes, class: `label ${attributes.class ?? ""}` }, words);

// A slider with its name and its value in words.
export function slider(id, name, { min, max, step = 1, moved, settled }) {
  const input = h("input", { type: "range", id, min, max, step });
  const value = h("output", { for: id });
  input.addEventListener("input", () => moved(Number(input.value)));
  input.addEventListener("change", () => settled(Number(input.value)));
  const box = h("div", { class: "slider" }, h("label", { for: id }, name), input, value);
  return {
    box,
    input,
    show(at, words) {
      input.value = at;
      input.setAttribute("aria-valuetext", words);
      value.textContent = words;
      input.style.setProperty("--part", `${(100 * (at - input.min)) / Math.max(1e-9, input.max - input.min)}%`);
    },
  };
}

// A button that lets something run, and stops it.
export function player(page, names, { every, next }) {
  let timer = 0;
  const button = h("button", { type: "button", class: "play" });
  const shown = () => {
    button.textContent = timer ? names.pause : names.play;
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    shown();
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    timer = setInterval(() => next() || stop(), every);
    shown();
    next(true);
  });
  shown();
  page.atEnd(stop);
  return { button, stop, get playing() { return timer !== 0; } };
}
