// One player for a track, whether it is still being spoken or lies there whole.

import { LiveAudio } from "./live.js";

export class Player extends EventTarget {
  #audio;
  #track = null;
  #live = null;

  constructor(audio) {
    super();
    this.#audio = audio;
    for (const name of ["play", "pause", "ended", "durationchange"]) {
      audio.addEventListener(name, () => this.#change());
    }
  }

  get playing() {
    return this.#live ? !this.#live.paused : !this.#audio.paused && !this.#audio.ended;
  }

  get time() {
    return this.#live ? this.#live.time : this.#audio.currentTime;
  }

  // Another track, or news of the one that is there.
  show(track) {
    if (track.id !== this.#track?.id) {
      this.#stopLive();
      this.#audio.removeAttribute("src");
      this.#audio.load();
    }
    this.#track = track;
    const address = `/api/tracks/${track.id}/audio.wav`;
    if (track.canBeHeard && this.#audio.getAttribute("src") !== address) {
      this.#audio.src = address;
    }
    this.#change();
  }

  play() {
    if (this.#live) this.#live.resume();
    else if (this.#audio.hasAttribute("src")) this.#audio.play();
    else if (this.#track) this.#playLive(0);
    this.#change();
  }

  // What is whole goes on from the file; only what is not yet has to stay with its source.
  pause() {
    const time = this.time;
    if (this.#live && this.#audio.hasAttribute("src")) {
      this.#stopLive();
      this.#audio.currentTime = time;
    } else if (this.#live) this.#live.pause();
    else this.#audio.pause();
    this.#change();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  seek(time) {
    const wasPlaying = this.playing;
    if (this.#audio.hasAttribute("src")) {
      this.#stopLive();
      this.#audio.currentTime = time;
      if (wasPlaying) this.#audio.play();
    } else if (this.#track?.state === "speaking") {
      this.#stopLive();
      this.#playLive(time);
    }
    this.#change();
  }

  #playLive(from) {
    this.#live = new LiveAudio(`/api/tracks/${this.#track.id}/live`, from, () => {
      this.#stopLive();
      this.#change();
    });
  }

  #stopLive() {
    this.#live?.stop();
    this.#live = null;
  }

  #change() {
    this.dispatchEvent(new Event("change"));
  }
}
