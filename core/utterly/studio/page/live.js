// Plays audio while it is still being spoken: pieces are put one after the other on a clock.

import { open } from "./server.js";

const RATE = 24_000;
const AHEAD_SECONDS = 20;

export class LiveAudio {
  #context = new AudioContext({ sampleRate: RATE });
  #stopping = new AbortController();
  #pieces = []; // where each piece stands on the clock and in the track, in seconds
  #next = 0; // on the clock
  #reached; // in the track

  constructor(path, from, onEnd) {
    this.#reached = from;
    this.#play(`${path}?from=${Math.round(from * RATE)}`)
      .then(() => this.#waitUntilHeard())
      .then(onEnd, (error) => {
        if (!this.#stopping.signal.aborted) onEnd(error);
      });
  }

  get time() {
    const now = this.#context.currentTime;
    while (this.#pieces.length > 1 && this.#pieces[1].at <= now) this.#pieces.shift();
    const piece = this.#pieces[0];
    if (!piece) return this.#reached;
    return piece.from + Math.min(Math.max(now - piece.at, 0), piece.length);
  }

  get paused() {
    return this.#context.state === "suspended";
  }

  pause() {
    this.#context.suspend();
  }

  resume() {
    this.#context.resume();
  }

  stop() {
    this.#stopping.abort();
    if (this.#context.state !== "closed") this.#context.close();
  }

  async #play(path) {
    const reader = await open(path, this.#stopping.signal);
    let rest = new Uint8Array();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const bytes = new Uint8Array(rest.length + value.length);
      bytes.set(rest);
      bytes.set(value, rest.length);
      const whole = bytes.length - (bytes.length % 2);
      rest = bytes.slice(whole);
      if (whole) this.#schedule(new Int16Array(bytes.buffer, 0, whole / 2));
      await this.#waitWhile(() => this.#next - this.#context.currentTime > AHEAD_SECONDS);
    }
  }

  #schedule(pcm) {
    const samples = Float32Array.from(pcm, (value) => value / 32_768);
    const buffer = this.#context.createBuffer(1, samples.length, RATE);
    buffer.copyToChannel(samples, 0);
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#context.destination);
    this.#next = Math.max(this.#next, this.#context.currentTime + 0.05);
    source.start(this.#next);
    this.#pieces.push({ at: this.#next, from: this.#reached, length: buffer.duration });
    this.#next += buffer.duration;
    this.#reached += buffer.duration;
  }

  #waitUntilHeard() {
    return this.#waitWhile(() => this.#context.currentTime < this.#next);
  }

  async #waitWhile(condition) {
    while (condition()) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      this.#stopping.signal.throwIfAborted();
    }
  }
}
