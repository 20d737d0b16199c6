// A score drawn as the sum that it is: one bar of parts, those below nothing to the left.
import { h, s } from './dom.js';

const Wide = 720;
const Tall = 16;
const Margin = 5;

// In the explanation, but no part of the sum.
const factors = /(_multiplier|_factor)$/;

// The order of the colours; whatever else there is comes behind them.
const order = [
    'lexical',
    'vector',
    'smoothing',
    'session prior',
    'subject',
    'tier',
    'quote',
    'update',
    'meaning: piece',
    'meaning: context',
    'meaning: stand in',
    'meaning: window',
    'meaning: date',
];

/** The parts of an item's score as [name, value]; what this page does not know yet is one too. Zeros are left out. */
export function partsOf(item) {
    const explained = item.explanation;
    if (!explained) return [];
    const parts = [];
    for (const [name, value] of Object.entries(explained)) {
        const shown = name.replaceAll('_', ' ');
        if (typeof value === 'number' && !factors.test(name)) parts.push([shown, value]);
        else if (value && typeof value === 'object' && typeof value.part === 'number') parts.push([shown, value.part]);
        else if (name === 'meaning' && value)
            parts.push(
                ...Object.entries(value)
                    .filter(([, part]) => typeof part === 'number')
                    .map(([inner, part]) => [`meaning: ${inner.replaceAll('_', ' ')}`, part]),
            );
    }
    const rest = item.score - parts.reduce((sum, [, value]) => sum + value, 0);
    if (Math.abs(rest) > 0.001) parts.push(['other', rest]);
    return parts.filter(([, value]) => value !== 0).sort(([a], [b]) => placeOf(a) - placeOf(b));
}

const placeOf = (name) => (order.indexOf(name) < 0 ? order.length : order.indexOf(name));
const colourOf = (name) => `part${placeOf(name) % 14}`;

/** @param scale {above, below}: the longest sums of all items, so that their bars compare */
export function drawParts(parts, score, scale) {
    const unit = (Wide - 2 * Margin) / (scale.above + scale.below);
    const zero = Margin + scale.below * unit;
    let right = zero;
    let left = zero;
    const bars = parts.map(([name, value]) => {
        const wide = Math.abs(value) * unit;
        const x = value > 0 ? right : left - wide;
        if (value > 0) right += wide;
        else left -= wide;
        return s(
            'rect',
            { class: colourOf(name), x, y: 2, width: Math.max(0.5, wide - 1), height: Tall, rx: 2 },
            s('title', {}, `${name} ${value.toFixed(3)}`),
        );
    });
    const total = zero + score * unit;
    return s(
        'svg',
        {
            class: 'score',
            viewBox: `0 0 ${Wide} ${Tall + 4}`,
            role: 'img',
            'aria-label': `Score ${score.toFixed(3)}: ${parts.map(([name, value]) => `${name} ${value.toFixed(3)}`).join(', ')}`,
        },
        bars,
        s('line', { class: 'axis-line', x1: zero, x2: zero, y1: 0, y2: Tall + 4 }),
        s('path', { class: 'mark', d: `M${total - 4} 0h8l-4 5z` }),
    );
}

/** The names of all parts that occur, each by its colour. */
export function legendOf(all) {
    const names = [...new Set(all.flat().map(([name]) => name))].sort((a, b) => placeOf(a) - placeOf(b));
    return h(
        'p',
        { class: 'legend' },
        names.map((name) =>
            h(
                'span',
                { class: 'key' },
                s(
                    'svg',
                    { viewBox: '0 0 10 10', width: 10, height: 10, 'aria-hidden': 'true' },
                    s('rect', { class: colourOf(name), width: 10, height: 10, rx: 2 }),
                ),
                name,
            ),
        ),
        h(
            'span',
            { class: 'key' },
            s(
                'svg',
                { viewBox: '0 0 10 10', width: 10, height: 10, 'aria-hidden': 'true' },
                s('path', { class: 'mark', d: 'M1 2h8l-4 6z' }),
            ),
            'the score',
        ),
    );
}
