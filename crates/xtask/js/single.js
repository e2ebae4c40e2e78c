// Behind the module's own text, in the same script: unpacks the application from the page and starts it.
const roundtripFail = (why) => {
  const loading = document.getElementById("loading");
  if (loading) loading.textContent = `Roundtrip could not be loaded · 読み込めませんでした: ${why}`;
};
for (const kind of ["error", "unhandledrejection"]) {
  addEventListener(kind, (event) => roundtripFail(event.reason ?? event.error ?? event.message ?? ""));
}
try {
  const packed = Uint8Array.from(atob(document.getElementById("wasm").textContent), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  await __wbg_init({ module_or_path: await new Response(unpacked).arrayBuffer() });
} catch (error) {
  roundtripFail(error);
}
