// Choosing a voice and a language.

import { byId, element, languageName } from "./elements.js";
import { get } from "./server.js";

export class Voices {
  #byEngine = new Map();
  #personas;
  #engines;

  constructor({ personas, engines }) {
    this.#personas = personas;
    this.#engines = engines;
    byId("language").addEventListener("change", () => this.#show());
    byId("voice").addEventListener("change", () => {
      byId("preview").disabled = !this.voice;
    });
  }

  get voice() {
    return byId("voice").value || null;
  }

  get language() {
    return byId("language").value || null;
  }

  // The engine whose voice was chosen; none of a persona.
  get engine() {
    return byId("voice").selectedOptions[0]?.dataset.engine ?? null;
  }

  get sampleLanguage() {
    return this.language ?? byId("voice").selectedOptions[0]?.dataset.language ?? null;
  }

  name({ engine, voice }) {
    const known = this.#byEngine.get(engine)?.find(({ reference }) => reference === `${engine}:${voice}`);
    const title = this.#engines.title(engine);
    const name = known?.name ?? voice;
    return name && name !== title ? `${title}, ${name}` : title;
  }

  async refresh() {
    await Promise.all(this.#engines.chain.map((name) => this.#fetch(name)));
    this.#showLanguages();
    this.#show();
  }

  async #fetch(name) {
    if (this.#byEngine.has(name)) return;
    try {
      this.#byEngine.set(name, await get(`/api/voices/${encodeURIComponent(name)}`));
    } catch {
      this.#byEngine.set(name, []); // it says why when its turn comes
    }
  }

  #showLanguages() {
    const chosen = this.language;
    const named = this.#engines.languages().map((tag) => [languageName(tag), tag]);
    named.sort(([a], [b]) => a.localeCompare(b));
    const options = named.map(([name, tag]) => element("option", { value: tag }, name));
    byId("language").replaceChildren(element("option", { value: "" }, "Automatic"), ...options);
    byId("language").value = this.#engines.languages().includes(chosen) ? chosen : "";
  }

  #show() {
    const chosen = this.voice;
    const groups = this.#engines.chain.map((name) => this.#group(name)).filter(({ children }) => children.length);
    const personas = this.#personas.map(({ name }) => element("option", { value: name }, name));
    byId("voice").replaceChildren(
      element("option", { value: "" }, "Automatic"),
      ...(personas.length ? [element("optgroup", { label: "Personas" }, ...personas)] : []),
      ...groups,
    );
    byId("voice").value = chosen ?? "";
    if (byId("voice").selectedIndex < 0) byId("voice").value = "";
    byId("preview").disabled = !this.voice;
  }

  #group(engine) {
    const base = this.language?.split("-")[0].toLowerCase();
    const speaks = ({ languages }) => languages.some((tag) => tag.split("-")[0].toLowerCase() === base);
    const voices = (this.#byEngine.get(engine) ?? []).filter((voice) => !base || speaks(voice));
    const options = voices.map(({ reference, name, languages, gender }) => {
      const language = languages[0] ?? "";
      const facts = [languageName(language), gender].filter(Boolean).join(", ");
      const label = facts && facts !== name ? `${name} (${facts})` : name;
      return element("option", { value: reference, "data-engine": engine, "data-language": language }, label);
    });
    return element("optgroup", { label: this.#engines.title(engine) }, ...options);
  }
}
