// A minimal page of React Flow. `?large`: 1,000 nodes; `&moving`: a circle moves along each edge, as its example of animated edges has it.
import { BaseEdge, ReactFlow, getStraightPath } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useState, useCallback } from "react";
import { createRoot } from "react-dom/client";
import { applyNodeChanges } from "@xyflow/react";
import { large, small } from "./graph.mjs";

const query = new URLSearchParams(location.search);
const graph = query.has("large") ? large() : small();

function MovingEdge({ id, sourceX, sourceY, targetX, targetY }) {
  const [path] = getStraightPath({ sourceX, sourceY, targetX, targetY });
  return (
    <>
      <BaseEdge id={id} path={path} />
      <circle r="9" fill="#1f5ae0">
        <animateMotion dur="2s" repeatCount="indefinite" path={path} />
      </circle>
    </>
  );
}
const edgeTypes = { moving: MovingEdge };
const edges = graph.links.map(([source, target]) => ({ id: `${source}>${target}`, source, target, type: query.has("moving") ? "moving" : "straight" }));

function App() {
  const [nodes, setNodes] = useState(graph.nodes.map(({ id, x, y }) => ({ id, position: { x, y }, data: { label: id } })));
  const onNodesChange = useCallback((changes) => setNodes((nodes) => applyNodeChanges(changes, nodes)), []);
  return (
    <div style={{ position: "fixed", inset: 0 }}>
      <ReactFlow nodes={nodes} edges={edges} edgeTypes={edgeTypes} onNodesChange={onNodesChange} fitView minZoom={0.05} />
    </div>
  );
}
createRoot(document.body.appendChild(document.createElement("div"))).render(<App />);
