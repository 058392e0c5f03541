// Exchanges Streamlit's own phrases for those of the page's language, in texts and in labels. Runs once for each
// language: `told` comes before it. What was there first is remembered, so that the way back is exact.
const OURS = '[data-testid="stMarkdownContainer"], [data-testid="stCode"], .js-plotly-plot, ' +
  'canvas, script, style, textarea';
const THEIRS = '[data-testid="stFileUploaderDropzone"], [data-testid="InputInstructions"], ' +
  '[data-testid="stDialog"] > header, [data-testid="stException"]';
const LABELS = ["aria-label", "title", "placeholder"];
const state = (window.facematchWords ??= { first: new WeakMap(), observer: null });
const phrases = new Map(Object.entries(told.phrases));
const patterns = told.patterns.map(([from, to]) => [new RegExp(`^${from}$`), to]);

function inOurs(text) {
  const plain = text.trim();
  if (phrases.has(plain)) return text.replace(plain, phrases.get(plain));
  const found = patterns.find(([from]) => from.test(plain));
  return found ? plain.replace(found[0], found[1]) : text;
}

// The slot is a text node or one label of an element. `ours` is what we wrote: anything else is new from Streamlit.
function exchange(owner, slot, now, write) {
  const slots = state.first.get(owner) ?? {};
  const known = slots[slot];
  const first = known && known.ours === now ? known.first : now;
  const ours = inOurs(first);
  if (ours !== first || known) {
    slots[slot] = { first, ours };
    state.first.set(owner, slots);
  }
  if (ours !== now) write(ours);
}

function isOurs(element) {
  return element === null || (element.closest(OURS) !== null && element.closest(THEIRS) === null);
}

function text(node) {
  if (node.data.trim() && !isOurs(node.parentElement)) exchange(node, "text", node.data, (words) => { node.data = words; });
}

function labels(element) {
  const label = element.getAttribute("aria-label");
  if (label?.endsWith(" icon") && element.getAttribute("role") === "img") {
    element.setAttribute("aria-hidden", "true"); // it stands beside the words that say the same
    return;
  }
  for (const name of LABELS) {
    const now = element.getAttribute(name);
    if (now) exchange(element, name, now, (words) => element.setAttribute(name, words));
  }
}

function walk(root) {
  if (root.nodeType === Node.TEXT_NODE) return text(root);
  if (root.nodeType !== Node.ELEMENT_NODE) return undefined;
  labels(root);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) (walker.currentNode.nodeType === Node.TEXT_NODE ? text : labels)(walker.currentNode);
  return undefined;
}

// A page link of Streamlit shows which page is open, and does not tell it.
function markOpenPage() {
  for (const link of document.querySelectorAll("a[aria-current]")) {
    if (!link.closest(".st-key-nav_here")) link.removeAttribute("aria-current");
  }
  document.querySelector(".st-key-nav_here a:not([aria-current])")?.setAttribute("aria-current", "page");
}

// What scrolls sideways must do so by keys, too; a table of Streamlit does not take the focus.
function reachScrolled() {
  for (const box of document.querySelectorAll('[data-testid="stTable"] > div')) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

// Once before each picture, however often the page changed: measuring a table lays the page out.
function tidySoon() {
  state.soon ??= requestAnimationFrame(() => {
    state.soon = undefined;
    markOpenPage();
    reachScrolled();
  });
}

document.documentElement.lang = told.lang;
tidySoon();
if (state.resized) window.removeEventListener("resize", state.resized);
window.addEventListener("resize", (state.resized = tidySoon));
state.observer?.disconnect();
walk(document.body);
state.observer = new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "childList") change.addedNodes.forEach(walk);
    else if (change.type === "characterData") text(change.target);
    else labels(change.target);
  }
  tidySoon();
});
state.observer.observe(document.body, {
  subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: LABELS,
});
