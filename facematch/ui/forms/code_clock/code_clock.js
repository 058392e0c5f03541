// Streamlit calls the default export again, with the same parentElement, whenever `data` changes: state is kept beside it.
// A clock is told what is left, not when the end is: the browser's clock may be hours off.
// code id -> when it ends by this browser's clock, for the list of codes, too
const ends = (window.facematchCodeEnds ??= new Map());
const states = new WeakMap();
const SOON_MS = 30_000;

const endOf = ({ id, left_ms: left }) => {
  if (left === null) return null;
  const known = ends.get(id);
  const told = Date.now() + left;
  // A later end: the message was longer on its way. A minute apart means that one of the clocks was set anew: the server's word counts.
  if (known === undefined || told < known || told - known > 60_000) ends.set(id, told);
  return ends.get(id);
};

const written = (ms) => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

const copied = async (text, place) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // no permission, or an insecure origin: the old way asks for none
    const box = document.createElement("textarea");
    box.value = text;
    place.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
};

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const find = (name) => parentElement.querySelector(name);
  const [clock, digits, life, bar, copy, told] = [".clock", ".digits", ".life", ".bar", ".copy", ".told"].map(find);
  const state = states.get(parentElement) ?? { ended: null, timer: 0, said: "" };
  states.set(parentElement, state);
  clearInterval(state.timer);
  const { labels } = data;
  const end = endOf(data);
  const tell = (words) => { if (state.said !== words) told.textContent = state.said = words; };

  if (digits.dataset.shown !== data.digits) {
    digits.dataset.shown = data.digits;
    digits.replaceChildren(...[...data.digits].map((digit) => {
      const cell = document.createElement("span");
      cell.textContent = digit;
      return cell;
    }));
  }
  digits.setAttribute("aria-label", labels.digits.replace("#", [...data.digits].join(" ")));
  copy.onclick = async () => {
    const words = (await copied(data.digits, clock)) ? labels.copied : labels.not_copied;
    copy.textContent = words;
    tell(words);
    setTimeout(() => { copy.textContent = labels.copy; tell(""); }, 2500);
  };
  copy.textContent = labels.copy;
  bar.hidden = end === null || data.state === "used";

  clock.toggleAttribute("data-small", data.small);

  const paint = () => {
    const left = end === null ? null : end - Date.now();
    const now = data.state === "fresh" && left !== null && left <= 0 ? "expired" : data.state;
    clock.dataset.state = now;
    clock.toggleAttribute("data-soon", now === "fresh" && left !== null && left <= SOON_MS);
    const fresh = left === null ? labels.life_unknown : labels.left.replace("#", written(left));
    life.textContent = now === "fresh" ? fresh : labels[now];
    bar.firstElementChild.style.width = `${left === null ? 0 : (100 * Math.max(0, left)) / data.life_ms}%`;
    if (now === "fresh" && left !== null && left <= SOON_MS) tell(labels.soon);
    if (now !== "fresh") {
      clearInterval(state.timer);
      if (data.state === "fresh") tell(labels.expired);
      if (data.state === "fresh" && data.tells_end && state.ended !== data.id) {
        state.ended = data.id;
        setTriggerValue("ended", data.id);
      }
    }
  };
  if (data.state === "fresh" && end !== null) state.timer = setInterval(paint, 250);
  paint();
  return () => clearInterval(state.timer);
}
