// <roundtrip-lab>: a lab inside a page. The script stands beside the playground's page, which it shows in a frame.
// Attributes, methods, events and messages: docs/embedding.md.
"use strict";
(() => {
  const PARAMETERS = ["lang", "theme", "play", "t", "view", "lock", "example"];
  const here = new URL("./", document.currentScript.src);
  if (customElements.get("roundtrip-lab")) return;

  class RoundtripLab extends HTMLElement {
    static observedAttributes = [...PARAMETERS, "lab", "height", "title"];
    #frame = null;
    #ready = null;
    #questions = new Map();
    #next = 1;
    #pending = false;

    constructor() {
      super();
      this.attachShadow({ mode: "open" });
    }

    connectedCallback() {
      addEventListener("message", this);
      this.#show();
    }

    disconnectedCallback() {
      removeEventListener("message", this);
      this.#frame?.remove();
      this.#frame = null;
      for (const { reject } of this.#questions.values()) reject(new Error("the element was removed"));
      this.#questions.clear();
    }

    attributeChangedCallback(name, before, after) {
      if (before === after || !this.#frame) return;
      if (name === "height" || name === "title") return this.#dress();
      // Several attributes set one after the other are one change.
      if (this.#pending) return;
      this.#pending = true;
      queueMicrotask(() => {
        this.#pending = false;
        if (this.isConnected) this.#show();
      });
    }

    /** The address that the frame shows. */
    get src() {
      const address = new URL(here);
      address.searchParams.set("embed", "1");
      for (const name of PARAMETERS) {
        if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      }
      const lab = (this.getAttribute("lab") ?? "").trim();
      if (lab) address.hash = lab.includes("#") ? lab.slice(lab.indexOf("#")) : lab;
      return address.href;
    }

    #show() {
      this.#frame?.remove();
      this.#ready = Promise.withResolvers?.() ?? later();
      // Whoever never asks is not told that it failed.
      this.#ready.promise.catch(() => {});
      this.#frame = document.createElement("iframe");
      this.#frame.loading = "lazy";
      this.#frame.referrerPolicy = "strict-origin-when-cross-origin";
      this.#dress();
      this.#frame.src = this.src;
      this.shadowRoot.replaceChildren(this.#frame);
    }

    // By script rather than by a style sheet: a page's policy may forbid styles in its text.
    #dress() {
      const height = Number.parseInt(this.getAttribute("height") ?? "", 10);
      this.style.display ||= "block";
      Object.assign(this.#frame.style, { display: "block", width: "100%", border: "0", colorScheme: "normal" });
      this.#frame.style.height = `${height >= 120 && height <= 2000 ? height : 420}px`;
      this.#frame.title = this.getAttribute("title") ?? "Roundtrip";
    }

    handleEvent(event) {
      // Only from our own frame, and only from where the playground is; a sandbox has no origin.
      if (!this.#frame || event.source !== this.#frame.contentWindow) return;
      if (event.origin !== here.origin && event.origin !== "null") return;
      const message = event.data;
      if (message?.roundtrip !== 1) return;
      if (message.type === "state") {
        this.#questions.get(message.id)?.resolve(message.state);
        this.#questions.delete(message.id);
        return;
      }
      if (message.type === "ready") this.#ready.resolve();
      if (message.type === "error") this.#ready.reject(new Error(message.message));
      if (["ready", "changed", "error"].includes(message.type)) {
        const detail = message.type === "error" ? { message: message.message } : message.state;
        this.dispatchEvent(new CustomEvent(message.type, { detail }));
      }
    }

    async #tell(message) {
      if (!this.#ready) throw new Error("the element is not in a page");
      await this.#ready.promise;
      const target = here.origin === "null" ? "*" : here.origin;
      this.#frame?.contentWindow?.postMessage({ roundtrip: 1, ...message }, target);
    }

    /** Another lab: a link, an example's name, or a document. */
    load(lab) { return this.#tell({ type: "load", lab }); }
    play() { return this.#tell({ type: "play" }); }
    pause() { return this.#tell({ type: "pause" }); }
    step() { return this.#tell({ type: "step" }); }
    stepBack() { return this.#tell({ type: "stepBack" }); }
    /** To a moment, in simulated seconds. */
    seek(t) { return this.#tell({ type: "seek", t }); }
    /** Resolves to { title, lab, t, playing, lang, outcome }. */
    async getState() {
      const id = this.#next++;
      const question = later();
      this.#questions.set(id, question);
      await this.#tell({ type: "getState", id });
      return question.promise;
    }
  }

  function later() {
    const all = {};
    all.promise = new Promise((resolve, reject) => Object.assign(all, { resolve, reject }));
    return all;
  }

  customElements.define("roundtrip-lab", RoundtripLab);
})();
