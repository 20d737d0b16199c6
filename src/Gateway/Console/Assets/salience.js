// Salience over time: what was stored, and how it falls from then on.
import { h, link, s, shorten, timeText } from './dom.js';
import { many } from './api.js';
import { field, meter, statusBadge, table, valuesOf } from './parts.js';

const Wide = 720;
const Tall = 220;
const Left = 32;
const Day = 86_400_000;
const AheadDays = 90;
const Promotion = 0.5;

// Defaults of the service (docs/ranking.md); the screen's form takes others.
const standard = { episodic: 30, semantic: 180 };

/** Salience after a time: it halves every half-life; a pinned memory's stays. */
export function salienceAt(memory, time, halfLives = standard) {
    const days = Math.max(0, (time - Date.parse(memory.salience_at)) / Day);
    return memory.pinned ? memory.salience : memory.salience * 2 ** (-days / (halfLives[memory.tier] ?? standard.semantic));
}

/** Curves of memories; of a single one also the saliences that its earlier versions had. */
export function curveOf(memories, versions = [], halfLives = standard) {
    if (memories.length === 0) return h('p', { class: 'faint' }, 'Nothing to draw.');
    const now = Date.now();
    const from = Math.min(
        now - Day,
        ...memories.map((memory) => Date.parse(memory.salience_at)),
        ...versions.map((one) => Date.parse(one.salience_at)),
    );
    const to = now + AheadDays * Day;
    const x = (time) => Left + ((time - from) / (to - from)) * Wide;
    const y = (value) => 8 + (1 - value) * Tall;
    const lines = memories.map((memory) => {
        const start = Date.parse(memory.salience_at);
        const points = Array.from({ length: 61 }, (_, step) => start + (step / 60) * (to - start)).map(
            (time) => `${x(time).toFixed(1)},${y(salienceAt(memory, time, halfLives)).toFixed(1)}`,
        );
        return s(
            'polyline',
            {
                class: `curve ${memory.tier === 'episodic' ? 'episodic' : 'semantic'} ${memory.pinned ? 'pinned' : ''}`,
                points: points.join(' '),
            },
            s('title', {}, shorten(memory.content)),
        );
    });
    const label =
        memories.length === 1
            ? `Salience ${memories[0].salience.toFixed(2)} at ${timeText(memories[0].salience_at)}, ` +
              `${salienceAt(memories[0], to, halfLives).toFixed(2)} in ${AheadDays} days`
            : `Salience of ${memories.length} memories, ${AheadDays} days ahead`;
    return h(
        'figure',
        {},
        h(
            'div',
            { class: 'scroll picture', role: 'region', 'aria-label': 'Salience over time', tabindex: 0 },
            s(
                'svg',
                { class: 'salience', viewBox: `0 0 ${Left + Wide + 8} ${Tall + 32}`, role: 'img', 'aria-label': label },
                s('rect', { class: 'ground', x: Left, y: 8, width: Wide, height: Tall }),
                [0, 0.25, 0.5, 0.75, 1].map((value) =>
                    s(
                        'g',
                        { class: 'axis' },
                        s('line', { class: 'grid', x1: Left, x2: Left + Wide, y1: y(value), y2: y(value) }),
                        s('text', { x: 2, y: y(value) + 4 }, value),
                    ),
                ),
                s('line', { class: 'now-line', x1: x(now), x2: x(now), y1: 8, y2: Tall + 8 }),
                s('text', { class: 'axis middle', x: x(now), y: Tall + 24 }, 'now'),
                x(now) > Left + 90 && s('text', { class: 'axis', x: Left, y: Tall + 24 }, timeText(from).slice(0, 10)),
                s('text', { class: 'axis end', x: Left + Wide, y: Tall + 24 }, timeText(to).slice(0, 10)),
                s('line', { class: 'threshold', x1: Left, x2: Left + Wide, y1: y(Promotion), y2: y(Promotion) }),
                lines,
                versions.map((one) =>
                    s(
                        'circle',
                        { class: 'dot', cx: x(Date.parse(one.salience_at)), cy: y(one.salience), r: 4 },
                        s('title', {}, `Version ${one.version}: ${one.salience.toFixed(3)}`),
                    ),
                ),
            ),
        ),
        h(
            'figcaption',
            {},
            legend('episodic', 'episodic'),
            legend('semantic', 'semantic'),
            legend('threshold', 'promotion of candidates, unless set otherwise'),
            versions.length > 0 && ' Dots: as stored with each version.',
        ),
    );
}

const legend = (kind, text) =>
    h(
        'span',
        { class: 'key' },
        s(
            'svg',
            { viewBox: '0 0 18 10', width: 18, height: 10, 'aria-hidden': 'true' },
            s('line', { class: kind === 'threshold' ? kind : `curve ${kind}`, x1: 0, x2: 18, y1: 5, y2: 5 }),
        ),
        text,
    );

export async function salience({ query, signal }) {
    const status = query.status ?? 'active';
    const { items, more } = await many(
        '/v1/memories',
        { status, user_id: query.user_id, kind: query.kind, tier: query.tier },
        200,
        signal,
    );
    const halfLives = { episodic: Number(query.episodic) || standard.episodic, semantic: Number(query.semantic) || standard.semantic };
    const now = Date.now();
    const sorted = [...items].sort((a, b) => salienceAt(b, now, halfLives) - salienceAt(a, now, halfLives));
    const form = h(
        'form',
        {
            class: 'filter',
            'aria-label': 'Filter',
            onsubmit: (event) => {
                event.preventDefault();
                location.hash = '#/salience?' + new URLSearchParams(valuesOf(form));
            },
        },
        field('status', 'Status', { type: 'select', options: ['active', 'candidate', 'archived'], value: status }),
        field('user_id', 'User', { value: query.user_id }),
        field('kind', 'Kind', { value: query.kind }),
        field('tier', 'Tier', { type: 'select', options: ['', 'episodic', 'semantic'], value: query.tier }),
        field('episodic', 'Half-life, episodic (days)', { type: 'number', min: 0.01, step: 'any', value: halfLives.episodic }),
        field('semantic', 'Half-life, semantic (days)', { type: 'number', min: 0.01, step: 'any', value: halfLives.semantic }),
        h('button', { type: 'submit' }, 'Draw'),
    );
    return h(
        'section',
        {},
        h('h1', {}, 'Salience'),
        form,
        curveOf(sorted, [], halfLives),
        more && h('p', { class: 'faint' }, 'The newest 200.'),
        table(
            'Memories by their salience now',
            [
                { name: 'Memory', class: 'wide', of: (item) => link(['memories', item.id], shorten(item.content)) },
                { name: 'Kind', of: (item) => item.kind },
                { name: 'Status', of: (item) => statusBadge(item.status) },
                { name: 'Stored', of: (item) => meter(item.salience) },
                { name: 'Now', of: (item) => meter(salienceAt(item, now, halfLives)) },
                { name: `In ${AheadDays} days`, of: (item) => meter(salienceAt(item, now + AheadDays * Day, halfLives)) },
            ],
            sorted,
        ).element,
    );
}
