// What happens, as sentences, the newest at the end.

import { byId, element } from "./elements.js";

const MOST_LINES = 200;

export class Log {
  #list = byId("log");
  #window = this.#list.parentElement;

  show(notes) {
    this.#list.replaceChildren(...notes.map(line));
    this.#window.scrollTop = this.#window.scrollHeight;
  }

  add(note) {
    const { scrollHeight, scrollTop, clientHeight } = this.#window;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < 40;
    this.#list.append(line(note));
    while (this.#list.children.length > MOST_LINES) this.#list.firstElementChild.remove();
    if (isAtEnd) this.#window.scrollTop = this.#window.scrollHeight;
  }
}

function line({ at, sentence, tone }) {
  const time = new Date(at * 1000);
  return element("li", {},
    element("time", { datetime: time.toISOString() }, time.toLocaleTimeString("en-GB")),
    element("span", { class: tone }, sentence));
}
