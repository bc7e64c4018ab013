// Chromium without a window, driven over its DevTools protocol through a pipe: no package is needed for that.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAMS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars", "--remote-debugging-pipe",
];
/** Milliseconds until an answer, or what should come by itself, counts as missing, on a busy machine too. */
export const PATIENCE = 90_000;

/** Looks until it is so, however slow the machine is; fails when nothing has come of it after a long time. */
export async function until(look, what) {
  const end = Date.now() + PATIENCE;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(typeof what === "function" ? await what() : what);
    await new Promise((done) => setTimeout(done, 30));
  }
}

/** The browser of this machine, or null. */
export async function findChromium() {
  const { accessSync } = await import("node:fs");
  const candidates = process.env.SIMC_CHROMIUM === undefined ? PROGRAMS : [process.env.SIMC_CHROMIUM];
  return candidates.find((path) => {
    try {
      accessSync(path);
      return true;
    } catch {
      return false;
    }
  }) ?? null;
}

export class Chromium {
  #process;
  #profile;
  #next = 1;
  #waiting = new Map();
  #sessions = new Map();
  #text = "";

  static async start(program) {
    const browser = new Chromium();
    browser.#profile = mkdtempSync(join(tmpdir(), "simc-chromium-"));
    browser.#process = spawn(program, [...FLAGS, `--user-data-dir=${browser.#profile}`, "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    browser.#process.stdio[4].setEncoding("utf8").on("data", (chunk) => browser.#read(chunk));
    await browser.send("Browser.getVersion");
    return browser;
  }

  #read(chunk) {
    this.#text += chunk;
    const messages = this.#text.split("\0");
    this.#text = messages.pop();
    for (const message of messages) this.#take(JSON.parse(message));
  }

  #take({ id, result, error, method, params, sessionId }) {
    if (id === undefined) {
      this.#sessions.get(sessionId)?.(method, params);
      return;
    }
    const { resolve, reject, what } = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(`${what}: ${error.message}`));
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.#next;
    this.#next += 1;
    const answer = new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, what: method });
      setTimeout(() => this.#waiting.delete(id) && reject(new Error(`${method} takes too long`)), PATIENCE).unref();
    });
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return answer;
  }

  /** A new page, which has loaded. */
  async open(url, { width = 1280, height = 900, dark = false } = {}) {
    const { browserContextId } = await this.send("Target.createBrowserContext");
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank", browserContextId });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId, targetId, browserContextId);
    this.#sessions.set(sessionId, (method, params) => page.hear(method, params));
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await page.send(`${domain}.enable`);
    // Processor time of the page's thread, which others on the machine do not lengthen.
    await page.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 500 });
    await page.media({ dark });
    await page.go(url);
    return page;
  }

  async close() {
    const gone = new Promise((done) => this.#process.once("exit", done));
    this.send("Browser.close").catch(() => undefined);
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), PATIENCE / 9);
    await gone;
    clearTimeout(timer);
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Page {
  constructor(browser, session, target, context) {
    this.browser = browser;
    this.session = session;
    this.target = target;
    this.context = context;
    /** What the page has complained of, and what it has asked for. */
    this.complaints = [];
    this.requests = [];
    this.loaded = () => undefined;
  }

  send(method, params) {
    return this.browser.send(method, params, this.session);
  }

  hear(method, params) {
    if (method === "Page.loadEventFired") this.loaded();
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    if (method === "Runtime.exceptionThrown") this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Log.entryAdded") this.complaints.push(params.entry.text);
    if (method === "Runtime.consoleAPICalled" && params.type === "error") this.complaints.push(params.args.map(({ value }) => value).join(" "));
  }

  async go(url) {
    let isLoaded = false;
    this.loaded = () => (isLoaded = true);
    await this.send("Page.navigate", { url });
    await until(() => isLoaded, `${url} does not load`);
    await this.settle();
  }

  media({ dark = false, print = false } = {}) {
    return this.send("Emulation.setEmulatedMedia", { media: print ? "print" : "", features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
  }

  /** The value of an expression or a function in the page. */
  async evaluate(what, ...args) {
    const expression = typeof what === "function" ? `(${what})(${args.map((arg) => JSON.stringify(arg)).join(", ")})` : what;
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /**
   * All that was asked for is drawn: two frames have passed, and the page of a model waits for no run. On a slow machine any model may
   * be run in a worker, which takes as long as it takes.
   */
  settle() {
    return this.evaluate(async () => {
      const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))));
      await frames();
      while (globalThis.simcPage?.isPending || globalThis.simcPage?.isRunning) await frames();
    });
  }

  async press(key, { code = key, ctrl = false, shift = false } = {}) {
    const codes = { ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Enter: 13, Tab: 9, Home: 36, End: 35, PageUp: 33, PageDown: 34 };
    const windowsVirtualKeyCode = codes[key] ?? key.toUpperCase().charCodeAt(0);
    const modifiers = (ctrl ? 2 : 0) + (shift ? 8 : 0);
    const text = key.length === 1 && !ctrl ? key : key === "Enter" ? "\r" : undefined;
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", key, code, windowsVirtualKeyCode, modifiers, text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key, code, windowsVirtualKeyCode, modifiers });
    await this.settle();
  }

  type(text) {
    return this.send("Input.insertText", { text });
  }

  /** The middle of an element, scrolled into sight. */
  place(selector) {
    return this.evaluate((wanted) => {
      const element = document.querySelector(wanted);
      element.scrollIntoView({ block: "center" });
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2, left, width };
    }, selector);
  }

  async click(selector) {
    const { x, y } = await this.place(selector);
    for (const type of ["mousePressed", "mouseReleased"]) await this.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
    await this.settle();
  }

  /** Pulls from the middle of an element to a part of its width. */
  async drag(selector, part) {
    const { x, y, left, width } = await this.place(selector);
    const mouse = (type, at) => this.send("Input.dispatchMouseEvent", { type, x: at, y, button: "left", buttons: type === "mouseReleased" ? 0 : 1, clickCount: 1 });
    await mouse("mousePressed", x);
    for (let i = 1; i <= 5; i += 1) await mouse("mouseMoved", x + ((left + part * width - x) * i) / 5);
    await mouse("mouseReleased", left + part * width);
    await this.settle();
  }

  async screenshot() {
    const { data } = await this.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true });
    return Buffer.from(data, "base64");
  }

  async close() {
    await this.browser.send("Target.closeTarget", { targetId: this.target });
    await this.browser.send("Target.disposeBrowserContext", { browserContextId: this.context });
  }
}
