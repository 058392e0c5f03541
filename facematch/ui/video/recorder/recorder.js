// Records a short video in the browser and hands it to Python once, on 'use'.
// Streamlit calls the default export again, with the same parentElement, whenever `data` or the theme changes:
// one Recorder lives per parentElement, and `update` only takes over what is new. The cleanup runs on unmount.

// mp4 first: a webm of MediaRecorder has no duration in its header.
const FORMATS = {
  LIP: ["video/mp4;codecs=avc1.42E01E,mp4a.40.2", "video/mp4;codecs=avc1,opus", "video/mp4",
        "video/webm;codecs=vp9,opus", "video/webm;codecs=vp8,opus", "video/webm"],
  SILENT: ["video/mp4;codecs=avc1.42E01E", "video/mp4;codecs=avc1", "video/mp4",
           "video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"],
};
const TICK_MS = 100, VIDEO_BITS = 2_500_000, SOUND_BITS = 96_000;
const LOUD_PART = 0.95;       // of the take's levels: how loud the voice is, as the service takes it
const FLOOR_DB = -72;         // the empty end of the meter
const DARK = 45;              // mean level of a dark picture, 0 to 255
const UNHEARD_MS = 1500;      // of silence in the preview before it is told
const ANSWER_MS = 45_000;     // until a transfer counts as lost
const LEAD_S = 0.4;           // before the first digit and after the last
const BUSY = ["NotReadableError", "TrackStartError", "AbortError"];
const recorders = new WeakMap();

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

const base64 = (blob) => new Promise((done, failed) => {
  const reader = new FileReader();
  // After the *last* comma: "codecs=avc1,opus" has one, too.
  reader.onload = () => done(reader.result.slice(reader.result.lastIndexOf(",") + 1));
  reader.onerror = () => failed(reader.error);
  reader.readAsDataURL(blob);
});

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const minutes = (ms) => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** How loud a microphone is, in dB of full scale; null while that cannot be told. */
class Ear {
  constructor(stream) {
    this.context = new AudioContext();
    this.context.resume();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 4096;
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
  }

  level() {
    if (this.context.state !== "running") return null;
    this.analyser.getFloatTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, value) => sum + value * value, 0) / this.samples.length;
    return 10 * Math.log10(power + 1e-12);
  }

  close() { this.context.close(); }
}

class Recorder {
  constructor(root) {
    this.root = root;
    this.at = (name) => root.querySelector(`.${name}`);
    this.box = this.at("box");
    this.live = this.at("live");
    this.mode = "idle";         // idle, asking, preview, count, rec, review, sending
    this.trouble = "";          // key of what is wrong
    this.told = "";             // key of what the status line says
    this.turn = 0;              // a step that was overtaken by another stops itself
    this.chosen = {};           // device ids
    this.facing = "user";
    this.devices = { camera: [], microphone: [] };
    this.bind();
  }

  bind() {
    const on = (name, act) => { this.at(name).onclick = act; };
    on("open", () => this.open());
    on("again", () => this.open());
    on("record", () => this.record());
    on("stop", () => this.stop?.());
    on("use", () => this.use());
    on("renew", () => this.renew());
    on("flip", () => this.flip());
    on("close", () => this.close());
    for (const kind of ["camera", "microphone"]) {
      this.at(kind).querySelector("select").onchange = (event) => {
        this.chosen[kind] = event.target.value;
        this.open();
      };
    }
    this.box.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      if (this.mode === "rec") this.stop?.();
      else if (["asking", "preview", "count"].includes(this.mode)) this.close();
    };
    this.hidden = () => this.leave();
    window.addEventListener("pagehide", this.hidden);
  }

  // ---- what Python says

  update(data, send) {
    const before = this.data;
    this.data = data;
    this.send = send;
    this.deadline = data.left_ms === null ? null : performance.now() + data.left_ms;
    if (before && before.kind !== data.kind) this.close();
    if (this.mode === "sending" && data.answer?.take === this.take.id) this.answered(data.answer.problem);
    if (this.renewing && before && before.nonce !== data.nonce) {
      this.renewing = false;
      this.open();
    }
    if (!before) this.checkBrowser();
    this.paint();
  }

  say(key, values = {}) { return filled(this.data.labels[key] ?? key, values); }

  /** What can be told without asking for the camera. */
  checkBrowser() {
    const fault = this.browserFault();
    if (fault) this.fail(fault);
  }

  browserFault() {
    if (!window.isSecureContext) return "insecure";
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return "unsupported";
    return "";
  }

  // ---- camera

  async open() {
    const fault = this.browserFault();
    if (fault) return this.fail(fault);
    this.release();
    this.take = null;
    const turn = ++this.turn;
    this.go("asking", "asking");
    try {
      const stream = await this.stream();
      if (turn !== this.turn || this.gone) return stream.getTracks().forEach((track) => track.stop());
      await this.show(stream);
      await this.listDevices();
      if (turn === this.turn) this.go("preview", this.isWaitingForCode() ? "code_first" : "framing");
    } catch (error) {
      if (turn !== this.turn) return;
      this.release();
      this.fail(await this.cause(error));
    }
  }

  async stream() {
    const size = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30, max: 30 } };
    const chosen = (id) => (id ? { deviceId: { exact: id } } : {});
    const facing = this.chosen.camera ? {} : { facingMode: { ideal: this.facing } };
    const video = { ...size, ...facing, ...chosen(this.chosen.camera) };
    const audio = this.data.kind === "LIP" && { channelCount: { ideal: 1 }, ...chosen(this.chosen.microphone) };
    try {
      return await navigator.mediaDevices.getUserMedia({ video, audio });
    } catch (error) {
      if (error.name !== "OverconstrainedError" || !(this.chosen.camera || this.chosen.microphone)) throw error;
      this.chosen = {};         // the chosen device was unplugged
      return this.stream();
    }
  }

  async show(stream) {
    this.camera = stream;
    if (stream.getAudioTracks().length) this.ear = new Ear(stream);
    stream.getTracks().forEach((track) => { track.onended = () => this.lost(); });
    this.live.srcObject = stream;
    this.live.muted = true;
    this.live.controls = false;
    this.shownAt = performance.now();
    this.heardAt = null;
    const facing = stream.getVideoTracks()[0].getSettings().facingMode;
    this.box.classList.toggle("mirrored", facing !== "environment");
    await this.live.play();
    const { videoWidth, videoHeight } = this.live;
    this.at("stage").style.aspectRatio = videoWidth ? `${videoWidth} / ${videoHeight}` : "";
    this.ticking ??= setInterval(() => this.tick(), TICK_MS);
  }

  async listDevices() {
    const all = await navigator.mediaDevices.enumerateDevices();
    const of = (kind) => all.filter((each) => each.kind === kind && each.deviceId);
    this.devices = { camera: of("videoinput"), microphone: of("audioinput") };
  }

  flip() {
    this.facing = this.facing === "user" ? "environment" : "user";
    const cameras = this.devices.camera, now = this.camera?.getVideoTracks()[0].getSettings();
    const isPhone = Boolean(now?.facingMode);
    const next = cameras[(cameras.findIndex((each) => each.deviceId === now?.deviceId) + 1) % cameras.length];
    this.chosen.camera = isPhone ? "" : next?.deviceId;
    this.open();
  }

  /** The camera or the microphone went away by itself: unplugged, or taken by the system. */
  lost() {
    if (!["preview", "count", "rec"].includes(this.mode)) return;
    this.turn++;
    this.stop?.();
    this.release();
    this.fail("lost");
  }

  /** Which of our sentences tells what getUserMedia met. */
  async cause(error) {
    if (BUSY.includes(error.name)) return "busy";
    if (error.name === "NotFoundError" || error.name === "OverconstrainedError") {
      const found = await navigator.mediaDevices.enumerateDevices().catch(() => []);
      const has = (kind) => found.some((each) => each.kind === kind);
      if (has("videoinput") && !has("audioinput") && this.data.kind === "LIP") return "no_microphone";
      return "no_camera";
    }
    if (error.name === "NotAllowedError" || error.name === "SecurityError") {
      if (this.data.kind === "LIP" && await this.isDenied("microphone") && !(await this.isDenied("camera"))) {
        return "refused_microphone";
      }
      return "refused_camera";
    }
    return "failed";
  }

  async isDenied(name) {
    try {
      return (await navigator.permissions.query({ name })).state === "denied";
    } catch {
      return false;             // this browser does not tell
    }
  }

  release() {
    this.camera?.getTracks().forEach((track) => { track.onended = null; track.stop(); });
    this.ear?.close();
    this.camera = this.ear = null;
    this.live.srcObject = null;
    this.dropReview();
  }

  dropReview() {
    if (this.live.src) URL.revokeObjectURL(this.live.src);
    this.live.removeAttribute("src");
    this.live.load();
  }

  close() {
    this.turn++;
    this.stop?.();
    this.release();
    this.take = null;
    this.go("idle", "");
  }

  leave() {
    this.gone = true;
    this.turn++;
    this.stop?.();
    this.release();
    clearInterval(this.ticking);
    window.removeEventListener("pagehide", this.hidden);
  }

  // ---- the take

  async record() {
    if (this.isWaitingForCode() || this.mode !== "preview") return;
    const turn = ++this.turn;
    const { code, nonce } = this.data;
    for (let left = this.data.countdown; left > 0; left--) {
      this.at("count").textContent = left;
      this.go("count", "ready", { left });
      await wait(1000);
      if (turn !== this.turn) return;
    }
    try {
      await this.film(turn, code, nonce);
    } catch {
      if (turn !== this.turn) return;
      this.release();
      this.fail("failed");
    }
  }

  async film(turn, code, nonce) {
    const mimeType = FORMATS[this.data.kind].find((each) => MediaRecorder.isTypeSupported(each));
    const room = (0.8 * 8 * this.data.send_bytes) / this.data.seconds;
    const videoBitsPerSecond = Math.min(VIDEO_BITS, room);
    const machine = new MediaRecorder(this.camera, { mimeType, videoBitsPerSecond, audioBitsPerSecond: SOUND_BITS });
    const parts = [];
    machine.ondataavailable = (event) => event.data.size && parts.push(event.data);
    const ended = new Promise((done, failed) => { machine.onstop = done; machine.onerror = failed; });
    this.stop = () => machine.state !== "inactive" && machine.stop();
    this.take = { id: `${Date.now()}-${Math.random()}`, code, nonce, kind: this.data.kind, levels: [] };
    machine.start(1000);
    this.startedAt = performance.now();
    this.go("rec", this.data.kind === "LIP" ? "reading" : "looking");
    await ended;
    this.stop = null;
    if (turn !== this.turn || this.gone) return;
    this.take.ms = Math.round(performance.now() - this.startedAt);
    this.take.blob = new Blob(parts, { type: machine.mimeType });
    this.release();
    this.review();
  }

  review() {
    this.live.src = URL.createObjectURL(this.take.blob);
    this.live.muted = false;
    this.live.controls = true;
    this.go("review", "review", { seconds: (this.take.ms / 1000).toFixed(1) });
  }

  /** What is wrong with the take, the worst first; "" when nothing is. */
  problem() {
    const take = this.take;
    if (!take?.blob) return "";
    if (take.blob.size > this.data.max_bytes) return "too_big";
    if (take.kind === "LIP" && this.isSilent(take.levels)) return "no_voice";
    if (take.kind === "LIP" && take.nonce !== this.data.nonce) return "other_code";
    if (take.kind === "LIP" && this.data.state === "used") return "used";
    if (take.kind === "LIP" && this.isExpired()) return "expired";
    return take.ms < 1000 * this.data.least_s ? "too_short" : "";
  }

  isSilent(levels) {
    const sorted = levels.filter((each) => each !== null).sort((a, b) => a - b);
    return sorted.length > 0 && sorted[Math.floor(LOUD_PART * (sorted.length - 1))] < this.data.quiet_db;
  }

  isExpired() {
    return this.data.state === "expired" || (this.deadline !== null && performance.now() > this.deadline);
  }

  isWaitingForCode() { return this.data.kind === "LIP" && !this.data.code; }

  async use() {
    if (this.problem() === "too_big" || this.mode !== "review") return;
    const { id, blob, ms, nonce } = this.take;
    this.go("sending", "sending");
    this.sentAt = performance.now();
    this.send("recording", { take: id, b64: await base64(blob), size: blob.size, ms, nonce });
  }

  answered(problem) {
    if (problem) return this.backToReview(`take_${problem}`);
    this.dropReview();
    this.take = null;
    this.go("idle", "received");
  }

  backToReview(trouble) {
    this.go("review", "");
    this.trouble = trouble;
    this.paint();
  }

  renew() {
    this.renewing = true;
    this.send("wanted", { at: Date.now() });
    this.told = "renewing";
    this.paint();
  }

  // ---- drawing

  go(mode, told, values = {}) {
    this.mode = mode;
    this.told = told;
    this.values = values;
    this.trouble = "";
    this.paint();
    if (mode === "asking" || mode === "preview") this.box.scrollIntoView({ block: "nearest" });
  }

  fail(trouble) {
    this.go("idle", "");
    this.trouble = trouble;
    this.paint();
  }

  tick() {
    const level = this.ear?.level() ?? null;
    if (this.mode === "rec") {
      const passed = performance.now() - this.startedAt;
      if (this.ear) this.take.levels.push(level);
      this.at("clock").textContent = `${Math.max(0, this.data.seconds - passed / 1000).toFixed(1)} s`;
      this.drawCode(this.digitAt(passed / 1000));
      if (passed >= 1000 * this.data.seconds) this.stop?.();
    }
    this.drawSound(level);
    this.drawLife();
    if (this.mode === "preview") this.drawGuide();
    if (this.mode === "review" && this.shownProblem !== this.problem()) this.paint();
    if (this.mode === "sending" && performance.now() - this.sentAt > ANSWER_MS) this.backToReview("not_received");
  }

  digitAt(seconds) {
    const count = this.take.code.length, each = (this.data.seconds - 2 * LEAD_S) / Math.max(1, count);
    return Math.floor((seconds - LEAD_S) / each);
  }

  drawCode(now) {
    const place = this.at("code");
    const code = this.take && ["rec", "review", "sending"].includes(this.mode) ? this.take.code : this.data.code;
    const state = `${code}/${now}`;
    if (place.dataset.state === state) return;
    place.dataset.state = state;
    place.replaceChildren(...[...code].map((digit, nth) => {
      const shown = document.createElement("span");
      shown.textContent = digit;
      shown.className = nth < now ? "past" : nth === now ? "now" : "";
      return shown;
    }));
  }

  drawSound(level) {
    if (!this.ear) return;
    const share = level === null ? 0 : Math.min(1, Math.max(0, 1 - level / FLOOR_DB));
    const isHeard = level !== null && level >= this.data.quiet_db;
    if (isHeard) this.heardAt = performance.now();
    const isUnheard = level !== null && performance.now() - (this.heardAt ?? this.shownAt) > UNHEARD_MS;
    this.at("level").style.transform = `scaleX(${share.toFixed(2)})`;
    this.at("meter").setAttribute("aria-valuenow", Math.round(100 * share));
    this.at("sound").classList.toggle("unheard", isUnheard);
    const told = isUnheard ? this.say("unheard") : this.heardAt ? this.say("heard") : "";
    this.at("meter").setAttribute("aria-valuetext", told);
    if (this.at("sound-told").textContent !== told) this.at("sound-told").textContent = told;
  }

  drawLife() {
    const place = this.at("life");
    let told = "";
    if (this.data.kind === "LIP" && this.data.code && this.mode !== "review") {
      if (this.data.state === "used") told = this.say("life_used");
      else if (this.isExpired()) told = this.say("life_over");
      else if (this.deadline !== null) told = this.say("life", { time: minutes(this.deadline - performance.now()) });
    }
    if (place.textContent !== told) place.textContent = told;
    place.hidden = !told;
    place.classList.toggle("over", this.data.state === "used" || this.isExpired());
  }

  /** The oval's sentence; about the light when the picture is dark. */
  drawGuide() {
    this.canvas ??= Object.assign(document.createElement("canvas"), { width: 32, height: 24 });
    const painter = this.canvas.getContext("2d", { willReadFrequently: true });
    painter.drawImage(this.live, 0, 0, 32, 24);
    const { data } = painter.getImageData(0, 0, 32, 24);
    let sum = 0;
    for (let nth = 0; nth < data.length; nth += 4) sum += (data[nth] + data[nth + 1] + data[nth + 2]) / 3;
    const told = this.say((4 * sum) / data.length < DARK ? "dark" : "oval");
    if (this.at("guide").textContent !== told) this.at("guide").textContent = told;
  }

  paint() {
    const mode = this.mode, problem = mode === "review" ? this.problem() : "";
    this.shownProblem = problem;
    const isCodeOver = ["expired", "used", "other_code"].includes(problem);
    const canRenew = this.data.can_renew && ["expired", "used"].includes(problem);
    const isOpen = mode === "preview" || mode === "count" || mode === "rec";
    const shown = {
      open: mode === "idle",
      record: mode === "preview",
      stop: mode === "rec",
      renew: canRenew,
      again: mode === "review",
      use: mode === "review" && problem !== "too_big",
      flip: mode === "preview" && this.devices.camera.length > 1,
      close: ["asking", "preview", "count", "review"].includes(mode),
    };
    const first = canRenew ? "renew" : problem ? "again" : ["open", "record", "stop", "use"].find((name) => shown[name]);
    const focused = this.root.activeElement ?? this.root.getRootNode().activeElement;
    const hadFocus = focused && this.box.contains(focused) && focused.tagName === "BUTTON";
    const isNewMode = this.box.dataset.mode !== mode;
    this.box.dataset.mode = mode;
    this.box.dataset.kind = this.data.kind;
    this.box.lang = this.data.lang;
    this.box.setAttribute("aria-label", this.say("name"));
    this.paintWords({ problem, isCodeOver });
    for (const [name, isShown] of Object.entries(shown)) {
      this.at(name).hidden = !isShown;
      this.at(name).classList.toggle("first", name === first);
    }
    this.at("record").disabled = this.isWaitingForCode();
    this.paintDevices();
    this.at("stage").hidden = !["asking", "preview", "count", "rec", "review", "sending"].includes(mode);
    this.at("sound").hidden = !(isOpen && this.ear);
    if (mode !== "rec") this.drawCode(-1);
    this.drawLife();
    this.owesFocus ||= hadFocus && (isNewMode || focused.hidden);
    const next = first ?? (shown.close ? "close" : null);
    if (this.owesFocus && next) {
      this.at(next).focus();
      this.owesFocus = false;
    }
  }

  paintWords({ problem, isCodeOver }) {
    const words = {
      open: this.told === "received" ? "another" : "open", record: "record", stop: "stop", renew: "renew",
      again: "again", use: problem ? "use_anyway" : "use", flip: "flip",
      close: this.mode === "review" ? "discard" : "close",
    };
    for (const [name, key] of Object.entries(words)) this.at(name).textContent = this.say(key);
    this.at("lead").textContent = this.mode === "idle" ? this.say(`lead_${this.data.kind}`) : "";
    this.at("sound-name").textContent = this.say("sound");
    this.at("meter").setAttribute("aria-label", this.say("sound"));
    this.at("camera").querySelector("span").textContent = this.say("camera");
    this.at("microphone").querySelector("span").textContent = this.say("microphone");
    const code = this.data.code || "";
    this.at("code").setAttribute("aria-label", `${this.say("read")} ${[...code].join(" ")}`);
    this.live.setAttribute("aria-label", this.say(this.mode === "review" ? "playback" : "preview"));
    const trouble = this.trouble ? this.say(this.trouble, this.limits()) : problem ? this.say(`take_${problem}`, this.limits()) : "";
    if (this.at("trouble").textContent !== trouble) this.at("trouble").textContent = trouble;
    this.at("trouble").classList.toggle("warn", isCodeOver || problem === "no_voice");
    const told = this.told ? this.say(this.told, this.values) : "";
    if (this.at("status").textContent !== told) this.at("status").textContent = told;
  }

  limits() { return { least: this.data.least_s, size: Math.round(this.data.max_bytes / 1e6) }; }

  paintDevices() {
    const tracks = { camera: this.camera?.getVideoTracks()[0], microphone: this.camera?.getAudioTracks()[0] };
    for (const kind of ["camera", "microphone"]) {
      const place = this.at(kind), select = place.querySelector("select"), devices = this.devices[kind];
      place.hidden = this.mode !== "preview" || devices.length < 2 || !tracks[kind];
      const names = devices.map((each, nth) => each.label || `${this.say(kind)} ${nth + 1}`);
      if (select.dataset.names !== names.join("|")) {
        select.replaceChildren(...devices.map((each, nth) => new Option(names[nth], each.deviceId)));
        select.dataset.names = names.join("|");
      }
      const now = tracks[kind]?.getSettings().deviceId;
      if (now && select.value !== now) select.value = now;
    }
    this.at("devices").hidden = this.at("camera").hidden && this.at("microphone").hidden;
  }
}

export default function (component) {
  const { data: [data], parentElement, setTriggerValue } = component;
  let recorder = recorders.get(parentElement);
  if (!recorder || recorder.gone) recorders.set(parentElement, (recorder = new Recorder(parentElement)));
  recorder.update(data, setTriggerValue);
  return () => recorder.leave();
}
