// Streamlit calls the default export again, with the same parentElement, whenever `data` changes. The fields are
// Streamlit's own: their text reaches the server when they are left, this list follows each key before that.
const MARKS = { right: "✓", wrong: "✗", open: "○" };
const LOOK_EVERY_MS = 300; // Streamlit fills a field without an event
const SAY_AFTER_MS = 700; // a screen reader hears the end of the typing, not each key
const listeners = new WeakMap();

const field = (key) => document.querySelector(`.st-key-${key} input`);

const line = (words, state) => {
  const item = document.createElement("li");
  item.dataset.state = state;
  const mark = document.createElement("span");
  mark.className = "mark";
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = MARKS[state];
  const text = document.createElement("span");
  text.textContent = words;
  item.append(mark, text);
  return item;
};

const ofName = (text, { longest, labels }) => {
  const typed = [...text.trim()].length;
  if (typed === 0) return { state: "open", words: labels["name.empty"] };
  const key = longest === null ? "name.typed" : typed > longest ? "name.long" : "name.right";
  const words = labels[key].replace("#", typed).replace("@", longest);
  return { state: key === "name.long" ? "wrong" : "right", words };
};

export default function ({ data: [data], parentElement }) {
  const list = parentElement.querySelector("ul");
  const told = parentElement.querySelector(".told");
  const { labels } = data;
  let timer = 0;
  let painted = null;

  const paint = (isTyped) => {
    const [number, name] = [field(data.number_key), field(data.name_key)];
    if (!number || !name || painted === `${number.value}\n${name.value}`) return;
    painted = `${number.value}\n${name.value}`;
    const checks = parts(number.value).map(({ part, state, reason, number: count }) => ({
      state,
      words: labels[`${part}.${reason}`].replace("#", count ?? ""),
    }));
    checks.push(ofName(name.value, data));
    list.replaceChildren(...checks.map(({ words, state }) => line(words, state)));
    clearTimeout(timer);
    if (!isTyped) return;
    const wrong = checks.filter(({ state }) => state === "wrong").map(({ words }) => words);
    const isDone = checks.every(({ state }) => state === "right");
    timer = setTimeout(() => { told.textContent = isDone ? labels.done : wrong.join(" "); }, SAY_AFTER_MS);
  };
  const typed = (event) => {
    if (event.target === field(data.number_key) || event.target === field(data.name_key)) paint(true);
  };
  const before = listeners.get(parentElement);
  if (before) document.removeEventListener("input", before, true);
  listeners.set(parentElement, typed);
  document.addEventListener("input", typed, true);
  paint(false);
  const looking = setInterval(paint, LOOK_EVERY_MS, false);
  return () => {
    clearTimeout(timer);
    clearInterval(looking);
    document.removeEventListener("input", typed, true);
  };
}
