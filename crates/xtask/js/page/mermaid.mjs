// A minimal page of Mermaid: the small graph as a flow chart. It draws once and nothing in it moves.
import mermaid from "mermaid";
import { small } from "./graph.mjs";

const text = ["flowchart LR", ...small().links.map(([from, to]) => `  ${from} --- ${to}`)].join("\n");
mermaid.initialize({ startOnLoad: false });
const { svg } = await mermaid.render("drawing", text);
document.body.insertAdjacentHTML("beforeend", svg);
requestAnimationFrame((now) => (window.painted ??= now));
