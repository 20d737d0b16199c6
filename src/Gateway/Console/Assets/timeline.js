// The picture of a session: turns by their tokens, the window, and under them what rests on which turns.
import { h, route, s, shorten, timeText } from './dom.js';

const TurnsTall = 64;
const LaneTall = 16;
const LanesMax = 24;
const Left = 76;

/** @param {Array} made memories that cite turns of the session */
export function timeline(id, turns, made, windowFrom) {
    if (turns.length === 0) return h('p', { class: 'faint' }, 'No turn to draw.');
    const step = Math.max(5, Math.min(56, 960 / turns.length));
    const first = turns[0].seq;
    const x = (seq) => Left + (seq - first) * step;
    const width = x(turns.at(-1).seq + 1) + 4;
    const { lanes, rest } = pack(made, id, first, turns.at(-1).seq);
    const height = 22 + TurnsTall + 22 + lanes.length * LaneTall + 6;
    const picture = s(
        'svg',
        {
            class: 'timeline',
            viewBox: `0 0 ${width} ${height}`,
            width,
            height,
            role: 'group',
            'aria-label': `${turns.length} turns and ${made.length} memories made of them`,
        },
        windowBand(turns, windowFrom, x, step, height),
        turnBars(turns, windowFrom, x, step),
        numbers(turns, x, step),
        s('text', { x: 0, y: 22 + TurnsTall, class: 'axis' }, 'tokens'),
        lanes.map((lane, index) => laneOf(lane, 22 + TurnsTall + 22 + index * LaneTall, x, step, lanes[index - 1]?.[0].group)),
    );
    return h(
        'figure',
        {},
        h('div', { class: 'scroll picture', role: 'region', 'aria-label': 'Timeline', tabindex: 0 }, picture),
        h(
            'figcaption',
            {},
            legend('live', 'turn in the window'),
            legend('past', 'turn that left it'),
            legend('episode', 'episode'),
            legend('fact', 'fact'),
            legend('candidate', 'candidate'),
            legend('other', 'other'),
            rest > 0 && ` ${rest} more in the table below.`,
        ),
    );
}

const legend = (kind, text) =>
    h(
        'span',
        { class: 'key' },
        s(
            'svg',
            { viewBox: '0 0 10 10', width: 10, height: 10, 'aria-hidden': 'true' },
            s('rect', { class: `fill-${kind}`, width: 10, height: 10, rx: 2 }),
        ),
        text,
    );

function windowBand(turns, from, x, step, height) {
    const seen = turns.find((turn) => turn.seq >= from);
    if (!seen) return null;
    const right = x(turns.at(-1).seq + 1);
    return s(
        'g',
        {},
        s('rect', { class: 'window', x: x(seen.seq) - 2, y: 0, width: right - x(seen.seq) + 4, height, rx: 4 }),
        s('text', { class: 'axis', x: x(seen.seq) + 2, y: 12 }, 'window'),
    );
}

function turnBars(turns, from, x, step) {
    const most = Math.max(1, ...turns.map((turn) => turn.tokens ?? 0));
    return turns.map((turn) => {
        const tall = Math.max(3, ((turn.tokens ?? 0) / most) * TurnsTall);
        return s(
            'rect',
            {
                class: turn.seq >= from ? 'fill-live' : 'fill-past',
                x: x(turn.seq) + 1,
                y: 20 + TurnsTall - tall,
                width: step - 2,
                height: tall,
                rx: 2,
            },
            s('title', {}, `${turn.seq} ${turn.name ?? turn.role}: ${shorten(turn.content, 100)}`),
        );
    });
}

function numbers(turns, x, step) {
    const every = Math.max(1, Math.ceil(26 / step));
    return turns
        .filter((turn) => (turn.seq - 1) % every === 0)
        .map((turn) => s('text', { class: 'axis middle', x: x(turn.seq) + step / 2, y: 22 + TurnsTall + 12 }, turn.seq));
}

const groupOf = (memory) =>
    memory.kind === 'episode' ? 'episode' : memory.status === 'candidate' ? 'candidate' : memory.kind === 'fact' ? 'fact' : 'other';

/** Puts each memory into the first lane of its group where its turns are free. */
function pack(made, id, first, last) {
    const lanes = [];
    let rest = 0;
    for (const group of ['episode', 'fact', 'candidate', 'other']) {
        const mine = [];
        for (const memory of made.filter((one) => groupOf(one) === group)) {
            const seqs = memory.sources
                .filter((source) => source.session_id === id && source.seq >= first && source.seq <= last)
                .map((source) => source.seq);
            if (seqs.length === 0) continue;
            const bar = { group, memory, seqs, from: Math.min(...seqs), to: Math.max(...seqs) };
            const free = mine.find((lane) => lane.every((other) => other.to < bar.from || other.from > bar.to));
            if (free) free.push(bar);
            else if (lanes.length + mine.length < LanesMax) mine.push([bar]);
            else rest++;
        }
        lanes.push(...mine);
    }
    return { lanes, rest };
}

function laneOf(lane, y, x, step, groupBefore) {
    return s(
        'g',
        {},
        lane[0].group !== groupBefore && s('text', { class: 'axis', x: 0, y: y + 10 }, lane[0].group),
        lane.map((bar) =>
            s(
                'a',
                {
                    href: route(['memories', bar.memory.id]),
                    'aria-label':
                        `${bar.memory.kind} of turns ${bar.from} to ${bar.to}, made ${timeText(bar.memory.recorded_at)}: ` +
                        shorten(bar.memory.content, 120),
                },
                s(
                    'title',
                    {},
                    `${bar.memory.kind}, ${bar.memory.status}, made ${timeText(bar.memory.recorded_at)} ` +
                        `from turns ${bar.seqs.join(', ')}\n${shorten(bar.memory.content)}`,
                ),
                s('rect', {
                    class: `faded fill-${bar.group}`,
                    x: x(bar.from) + 1,
                    y: y + 1,
                    width: (bar.to - bar.from + 1) * step - 2,
                    height: LaneTall - 4,
                    rx: 3,
                }),
                runsOf(bar.seqs).map(([from, to]) =>
                    s('rect', {
                        class: `fill-${bar.group}`,
                        x: x(from) + 1,
                        y: y + 1,
                        width: (to - from + 1) * step - 2,
                        height: LaneTall - 4,
                        rx: 3,
                    }),
                ),
            ),
        ),
    );
}

/** Numbers that follow each other, as pairs of the first and the last. */
export function runsOf(seqs) {
    const runs = [];
    for (const seq of [...seqs].sort((a, b) => a - b)) {
        const last = runs.at(-1);
        if (last && seq <= last[1] + 1) last[1] = seq;
        else runs.push([seq, seq]);
    }
    return runs;
}
