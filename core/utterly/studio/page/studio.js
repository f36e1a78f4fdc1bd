// Puts the page together.

import { byId, element, setIcon } from "./elements.js";
import { Engines } from "./engines.js";
import { Log } from "./log.js";
import { Result } from "./result.js";
import { follow, get, post, sentence, stop, upload } from "./server.js";
import { Text } from "./text.js";
import { Voices } from "./voices.js";

const choice = await get("/api/studio").catch((error) => {
  showProblem(error);
  throw error;
});
const engines = new Engines({
  ...choice,
  onChange: () => voices.refresh(),
  onProblem: showProblem,
});
const voices = new Voices({ personas: choice.personas, engines });
const text = new Text({ limits: choice.limits, onProblem: showProblem });
const result = new Result({ formats: choice.formats, nameSpeaker: (segment) => voices.name(segment) });
const log = new Log();
let previewed = null; // the id of the preview that is being made or heard
const early = new Set(); // tracks of which there was news before the answer that they were begun
let answer = null; // what the chain asks of the server again

byId("speak").addEventListener("click", () => speak());
byId("stop").addEventListener("click", () => stop(`/api/tracks/${result.track.id}`).catch(showProblem));
byId("preview").addEventListener("click", togglePreview);
byId("speed").addEventListener("input", showSpeed);
byId("voice").addEventListener("change", promoteEngine);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("speak").click();
});

showSpeed();
voices.refresh();
follow(receive, showConnection, () => result.playing || result.track?.state === "speaking");
const last = choice.tracks.at(-1);
if (last) openTrack(last);
byId("speak").disabled = false;
byId("file").disabled = false;

// Speaking

async function speak(chain = engines.chain) {
  showProblem(null);
  byId("speak").disabled = true;
  try {
    openTrack(await ask(chain), { play: true });
    answer = () => speak(chain);
  } catch (error) {
    showProblem(error);
  } finally {
    byId("speak").disabled = false;
  }
}

function ask(chain) {
  const speed = Number(byId("speed").value);
  const isOwn = voices.engine === null || chain.includes(voices.engine);
  const manner = {
    engines: chain,
    voice: isOwn ? voices.voice : null,
    language: voices.language,
    speed: speed === 1 ? null : speed,
  };
  if (!text.file) return post("/api/speeches", { ...manner, text: text.value });
  const query = new URLSearchParams({ name: text.file.name, manner: JSON.stringify(manner) });
  return upload(`/api/dubs?${query}`, text.file);
}

function openTrack(track, options) {
  result.open(track, options);
  showStop();
  if (track.state !== "speaking") showFailure(track);
  catchUp(track);
}

function catchUp({ id }) {
  if (early.delete(id)) get(`/api/tracks/${id}`).then(receiveTrack, showProblem);
}

function showStop() {
  byId("stop").hidden = result.track?.state !== "speaking";
}

function showFailure(track) {
  if (!track.error) return;
  showProblem(new Error(sentence(track.error)), answer ? retries() : []);
}

// What can be done where nobody could speak: once more, or somebody else.
function retries() {
  const others = engines.others().map(({ name, title, kind }) => [`Speak with ${title}${kind === "cloud" ? ", in the cloud" : ""}`, () => {
    engines.promote(name);
    speak();
  }]);
  return [["Try again", answer], ...others];
}

// Previews

async function togglePreview() {
  const audio = previewAudio();
  if (previewed) {
    audio.pause();
    showPreview(null);
    return;
  }
  const chain = voices.engine ? [voices.engine] : engines.chain;
  showProblem(null);
  showPreview("asked for");
  try {
    const track = await post("/api/previews", { engines: chain, voice: voices.voice, language: voices.sampleLanguage });
    showPreview(track.id);
    catchUp(track);
  } catch (error) {
    showPreview(null);
    showProblem(error);
  }
}

function hearPreview(track) {
  if (track.id !== previewed || track.state === "speaking") return;
  if (track.state !== "complete") {
    showPreview(null);
    showProblem(new Error(sentence(track.error)));
    return;
  }
  const audio = previewAudio();
  audio.src = `/api/tracks/${track.id}/audio.wav`;
  audio.play();
}

function previewAudio() {
  let audio = byId("preview-audio");
  if (!audio) {
    audio = element("audio", { id: "preview-audio" });
    audio.addEventListener("ended", () => showPreview(null));
    byId("preview").after(audio);
  }
  return audio;
}

function showPreview(id) {
  previewed = id;
  const button = byId("preview");
  button.querySelector("span").textContent = id ? "Stop" : "Preview";
  setIcon(button, id ? "stop" : "play");
}

// What the server tells

function receive(message) {
  if (message.type === "hello") {
    log.show(message.notes);
    message.engines.forEach((news) => engines.tell(news));
    if (result.track) get(`/api/tracks/${result.track.id}`).then(receiveTrack, () => {});
  } else if (message.type === "told") {
    engines.tell(message);
    if (message.is_news) log.add(message);
  } else if (message.type === "track") {
    receiveTrack(message);
  }
}

async function receiveTrack(track) {
  if (track.id !== result.track?.id && track.id !== previewed) early.add(track.id);
  if (track.kind === "preview") {
    hearPreview(track);
    return;
  }
  const wasSpeaking = result.track?.state === "speaking";
  await result.update(track);
  if (track.id !== result.track?.id) return;
  showStop();
  if (wasSpeaking && track.state !== "speaking") showFailure(track);
}

// Small things

function showProblem(error, actions = []) {
  if (!error) {
    byId("problem").replaceChildren();
    return;
  }
  const buttons = actions.map(([label, run], index) =>
    element("button", { type: "button", class: "outlined", onclick: run, "data-key": `problem ${index}` }, label));
  byId("problem").replaceChildren(
    element("p", {}, error.message),
    ...(buttons.length ? [element("div", { class: "row" }, ...buttons)] : []),
  );
}

function showConnection(isThere) {
  byId("connection").textContent = isThere ? "" : "The studio does not answer; waiting for it.";
}

// A voice speaks on its own engine only: choosing it is choosing that engine.
function promoteEngine() {
  const { engine } = voices;
  if (engine && engines.promote(engine)) {
    log.add({ at: Date.now() / 1000, sentence: `${engines.title(engine)} is the first choice now: the voice is its own.`, tone: "plain" });
  }
}

function showSpeed() {
  byId("speed-value").textContent = `${Number(byId("speed").value).toFixed(2)} ×`;
}
