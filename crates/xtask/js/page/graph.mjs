// The same networks for everybody: as a lab for Roundtrip, as nodes and links for the others.

/** The story's drawing: five devices and three segments, all of them nodes; a link for each cable. */
export function small() {
  const nodes = ["pc1", "r1", "r2", "pc2", "inet", "living", "test", "wan"].map((id, i) => ({ id, x: 180 * (i % 4), y: 140 * Math.floor(i / 4) }));
  const links = [["pc1", "living"], ["r1", "living"], ["r1", "wan"], ["r2", "living"], ["r2", "test"], ["pc2", "test"], ["inet", "wan"]];
  return { nodes, links };
}

const SEGMENTS = 25;
const HOSTS = 40;
const place = (segment, host) => ({ x: 150 * host, y: 170 * segment });

/** 1,000 hosts, 40 on each of 25 segments; each is linked to its neighbour, which it pings. */
export function large() {
  const nodes = [];
  const links = [];
  for (let segment = 0; segment < SEGMENTS; segment += 1) {
    for (let host = 0; host < HOSTS; host += 1) {
      nodes.push({ id: `h${segment}-${host}`, ...place(segment, host) });
      if (host % 2 === 1) links.push([`h${segment}-${host - 1}`, `h${segment}-${host}`]);
    }
  }
  return { nodes, links };
}

/** The large one as a lab: 500 pings at once, whose packets are on their way nearly all the time. */
export function lab() {
  const segments = [];
  const devices = [];
  const actions = [];
  for (let segment = 0; segment < SEGMENTS; segment += 1) {
    segments.push({
      name: `s${segment}`,
      subnet: `10.0.${segment}.0/24`,
      latency_ms: 900,
      position: { x: 0, y: 170 * segment + 85 },
      width: 150 * HOSTS,
    });
    for (let host = 0; host < HOSTS; host += 1) {
      devices.push({
        name: `h${segment}-${host}`,
        position: place(segment, host),
        interfaces: [{ name: "eth0", segment: `s${segment}`, addresses: [`10.0.${segment}.${host + 1}/24`] }],
      });
      if (host % 2 === 1) {
        actions.push({ id: `p${segment}-${host}`, at: 0, type: "ping", from: `h${segment}-${host - 1}`, to: `h${segment}-${host}`, count: 20 });
      }
    }
  }
  return { version: 1, title: "1,000 devices", segments, devices, actions };
}
