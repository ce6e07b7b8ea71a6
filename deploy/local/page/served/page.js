// Shows the health of the services and the events as they come; the page reads well without it.
const words = JSON.parse(document.body.dataset.words);
const kept = 200;

async function showHealth() {
  let services = {};
  try {
    services = (await (await fetch("/status")).json()).services;
  } catch {
    // The front itself is gone: then nothing is ready.
  }
  for (const card of document.querySelectorAll("[data-service]")) {
    const ready = services[card.dataset.service] === true;
    const health = card.querySelector(".health");
    health.textContent = ready ? words.healthy : words.unhealthy;
    health.className = `health ${ready ? "good" : "bad"}`;
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.innerHTML;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = words.copied;
    setTimeout(() => { button.innerHTML = label; }, 1500);
  });
}

const table = document.querySelector("table");
const rows = table.querySelector("tbody");
const state = document.querySelector(".state");
const shown = new Set();

function cell(name, text, detail) {
  const made = document.createElement("td");
  made.className = name;
  made.append(text);
  if (detail) {
    const small = document.createElement("small");
    small.textContent = detail;
    made.append(small);
  }
  return made;
}

function show(event) {
  if (shown.has(event.id)) return;
  shown.add(event.id);
  const row = document.createElement("tr");
  row.id = event.id;
  row.className = "new";
  row.title = `${event.type}\n${event.id}`;
  row.append(
    cell("when", new Date(event.time).toLocaleTimeString(document.documentElement.lang)),
    cell("what", event.what, event.service),
    cell("who", event.label, event.key),
    cell("where", "", event.unit.slice(0, 8)),
  );
  rows.prepend(row);
  if (rows.rows.length > kept) {
    shown.delete(rows.lastElementChild.id);
    rows.lastElementChild.remove();
  }
  table.hidden = false;
  document.querySelector(".none").hidden = true;
}

function connected(yes) {
  state.textContent = yes ? words.connected : words.connecting;
  state.classList.toggle("good", yes);
}

// The browser connects again by itself; what it shows already is passed over.
const stream = new EventSource("/events/stream");
stream.addEventListener("open", () => connected(true));
stream.addEventListener("error", () => connected(false));
stream.addEventListener("message", (message) => show(JSON.parse(message.data)));

showHealth();
setInterval(showHealth, 10_000);
