// Talking to the server.

export class ServerError extends Error {}

async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ServerError("The studio cannot be reached. Is it still running?");
  }
  if (response.status === 401) location.reload();
  if (!response.ok) {
    const { error } = await response.json().catch(() => ({}));
    throw new ServerError(error ? sentence(error) : `The studio answered ${response.status}.`);
  }
  return response;
}

export async function get(path) {
  return (await request(path)).json();
}

export async function post(path, body) {
  const response = await request(path, { method: "POST", body: JSON.stringify(body ?? {}) });
  return response.status === 202 ? null : response.json();
}

export async function upload(path, file) {
  return (await request(path, { method: "POST", body: file })).json();
}

export async function stop(path) {
  await request(path, { method: "DELETE" });
}

export async function open(path, signal) {
  return (await request(path, { signal })).body.getReader();
}

// Hands on what the server tells, for as long as somebody looks at the page or listens: whoever
// leaves it in the background is not there, and the engines' memory can be given back.
export function follow(onMessage, onConnection, isListening) {
  let source = null;
  let leaving = null;

  function connect() {
    if (source) return;
    source = new EventSource("/api/events");
    source.onopen = () => onConnection(true);
    source.onerror = () => {
      onConnection(false);
      if (source?.readyState === EventSource.CLOSED) {
        source = null; // refused, as by a studio that was started anew: asking it tells
        get("/api/studio").catch(() => {}).then(() => setTimeout(connect, 2000));
      }
    };
    source.onmessage = (event) => onMessage(JSON.parse(event.data));
  }

  function leave() {
    if (!document.hidden) return;
    if (isListening()) {
      leaving = setTimeout(leave, 10_000);
      return;
    }
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(leaving);
    if (document.hidden) leaving = setTimeout(leave, 60_000);
    else connect();
  });
  connect();
}

export function sentence(text) {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
