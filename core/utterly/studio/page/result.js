// What is being spoken, or was: player, timeline, who spoke what, downloads.

import { byId, clock, element, setIcon } from "./elements.js";
import { Player } from "./player.js";
import { get } from "./server.js";
import { drawWaveform, expectedSeconds } from "./waveform.js";

const STATES = {
  speaking: ["", "Being spoken"],
  complete: ["good", "Complete"],
  partial: ["warning", "Partly spoken"],
  stopped: ["warning", "Stopped"],
  failed: ["bad", "Not spoken"],
};
const SPEAKER_COLOURS = 6;

export class Result {
  #player = new Player(byId("audio"));
  #speakers = new Map(); // by engine:voice, in order of first word
  #names;
  #drawing = false;
  #shownSegments = 0;
  #updating = Promise.resolve();

  constructor({ formats, nameSpeaker }) {
    this.track = null;
    this.#names = nameSpeaker;
    this.#player.addEventListener("change", () => this.#showPlayer());
    byId("play").addEventListener("click", () => this.#player.toggle());
    this.#listenToPosition();
    byId("format").replaceChildren(...formats.map((name) => element("option", { value: name }, name.toUpperCase())));
    byId("format").addEventListener("change", () => this.#showDownloads());
    const redraw = () => this.#draw();
    new ResizeObserver(redraw).observe(byId("wave"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  get playing() {
    return this.#player.playing;
  }

  // A track from its beginning; `play` where somebody just asked for it.
  open(track, { play = false } = {}) {
    this.track = heard(track);
    this.#speakers.clear();
    this.#shownSegments = 0;
    byId("segments").replaceChildren();
    byId("result").hidden = false;
    this.#player.show(this.track);
    if (play && track.kind !== "dub") this.#player.play();
    this.#show();
  }

  // What came of the track since it was last told; one after the other, though some have to ask.
  update(news) {
    this.#updating = this.#updating.then(() => this.#apply(news));
    return this.#updating;
  }

  async #apply(news) {
    const track = this.track;
    if (news.id !== track?.id) return;
    if (news.first_peak !== track.peaks.length || news.first_segment !== track.segments.length) {
      Object.assign(track, heard(await get(`/api/tracks/${track.id}`))); // we missed something
      if (track !== this.track) return;
    } else {
      const peaks = track.peaks.concat(news.peaks);
      const segments = track.segments.concat(news.segments);
      Object.assign(track, heard({ ...news, peaks, segments }));
    }
    this.#player.show(track);
    this.#show();
  }

  #show() {
    const { track } = this;
    const [tone, label] = STATES[track.state];
    const share = track.state === "speaking" && track.share ? ` ${Math.round(100 * track.share)} %` : "";
    byId("result-title").textContent = track.title;
    byId("result-state").textContent = label + share;
    byId("result-state").className = `badge ${tone}`;
    this.#showSegments();
    this.#showLegend();
    this.#showDownloads();
    this.#showPlayer();
  }

  #showPlayer() {
    const { track } = this;
    if (!track) return;
    const { playing } = this.#player;
    const canPlay = track.canBeHeard || (track.state === "speaking" && track.kind !== "dub");
    byId("play").disabled = !canPlay;
    byId("player").hidden = track.state === "failed";
    byId("play").setAttribute("aria-label", playing ? "Pause" : "Play");
    setIcon(byId("play"), playing ? "pause" : "play");
    this.#draw();
  }

  #draw() {
    if (!this.track) return;
    const { track } = this;
    const time = Math.min(this.#player.time, track.duration || Infinity);
    const styles = getComputedStyle(byId("wave"));
    drawWaveform(byId("wave"), track, time, (segment) => styles.getPropertyValue(this.#colour(segment)));
    byId("now").textContent = clock(time);
    byId("length").textContent = track.state === "speaking" ? `${clock(track.duration)} so far` : clock(track.duration);
    const slider = byId("position");
    slider.setAttribute("aria-valuemax", track.duration.toFixed(1));
    slider.setAttribute("aria-valuenow", time.toFixed(1));
    const current = track.segments.findLastIndex((segment) => segment.start <= time + 0.01);
    const speaker = track.segments[current];
    const who = speaker?.engine ? `, ${this.#names(speaker)}` : "";
    slider.setAttribute("aria-valuetext", `${clock(time)} of ${clock(track.duration)}${who}`);
    this.#markSegment(this.#player.playing || time > 0 ? current : -1);
    if (this.#player.playing && !this.#drawing) {
      this.#drawing = true;
      requestAnimationFrame(() => {
        this.#drawing = false;
        this.#draw();
      });
    }
  }

  #colour({ engine, voice }) {
    const speaker = `${engine}:${voice}`;
    if (!this.#speakers.has(speaker)) this.#speakers.set(speaker, this.#speakers.size);
    return `--speaker-${this.#speakers.get(speaker) % SPEAKER_COLOURS}`;
  }

  #dot(segment) {
    const dot = element("span", { class: "dot", "aria-hidden": "true" });
    dot.style.setProperty("--speaker", `var(${this.#colour(segment)})`);
    return dot;
  }

  #showLegend() {
    const shares = new Map();
    for (const segment of this.track.segments) {
      if (!segment.engine) continue;
      const key = `${segment.engine}:${segment.voice}`;
      const [seconds] = shares.get(key) ?? [0];
      shares.set(key, [seconds + segment.end - segment.start, segment]);
    }
    const items = [...shares.values()].map(([seconds, segment]) =>
      element("li", {}, this.#dot(segment), this.#names(segment), element("small", {}, clock(Math.max(seconds, 1)))),
    );
    byId("legend").replaceChildren(...items);
  }

  #showSegments() {
    const list = byId("segments");
    for (const segment of this.track.segments.slice(this.#shownSegments)) {
      const notes = [];
      if (!segment.engine) notes.push("nobody could speak it");
      else if (!segment.complete) notes.push("broke off");
      if (segment.substituted) notes.push(`${this.#names(segment)} stood in`);
      const seek = () => {
        this.#player.seek(segment.start);
        this.#player.play();
      };
      list.append(
        element("li", {},
          element("button", { type: "button", onclick: seek },
            this.#dot(segment),
            element("time", {}, clock(segment.start)),
            element("span", {}, segment.text, notes.length ? element("em", {}, notes.join("; ")) : null)),
        ),
      );
    }
    this.#shownSegments = this.track.segments.length;
    byId("transcript").hidden = !this.#shownSegments;
  }

  #markSegment(index) {
    const list = byId("segments");
    const marked = list.querySelector("[aria-current]");
    const wanted = list.children[index]?.firstElementChild;
    if (marked === wanted) return;
    marked?.removeAttribute("aria-current");
    if (!wanted) return;
    wanted.setAttribute("aria-current", "true");
    if (this.#player.playing) {
      const { offsetTop } = wanted.parentElement;
      list.scrollTop = offsetTop - list.offsetTop - list.clientHeight / 3;
    }
  }

  #showDownloads() {
    const { track } = this;
    byId("downloads").hidden = !track?.canBeHeard;
    if (!track) return;
    byId("keep-audio").href = `/api/tracks/${track.id}/audio.${byId("format").value}?keep`;
    for (const format of ["srt", "vtt"]) {
      byId(`keep-${format}`).href = `/api/tracks/${track.id}/subtitles.${format}`;
    }
  }

  #listenToPosition() {
    const slider = byId("position");
    const seekTo = (event) => {
      const { left, width } = slider.getBoundingClientRect();
      const share = Math.min(Math.max((event.clientX - left) / width, 0), 1);
      this.#seek(share * expectedSeconds(this.track));
    };
    slider.addEventListener("pointerdown", (event) => {
      slider.setPointerCapture(event.pointerId);
      seekTo(event);
    });
    slider.addEventListener("pointermove", (event) => {
      if (slider.hasPointerCapture(event.pointerId) && this.track.canBeHeard) seekTo(event);
    });
    const steps = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageUp: 15, PageDown: -15 };
    slider.addEventListener("keydown", (event) => {
      if (event.key === " ") this.#player.toggle();
      else if (event.key === "Home") this.#seek(0);
      else if (event.key === "End") this.#seek(this.track.duration);
      else if (event.key in steps) this.#seek(this.#player.time + steps[event.key]);
      else return;
      event.preventDefault();
    });
  }

  #seek(time) {
    this.#player.seek(Math.min(Math.max(time, 0), this.track.duration));
  }
}

function heard(track) {
  const canBeHeard = ["complete", "partial", "stopped"].includes(track.state) && track.duration > 0;
  return { ...track, canBeHeard };
}
