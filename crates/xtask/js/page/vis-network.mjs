// A minimal page of vis-network. `?large`: 1,000 nodes; `&moving`: a small node for each edge, moved at every frame.
import { DataSet } from "vis-data/peer";
import { Network } from "vis-network/peer";
import { large, small } from "./graph.mjs";

const query = new URLSearchParams(location.search);
const graph = query.has("large") ? large() : small();
const container = document.body.appendChild(document.createElement("div"));
container.style = "position:fixed;inset:0";
const at = new Map(graph.nodes.map((node) => [node.id, node]));
const nodes = graph.nodes.map(({ id, x, y }) => ({ id, x, y, label: id, shape: "box" }));
if (query.has("moving")) {
  graph.links.forEach(([source], i) => nodes.push({ id: `packet${i}`, x: at.get(source).x, y: at.get(source).y, shape: "dot", size: 9 }));
}
const edges = graph.links.map(([from, to]) => ({ from, to }));
const network = new Network(container, { nodes: new DataSet(nodes), edges: new DataSet(edges) }, { physics: false });
network.fit({ animation: false });
network.once("afterDrawing", () => requestAnimationFrame((now) => (window.painted ??= now)));
window.centreOf = (id) => network.canvasToDOM(network.getPosition(id));
if (query.has("moving")) {
  const bodies = graph.links.map((_, i) => network.body.nodes[`packet${i}`]);
  const step = (now) => {
    const share = (now % 2000) / 2000;
    graph.links.forEach(([source, target], i) => {
      const [from, to] = [at.get(source), at.get(target)];
      bodies[i].x = from.x + (to.x - from.x) * share;
      bodies[i].y = from.y + (to.y - from.y) * share;
    });
    network.redraw();
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
