// The chain, and what each of its engines does at the moment.

import { byId, element, icon } from "./elements.js";
import { post, sentence } from "./server.js";

const BUSY = ["looking", "downloading", "loading"];
const CAN_BE_RETRIED = ["missing", "unavailable", "failed"];

export class Engines {
  #engines;
  #standing = new Map(); // the last that was told of each
  #onChange;
  #onProblem;

  constructor({ engines, chain, onChange, onProblem }) {
    this.#engines = new Map(engines.map((engine) => [engine.name, engine]));
    const remembered = JSON.parse(localStorage.getItem("chain") || "null");
    const isThere = (name) => this.#engines.get(name)?.state === "ready";
    this.chain = remembered?.length && remembered.every(isThere) ? remembered : chain;
    this.#onChange = onChange;
    this.#onProblem = onProblem;
    this.#show();
  }

  title(name) {
    return this.#engines.get(name)?.title ?? name;
  }

  languages() {
    const all = this.chain.flatMap((name) => this.#engines.get(name)?.languages ?? []);
    return [...new Set(all)];
  }

  // Engines that can be used and are not in the chain, those that keep the text here first.
  others() {
    const usable = [...this.#engines.values()].filter(
      ({ name, state }) => state === "ready" && !this.chain.includes(name),
    );
    return usable.sort((a, b) => (a.kind === "cloud") - (b.kind === "cloud"));
  }

  tell(news) {
    if (!news.engine || !news.state) return;
    this.#standing.set(news.engine, news);
    this.#show();
  }

  add(name) {
    this.#change([...this.chain, name]);
  }

  promote(name) {
    if (this.chain[0] === name) return false;
    this.#change([name, ...this.chain.filter((other) => other !== name)]);
    return true;
  }

  #change(chain) {
    this.chain = chain;
    localStorage.setItem("chain", JSON.stringify(chain));
    this.#show();
    this.#onChange();
  }

  #move(name, by) {
    const chain = [...this.chain];
    const place = chain.indexOf(name);
    chain.splice(place, 1);
    chain.splice(place + by, 0, name);
    this.#change(chain);
  }

  async #retry(name) {
    this.tell({ engine: name, state: "looking", sentence: `${this.title(name)} is trying again.` });
    try {
      await post(`/api/engines/${encodeURIComponent(name)}`);
    } catch (error) {
      this.#onProblem(error);
    }
  }

  #show() {
    const focused = document.activeElement?.dataset.key;
    byId("chain").replaceChildren(...this.chain.map((name, place) => this.#chained(name, place)));
    byId("others").replaceChildren(...this.#rest());
    if (focused) document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #chained(name, place) {
    const last = this.chain.length - 1;
    const standing = this.#standing.get(name) ?? { state: "idle", sentence: "Not loaded yet." };
    const title = this.title(name);
    const tool = (action, label, run, disabled) =>
      element("button", {
        type: "button", class: "small", disabled, "aria-label": label, title: label,
        "data-key": `${action} ${name}`, onclick: run,
      }, icon(action));
    return element("li", { class: "engine", "data-engine": name, "data-state": standing.state },
      element("div", { class: "row" },
        element("span", { class: "light", "aria-hidden": "true" }),
        element("p", { class: "name" }, element("strong", {}, title), kindOf(this.#engines.get(name))),
        tool("up", `Try ${title} earlier`, () => this.#move(name, -1), place === 0),
        tool("down", `Try ${title} later`, () => this.#move(name, 1), place === last),
        tool("remove", `Take ${title} out of the chain`, () => this.#change(this.chain.filter((other) => other !== name)), last === 0)),
      element("p", { class: "doing" }, standing.sentence),
      this.#progress(standing, title),
      CAN_BE_RETRIED.includes(standing.state) ? this.#mend(name, title, place) : null,
    );
  }

  #progress({ state, share }, title) {
    if (!BUSY.includes(state)) return null;
    const known = share === null || share === undefined ? {} : { value: share, max: 1 };
    return element("progress", { ...known, "aria-label": `How far ${title} has come` });
  }

  // What to do about an engine that cannot start: again, or without it.
  #mend(name, title, place) {
    const next = this.chain.find((other, index) => index > place) ?? this.chain.find((other) => other !== name);
    const instead = next
      ? element("button", { type: "button", class: "outlined", "data-key": `instead ${name}`, onclick: () => this.promote(next) }, `Use ${this.title(next)} first`)
      : null;
    return element("div", { class: "row mend" },
      element("button", { type: "button", class: "outlined", "data-key": `again ${name}`, onclick: () => this.#retry(name), "aria-label": `Try ${title} again` }, "Try again"),
      instead,
    );
  }

  *#rest() {
    const others = this.others();
    if (others.length) yield element("h3", {}, "Also installed");
    for (const { name, title } of others) {
      const add = element("button", { type: "button", class: "small", "aria-label": `Add ${title} to the chain`, title: `Add ${title} to the chain`, "data-key": `add ${name}`, onclick: () => this.add(name) }, icon("add"));
      yield element("div", { class: "engine", "data-engine": name },
        element("div", { class: "row" }, element("p", { class: "name" }, element("strong", {}, title), kindOf(this.#engines.get(name))), add));
    }
    const broken = [...this.#engines.values()].filter(({ state }) => state !== "ready");
    if (broken.length) yield element("h3", {}, "Cannot be used");
    for (const { title, reason, mend } of broken) {
      yield element("div", { class: "engine" }, element("p", { class: "name" }, element("strong", {}, title)),
        element("p", { class: "hint" }, sentence(reason), mend ? ` ${sentence(mend)}` : ""));
    }
    if (!this.#engines.size) {
      yield element("p", { class: "hint" }, "Nothing is installed to speak with. Install an engine, such as ", element("code", {}, "pip install utterly-espeak"), ", and start the studio again.");
    }
  }
}

function kindOf(engine) {
  if (!engine?.kind) return null;
  return element("span", { class: "kind" }, engine.kind === "cloud" ? "in the cloud: gets the text" : "on this machine");
}
