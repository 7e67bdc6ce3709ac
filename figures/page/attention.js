// The heads of a transformer on one sentence: pick layer and heads, touch a token.

import { h, s } from "./parts/dom.js";
import { someOf, whole } from "./parts/state.js";
import { playable } from "./parts/page.js";

const ROW = 25; // CSS pixels of a token

export default playable((page) => {
  const { tokens, special, ratio, asked, faintest } = page.data;
  const { values, shape } = page.data.attention; // (layer, head, query, key)
  const [nLayers, nHeads, n] = shape;
  const say = page.say;
  const count = (number) => ({ count: number });
  const numbers = Array.from({ length: nHeads }, (_, i) => String(i + 1));
  const fields = {
    layer: whole(1, nLayers, page.data.layer + 1),
    heads: someOf(numbers, [String(page.data.head + 1)]),
    token: whole(0, n, page.data.token + 1), // 0 is none
  };
  const weight = (layer, head, query, key) => values[((layer * nHeads + head) * n + query) * n + key];
  const ink = (head) => page.color(`head-${head % 12}`);
  let touched = null; // by pointer or focus, before it is chosen

  const layers = h("fieldset", {}, h("legend", {}, say("page layer")),
    h("div", { class: "checks choices" }, Array.from({ length: nLayers }, (_, i) => h("label", {},
      h("input", { type: "radio", name: "layer", value: i + 1, onchange: () => page.state.set({ layer: i + 1 }) }),
      say("page number", { number: count(i + 1) })))));
  const boxes = numbers.map((number, i) => h("input", {
    type: "checkbox",
    id: `head-${number}`,
    onchange: () => page.state.set({ heads: numbers.filter((_, j) => boxes[j].checked) }),
  }));
  const heads = h("fieldset", {}, h("legend", {}, say("page heads")),
    h("div", { class: "checks choices" }, boxes.map((box, i) => h("label", { for: box.id }, box,
      h("span", { class: "dot", style: { background: ink(i) } }), say("page number", { number: count(i + 1) })))));
  const quick = (words, chosen) => h("button", { type: "button", class: "quiet", onclick: () => page.state.set({ heads: chosen }) }, words);
  heads.lastChild.append(quick(say("page every"), numbers), quick(say("page named"), fields.heads.usual));

  const touch = (i) => {
    if (touched !== i) {
      touched = i;
      update();
    }
  };
  const lookers = tokens.map((token, i) => h("button", {
    type: "button",
    class: special[i] ? "token special" : "token",
    onpointerenter: () => touch(i),
    onpointerleave: () => touch(null),
    onfocus: (event) => event.target.matches(":focus-visible") && touch(i),
    onblur: () => touch(null),
    onclick: () => page.state.set({ token: page.state.values.token === i + 1 ? 0 : i + 1 }),
  }, token));
  const shares = tokens.map(() => h("span", { class: "share" }));
  const bars = tokens.map(() => h("span", { class: "bar" }));
  const seen = tokens.map((token, i) => h("li", { class: special[i] ? "special" : "" }, bars[i], h("span", { class: "name" }, token), shares[i]));
  const between = h("span");
  const lines = s("svg", { class: "lines", "aria-hidden": "true" });
  const verdict = h("p", { class: "verdict" });
  const more = h("p", { class: "numbers" });
  page.stage.append(
    h("div", { class: "row top" }, layers, heads),
    h("div", { class: "said" }, verdict, more),
    h("div", { class: "heads-of" }, h("span", {}, say("page looks")), between, h("span", {}, say("page seen"))),
    h("div", { class: "sentence" },
      h("ul", { class: "lookers", "aria-label": say("page looks") }, lookers.map((button) => h("li", {}, button))),
      lines,
      h("ul", { class: "seen", "aria-label": say("page seen") }, seen)),
  );

  let wide = 0;

  function draw() {
    wide = Math.round(page.width * (page.narrow ? 0.3 : 0.4));
    between.style.width = `${wide + 10}px`;
    lines.setAttribute("width", wide);
    lines.setAttribute("height", n * ROW);
    lines.setAttribute("viewBox", `0 0 ${wide} ${n * ROW}`);
  }

  function update() {
    const layer = page.state.values.layer - 1;
    const chosen = page.state.values.heads.map((number) => Number(number) - 1);
    const pinned = page.state.values.token - 1;
    const token = touched ?? (pinned >= 0 ? pinned : null);
    layers.querySelectorAll("input").forEach((input, i) => { input.checked = i === layer; });
    boxes.forEach((box, i) => { box.checked = chosen.includes(i); });
    lookers.forEach((button, i) => {
      button.setAttribute("aria-pressed", i === pinned);
      button.classList.toggle("now", i === token);
      button.classList.toggle("dim", token !== null && i !== token);
    });
    const y = (i) => (i + 0.5) * ROW;
    const curves = [];
    for (const head of chosen) {
      for (let i = 0; i < n; i++) {
        if (token !== null && i !== token) continue;
        for (let j = 0; j < n; j++) {
          const w = weight(layer, head, i, j);
          if (w < faintest) continue;
          const bright = Math.sqrt(w) * (chosen.length > 3 && token === null ? 0.7 : 1);
          curves.push([w, s("path", {
            d: `M2,${y(i)}C${wide / 2},${y(i)} ${wide / 2},${y(j)} ${wide - 2},${y(j)}`,
            style: { stroke: ink(head), "stroke-width": (token === null ? Math.max(0.6, 7 * w) : 1 + 22 * w).toFixed(2), opacity: Math.min(1, 0.15 + bright).toFixed(3) },
          })]);
        }
      }
    }
    lines.replaceChildren(...curves.sort((a, b) => a[0] - b[0]).map(([, curve]) => curve));
    // What is looked at: by the token, or by all on average; over the chosen heads.
    const mean = tokens.map((_, j) => {
      let sum = 0;
      for (const head of chosen) {
        if (token !== null) sum += weight(layer, head, token, j);
        else for (let i = 0; i < n; i++) sum += weight(layer, head, i, j) / n;
      }
      return chosen.length ? sum / chosen.length : 0;
    });
    const most = mean.indexOf(Math.max(...mean));
    mean.forEach((share, j) => {
      shares[j].textContent = chosen.length && share >= 0.005 ? say("page share", { share }) : "";
      bars[j].style.width = `${(100 * share).toFixed(1)}%`;
      bars[j].style.background = chosen.length === 1 ? ink(chosen[0]) : "var(--muted)";
      seen[j].classList.toggle("most", chosen.length > 0 && j === most);
    });
    const said = !chosen.length ? say("page nobody")
      : say(token === null ? "page all" : "page token", {
        token: token === null ? "" : tokens[token], target: tokens[most], share: mean[most],
        heads: count(chosen.length), head: count(chosen[0] + 1),
      });
    verdict.textContent = said;
    more.textContent = asked && chosen.length === 1
      ? say("page ratio", { head: count(chosen[0] + 1), layer: count(layer + 1), times: Math.min(99, ratio[layer][chosen[0]] ?? 100), far: (ratio[layer][chosen[0]] ?? 100) > 99 ? 1 : 0 })
      : "";
    page.announce(`${said} ${more.textContent}`);
  }

  return { fields, draw, update };
});
