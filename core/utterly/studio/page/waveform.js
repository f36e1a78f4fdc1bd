// The waveform, in the colours of those who speak, with a timeline of them below.

const BAR = 3;
const GAP = 1;
const LINE = 8;
const PEAKS_PER_SECOND = 20;

export function drawWaveform(canvas, track, time, colourOf) {
  const { width, height } = canvas.getBoundingClientRect();
  const scale = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  const seconds = expectedSeconds(track);
  const place = { width, height: height - LINE - 10, seconds };
  drawBars(pen, track, time, place, style, colourOf);
  drawTimeline(pen, track, { ...place, top: height - LINE - 4 }, colourOf);
  pen.fillStyle = style.getPropertyValue("--ink");
  if (track.duration) pen.fillRect((time / seconds) * width - 0.75, 4, 1.5, height - 8);
}

// How long it is going to be: known in the end, and before by the share that is spoken.
export function expectedSeconds(track) {
  if (track.state !== "speaking") return Math.max(track.duration, 0.1);
  const guess = track.share > 0 ? track.duration / track.share : 0;
  return Math.max(guess, track.duration, 3);
}

function drawBars(pen, track, time, { width, height, seconds }, style, colourOf) {
  const perBar = ((seconds * PEAKS_PER_SECOND) / width) * (BAR + GAP);
  const middle = 5 + height / 2;
  let segment = 0;
  for (let bar = 0; bar * (BAR + GAP) < width; bar += 1) {
    const first = Math.floor(bar * perBar);
    if (first >= track.peaks.length) break;
    const last = Math.max(first + 1, Math.floor((bar + 1) * perBar));
    let peak = 0;
    for (let index = first; index < last; index += 1) peak = Math.max(peak, track.peaks[index] ?? 0);
    const at = first / PEAKS_PER_SECOND;
    while (segment < track.segments.length - 1 && track.segments[segment].end <= at) segment += 1;
    const speaker = track.segments[segment];
    pen.fillStyle = speaker && at < speaker.end ? colourOf(speaker) : style.getPropertyValue("--strong-line");
    pen.globalAlpha = at < time ? 1 : 0.5;
    const tall = Math.max(2, (peak / 100) * height);
    pen.beginPath();
    pen.roundRect(bar * (BAR + GAP), middle - tall / 2, BAR, tall, 1.5);
    pen.fill();
  }
  pen.globalAlpha = 1;
}

// A stand-in's segments are hatched, so that colour alone does not have to tell them.
function drawTimeline(pen, track, { width, seconds, top }, colourOf) {
  for (const segment of track.segments) {
    const left = (segment.start / seconds) * width;
    const right = Math.max(left + 1.5, (segment.end / seconds) * width - 1);
    pen.fillStyle = colourOf(segment);
    pen.save();
    pen.beginPath();
    pen.roundRect(left, top, right - left, LINE, 2);
    pen.clip();
    pen.globalAlpha = segment.substituted ? 0.4 : 1;
    pen.fillRect(left, top, right - left, LINE);
    if (segment.substituted) {
      pen.globalAlpha = 1;
      for (let x = left - LINE; x < right; x += 6) {
        pen.beginPath();
        pen.moveTo(x, top + LINE);
        pen.lineTo(x + LINE, top);
        pen.lineTo(x + LINE + 2.5, top);
        pen.lineTo(x + 2.5, top + LINE);
        pen.fill();
      }
    }
    pen.restore();
  }
}
