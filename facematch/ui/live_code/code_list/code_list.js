// What is left is told by the server, for the browser's clock may be hours off; when that ends is known with code_clock.js.
const ends = (window.facematchCodeEnds ??= new Map());
const timers = new WeakMap();
const SIGNS = { fresh: "●", used: "✓", expired: "✗" };

const endOf = ({ id, left_ms: left }) => {
  if (left === null) return null;
  const known = ends.get(id);
  const told = Date.now() + left;
  if (known === undefined || told < known || told - known > 60_000) ends.set(id, told);
  return ends.get(id);
};

const made = (kind, text, scope) => {
  const cell = document.createElement(kind);
  cell.textContent = text;
  if (scope) cell.scope = scope;
  return cell;
};

const written = (ms) => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

export default function ({ data: [data], parentElement }) {
  const table = parentElement.querySelector("table");
  const head = document.createElement("tr");
  head.append(...Object.values(data.heads).map((words) => made("th", words, "col")));
  const top = document.createElement("thead");
  top.append(head);
  const body = document.createElement("tbody");
  const rows = data.codes.map((code) => {
    const row = document.createElement("tr");
    const state = document.createElement("td");
    row.append(made("th", code.digits, "row"), state, made("td", code.form), made("td", code.environment));
    row.append(made("td", code.issued));
    body.append(row);
    return { code, row, state, end: endOf(code) };
  });
  table.replaceChildren(made("caption", data.title), top, body);

  const paint = () => {
    let waiting = false;
    for (const { code, row, state, end } of rows) {
      const left = end === null ? null : end - Date.now();
      const now = code.state === "fresh" && left !== null && left <= 0 ? "expired" : code.state;
      waiting ||= now === "fresh" && left !== null;
      const beside = now !== "fresh" ? "" : left === null ? data.labels.life_unknown : data.labels.left.replace("#", written(left));
      const told = `${now}|${beside}`;
      if (state.dataset.told === told) continue;
      state.dataset.told = told;
      row.dataset.state = now;
      const word = made("span", `${SIGNS[now]} ${data.labels[now]}`);
      word.className = "state";
      const rest = made("span", beside);
      rest.className = "left";
      state.replaceChildren(word, rest);
    }
    if (!waiting) clearInterval(timers.get(parentElement));
  };
  clearInterval(timers.get(parentElement));
  timers.set(parentElement, setInterval(paint, 500));
  paint();
  return () => clearInterval(timers.get(parentElement));
}
