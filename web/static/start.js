// Loads the application, and says so if it cannot be loaded. A script of its own, so that the site needs no inline script.
"use strict";
(() => {
  const { js, wasm } = document.currentScript.dataset;
  const base = document.baseURI;
  const fail = (why) => {
    // Once the page speaks for itself, it says what breaks.
    const loading = document.getElementById("loading");
    if (!loading) return;
    loading.textContent = `Roundtrip could not be loaded · 読み込めませんでした: ${why}`;
    loading.setAttribute("role", "alert");
    if (parent !== window) parent.postMessage({ roundtrip: 1, type: "error", message: `cannot be loaded: ${why}` }, "*");
  };
  for (const kind of ["error", "unhandledrejection"]) {
    addEventListener(kind, (event) => fail(event.reason ?? event.error ?? event.message ?? ""));
  }
  import(new URL(js, base).href)
    .then((module) => module.default({ module_or_path: new URL(wasm, base).href }))
    .catch(fail);
  // Not in an embed: what it is part of may not want it. Where it is refused, there is no page without a network.
  if (parent === window && "serviceWorker" in navigator && location.protocol !== "file:") {
    addEventListener("load", () => navigator.serviceWorker.register(new URL("sw.js", base).href).catch(() => {}));
  }
})();
