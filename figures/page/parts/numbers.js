// How pages write numbers and fill templates: look/numbers.py in JavaScript, the same to the letter.
//
// A test writes some thousand values in both and compares.

const NARROW = "\u202f"; // narrow no-break space
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";

const typed = (text) => text.replaceAll("-", "−").replaceAll("%", NARROW + "%");
const cut = (text) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);
const commas = (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ",");

// Python rounds a tie to the even digit, toFixed away from zero.
function toFixed(value, places) {
  const size = Math.abs(value);
  let text = size.toFixed(places);
  const units = size * 10 ** places;
  if (units % 1 === 0.5 && Number.isInteger(size * 2 ** (places + 1)) && Math.floor(units) % 2 === 0) {
    text = (Math.floor(units) / 10 ** places).toFixed(places);
  }
  const zero = Number(text) === 0;
  return (value < 0 && !zero ? "-" : "") + text;
}

function grouped(text) {
  const [, sign, whole, rest] = /^(-?)(\d+)(.*)$/.exec(text);
  return sign + commas(whole) + rest;
}

function power(mantissa, exponent) {
  const raised = String(Math.abs(exponent)).replace(/\d/g, (d) => RAISED[d]);
  const ten = `10${exponent < 0 ? "⁻" : ""}${raised}`;
  return mantissa === "1" ? ten : mantissa === "-1" ? `-${ten}` : `${mantissa} × ${ten}`;
}

// A number as a reader would write it: a whole one in full, others with `digits` that count.
// Whether a number is a count (Python's int) the page says by handing it as {count: n}.
export function number(value, digits = 3) {
  if (value !== null && typeof value === "object") return typed(grouped(String(value.count)));
  if (value === null || Number.isNaN(value)) return "–";
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  if (size < 9.99e-4 || size >= 1e7) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return typed(power(cut(mantissa), Number(exponent)));
  }
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return typed(cut(grouped(toFixed(value, places))));
}

function rounded(value, digits) {
  if (!Number.isFinite(value) || value === 0) return value;
  const places = digits - 1 - Math.floor(Math.log10(Math.abs(value)));
  if (places >= 0) return Number(toFixed(value, places));
  const unit = 10 ** -places;
  const units = Math.abs(value) / unit;
  return Math.sign(value) * unit * (units % 1 === 0.5 ? 2 * Math.round(units / 2) : Math.round(units));
}

export function fixed(value, places, sign = false) {
  if (value === null || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : sign ? "+∞" : "∞";
  const text = grouped(toFixed(value, places));
  const plus = sign && value > 0 && Number(text.replaceAll(",", "")) !== 0 ? "+" : "";
  return typed(plus + text);
}

export function percent(share, places = 0) {
  const least = 10 ** -(places + 2);
  if (share > 0 && share < least / 2) return `< ${typed(toFixed(100 * least, places) + "%")}`;
  if (share > 1 - least / 2 && share < 1) return `> ${typed(toFixed(100 * (1 - least), places) + "%")}`;
  return typed(toFixed(100 * share, places) + "%");
}

export function counter(value) {
  if (value === null || !Number.isFinite(value) || value === 0) return number(value);
  if (value > 1e6) return "> 10⁶";
  if (value < 1e-5) return "≈ 0";
  return fixed(value, Math.min(5, Math.max(0, 2 - Math.floor(Math.log10(value)))));
}

const plain = (value) => (value !== null && typeof value === "object" ? value.count : value);

function general(value) { // Python's "g": six digits that count, no zeros at the end
  const bare = plain(value);
  if (bare === null || !Number.isFinite(bare)) return number(bare);
  if (bare === 0) return "0";
  const [mantissa, exponent] = bare.toExponential(5).split("e");
  if (exponent < -4 || exponent >= 6) return typed(power(cut(mantissa), Number(exponent)));
  return typed(cut(toFixed(bare, 5 - Number(exponent))));
}

export function form(value, spec = "") {
  if (spec.startsWith("?")) return chosen(plain(value), spec.slice(1));
  if (typeof value === "string") {
    return spec === "cap" ? value.slice(0, 1).toUpperCase() + value.slice(1) : value;
  }
  if (spec.startsWith("(")) {
    const text = form(value, spec.slice(1, -1));
    return text.startsWith("−") ? `(${text})` : text;
  }
  if (spec.startsWith("±")) {
    const text = form(value, spec.slice(1));
    return text.startsWith("−") ? `− ${text.slice(1)}` : `+ ${text}`;
  }
  const bare = plain(value);
  let match;
  if (spec === "counter") return counter(bare);
  if (spec === "share") return percent(bare, 1);
  if (spec === "sub") return typed(String(bare)).replace(/\d/g, (d) => LOWERED[d]).replace("−", "₋");
  if (spec === "g") return general(value);
  if ((match = /^(?:\.(\d+)([nr]))?$/.exec(spec))) {
    const digits = Number(match[1] ?? 3);
    return number(match[2] === "r" ? rounded(bare, digits) : value, digits);
  }
  if ((match = /^(\+?),?\.(\d+)f$/.exec(spec))) {
    const text = fixed(bare, Number(match[2]), match[1] === "+");
    return spec.includes(",") ? text : text.replaceAll(",", "");
  }
  if ((match = /^(?:\.(\d+))?%$/.exec(spec))) return typed(toFixed(100 * bare, Number(match[1] ?? 6)) + "%");
  if (spec === "d") return typed(String(bare));
  if (spec === ",") return typed(grouped(String(bare)));
  throw new Error(`no number is written as ${spec}`);
}

function chosen(value, options) {
  const found = options.split("|");
  if (typeof value === "string") {
    const named = new Map(found.filter((o) => o.includes("=")).map((o) => [o.slice(0, o.indexOf("=")), o.slice(o.indexOf("=") + 1)]));
    if (!named.has(value)) throw new Error(`no words for ${value}`);
    return named.get(value);
  }
  return found[Math.min(Math.max(Math.trunc(Number(value)), 0), found.length - 1)];
}

// Fill a template such as "η = {lr:g}, {n:?none|{n} left}".
export function written(template, fields) {
  let text = "";
  for (let at = 0; at < template.length; at++) {
    const char = template[at];
    if ((char === "{" || char === "}") && template[at + 1] === char) {
      text += char;
      at++;
    } else if (char === "{") {
      const end = closing(template, at);
      const inside = template.slice(at + 1, end);
      const colon = inside.indexOf(":");
      const name = colon < 0 ? inside : inside.slice(0, colon);
      if (!(name in fields)) throw new Error(`nothing is called ${name}`);
      // Words within words are filled before one of them is chosen, as Python does it.
      text += form(fields[name], colon < 0 ? "" : written(inside.slice(colon + 1), fields));
      at = end;
    } else text += char;
  }
  return text;
}

function closing(template, from) {
  let depth = 0;
  for (let at = from; at < template.length; at++) {
    if (template[at] === "{") depth++;
    if (template[at] === "}" && --depth === 0) return at;
  }
  throw new Error(`${template} has no end`);
}
