// A minimal page of Cytoscape. `?large`: 1,000 nodes; `&moving`: a small node for each edge, moved at every frame.
import cytoscape from "cytoscape";
import { large, small } from "./graph.mjs";

const query = new URLSearchParams(location.search);
const graph = query.has("large") ? large() : small();
const container = document.body.appendChild(document.createElement("div"));
container.id = "cy";
container.style = "position:fixed;inset:0";
const at = new Map(graph.nodes.map((node) => [node.id, node]));
const elements = [
  ...graph.nodes.map(({ id, x, y }) => ({ data: { id }, position: { x, y } })),
  ...graph.links.map(([source, target]) => ({ data: { id: `${source}>${target}`, source, target } })),
];
if (query.has("moving")) {
  elements.push(...graph.links.map(([source], i) => ({ data: { id: `packet${i}` }, position: { x: at.get(source).x, y: at.get(source).y }, classes: "packet" })));
}
const style = [
  { selector: "node", style: { label: "data(id)", shape: "round-rectangle", width: 110, height: 40, "text-valign": "center" } },
  { selector: ".packet", style: { label: "", width: 18, height: 18, shape: "ellipse" } },
];
const cy = cytoscape({ container, elements, style, layout: { name: "preset", fit: true } });
cy.one("render", () => requestAnimationFrame((now) => (window.painted ??= now)));
window.centreOf = (id) => cy.getElementById(id).renderedPosition();
if (query.has("moving")) {
  const packets = graph.links.map((_, i) => cy.getElementById(`packet${i}`));
  const step = (now) => {
    const share = (now % 2000) / 2000;
    cy.batch(() => {
      graph.links.forEach(([source, target], i) => {
        const [from, to] = [at.get(source), at.get(target)];
        packets[i].position({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share });
      });
    });
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
