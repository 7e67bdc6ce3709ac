// What the reader has chosen, and the same in the address: #rate=0.45&step=20; in a notebook, in the
// widget's state.
//
// A link shows what its author saw. What was typed by hand and means nothing is left out, and back
// and forward go through what was chosen. In a frame the address changes in place: a post's own
// history is not ours.

export class State {
  // `memory` is where it is kept: read(), write(text, entry), and listen(changed).
  constructor(fields, changed, memory) {
    this.fields = fields;
    this.changed = changed;
    this.memory = memory;
    this.values = Object.fromEntries(Object.entries(fields).map(([name, f]) => [name, f.usual]));
    this.moving = false; // within one drag of a slider
    this.waiting = 0;
    memory.listen(() => {
      if (memory.read() !== this.text()) {
        this.read();
        this.changed();
      }
    });
  }

  read() {
    const asked = new URLSearchParams(this.memory.read());
    for (const [name, field] of Object.entries(this.fields)) {
      const value = asked.has(name) ? field.parse(asked.get(name)) : undefined;
      this.values[name] = value === undefined ? field.usual : value;
    }
  }

  text() {
    const parts = [];
    for (const [name, field] of Object.entries(this.fields)) {
      const text = field.text(this.values[name]);
      if (text !== field.text(field.usual)) parts.push(`${name}=${encodeURIComponent(text)}`);
    }
    return parts.join("&");
  }

  // `moving`: one of many values on the way; the next ones take its place in the history.
  set(values, { moving = false } = {}) {
    const before = this.text();
    Object.assign(this.values, values);
    this.changed();
    const entry = !this.moving && this.text() !== before;
    this.moving = moving;
    if (entry) this.write(true);
    else {
      // Browsers allow only so many changes of an address in a while.
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.write(false), moving ? 200 : 0);
    }
  }

  write(entry) {
    clearTimeout(this.waiting);
    const text = this.text();
    if (text !== this.memory.read()) this.memory.write(text, entry);
  }
}

export const address = {
  read: () => location.hash.slice(1),
  write(text, entry) {
    try {
      history[entry && window.parent === window ? "pushState" : "replaceState"](null, "", `#${text}`);
    } catch {
      // a place without an address of its own
    }
  },
  listen(changed) {
    for (const event of ["hashchange", "popstate"]) addEventListener(event, changed);
  },
};

// In a notebook: `state` of the widget, such as {"rate": "0.45", "step": "20"}.
export function inModel(model) {
  let heard;
  return {
    read: () => Object.entries(model.get("state")).map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join("&"),
    write(text) {
      model.set("state", Object.fromEntries(new URLSearchParams(text)));
      model.save_changes();
    },
    listen(changed) {
      heard = changed;
      model.on("change:state", heard);
    },
    forget: () => model.off("change:state", heard),
  };
}

export const oneOf = (names, usual) => ({
  usual,
  parse: (text) => (names.includes(text) ? text : undefined),
  text: (value) => value,
});

export const whole = (low, high, usual) => ({
  usual,
  parse: (text) => (/^-?\d{1,9}$/.test(text) ? Math.min(high, Math.max(low, Number(text))) : undefined),
  text: String,
});

// An index into numbers, in the address the number itself; the nearest one is taken.
export const nearest = (numbers, usual) => ({
  usual,
  parse: (text) => {
    const asked = Number(text);
    if (text.trim() === "" || !Number.isFinite(asked)) return undefined;
    let best = 0;
    numbers.forEach((n, i) => {
      if (Math.abs(n - asked) < Math.abs(numbers[best] - asked)) best = i;
    });
    return best;
  },
  text: (index) => String(Number(numbers[index].toPrecision(6))),
});

// Some of several names, in their order.
export const someOf = (names, usual) => ({
  usual,
  parse: (text) => {
    const asked = text.split(",");
    const found = names.filter((name) => asked.includes(name));
    return found.length || text === "none" ? found : undefined;
  },
  text: (value) => (value.length ? value.join(",") : "none"),
});
