// Where the nodes of a graph stand: forces between them, from places that their ids alone decide, so that the same graph
// is always the same picture.

const Rounds = 300;
const Near = 130;

/** A number of 0 to 1 for each call, the same ones for the same text. */
function draws(text) {
    let state = 2166136261;
    for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0), 16777619);
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}

/**
 * Gives every node of `nodes` (a Map of id to {x?, y?}) its x and y. Nodes that have a place move little, so that a walk
 * does not lose its reader; `edges` are {from, to}.
 */
export function place(nodes, edges) {
    const all = [...nodes]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, node]) => ({ id, node, settled: node.x !== undefined, dx: 0, dy: 0 }));
    const byId = new Map(all.map((one) => [one.id, one]));
    const links = edges.map((edge) => [byId.get(edge.from), byId.get(edge.to)]).filter(([a, b]) => a && b && a !== b);
    for (const one of all.filter((one) => !one.settled)) {
        const draw = draws(one.id);
        const beside = links.map(([a, b]) => (a === one ? b : b === one ? a : null)).find((other) => other?.settled);
        const angle = draw() * 2 * Math.PI;
        const far = beside ? Near : Near * Math.sqrt(all.length) * (0.3 + draw());
        one.node.x = (beside?.node.x ?? 0) + Math.cos(angle) * far;
        one.node.y = (beside?.node.y ?? 0) + Math.sin(angle) * far;
    }
    for (let round = 0; round < Rounds; round++) step(all, links, 24 * (1 - round / Rounds));
}

function step(all, links, most) {
    for (const one of all) one.dx = one.dy = 0;
    for (let i = 0; i < all.length; i++) {
        for (let j = i + 1; j < all.length; j++) push(all[i], all[j], (far) => (Near * Near) / far);
    }
    for (const [a, b] of links) push(a, b, (far) => (-far * far) / Near);
    for (const one of all) {
        // Towards the middle, a little: parts without a link would drift away.
        one.dx -= one.node.x * 0.06;
        one.dy -= one.node.y * 0.09;
        const far = Math.hypot(one.dx, one.dy) || 1;
        const moved = Math.min(far, one.settled ? most / 3 : most);
        one.node.x += (one.dx / far) * moved;
        one.node.y += (one.dy / far) * moved;
    }
}

/** Moves two apart by a force of their distance; a negative one draws them together. */
function push(a, b, force) {
    let x = a.node.x - b.node.x;
    const y = a.node.y - b.node.y;
    if (x === 0 && y === 0) x = 0.1;
    const far = Math.max(1, Math.hypot(x, y));
    const by = force(far) / far;
    a.dx += x * by;
    a.dy += y * by;
    b.dx -= x * by;
    b.dy -= y * by;
}
