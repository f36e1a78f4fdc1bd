// What is to be spoken: a text, or a subtitle file.

import { byId } from "./elements.js";

const SUBTITLES = /\.(srt|vtt|ass|ssa)$/i;

export class Text {
  #limits;
  #onProblem;

  constructor({ limits, onProblem }) {
    this.file = null;
    this.#limits = limits;
    this.#onProblem = onProblem;
    byId("limit").textContent = `${limits.bytes / 1e6} MB`;
    byId("text").addEventListener("input", () => this.#count());
    byId("file").addEventListener("change", (event) => {
      this.#open(event.target.files[0]);
      event.target.value = "";
    });
    byId("upload-remove").addEventListener("click", () => {
      this.#show(null);
      byId("text").focus();
    });
    this.#listenToDrops();
    this.#count();
  }

  get value() {
    return byId("text").value;
  }

  async #open(file) {
    if (!file) return;
    this.#onProblem(null);
    if (file.size > this.#limits.bytes) {
      const size = (file.size / 1e6).toFixed(1);
      this.#onProblem(new Error(`${file.name} has ${size} MB; the studio takes ${this.#limits.bytes / 1e6} MB.`));
    } else if (SUBTITLES.test(file.name)) {
      this.#show(file);
    } else {
      byId("text").value = decode(await file.arrayBuffer());
      this.#show(null);
    }
  }

  #show(file) {
    this.file = file;
    byId("upload").hidden = !file;
    byId("text").hidden = Boolean(file);
    if (file) {
      byId("upload-name").textContent = file.name;
      byId("upload-facts").textContent = `Subtitles, ${Math.max(1, Math.round(file.size / 1000))} kB. They become one track, each cue on time.`;
    }
    this.#count();
  }

  #count() {
    const length = this.value.length;
    const tooLong = length > this.#limits.characters;
    byId("count").textContent = this.file || !length
      ? ""
      : `${length.toLocaleString("en")}${tooLong ? ` of ${this.#limits.characters.toLocaleString("en")}` : ""} characters`;
  }

  #listenToDrops() {
    const place = byId("drop");
    const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
    place.addEventListener("dragover", (event) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      place.classList.add("over");
    });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      place.classList.remove("over");
      this.#open(event.dataTransfer.files[0]);
    });
  }
}

// UTF-8, or UTF-16 with a byte order mark, as `utterly say -f` reads it.
function decode(buffer) {
  const [first, second] = new Uint8Array(buffer);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(buffer);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(buffer);
  return new TextDecoder().decode(buffer);
}
