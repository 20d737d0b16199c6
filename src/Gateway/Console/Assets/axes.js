// A memory's versions as what they are: areas of two times, when it was true and when the service knew it.
import { announce, h, route, s, timeText } from './dom.js';

const Wide = 640;
const Tall = 260;
const Left = 96;
const Below = 40;
const Steps = 1000;

/** @param {Array} versions of one memory, oldest first */
export function axes(versions) {
    const now = Date.now();
    const valid = new Scale(
        versions.flatMap((one) => [one.valid_from, one.valid_to]),
        now,
    );
    const known = new Scale(
        versions.flatMap((one) => [one.recorded_at, one.superseded_at]),
        now,
    );
    const x = (time) => Left + valid.shareOf(time) * Wide;
    const y = (time) => Tall - known.shareOf(time) * Tall;
    const areas = versions.map((one, index) => areaOf(one, index, x, y, valid, known));
    const cross = s(
        'g',
        { class: 'cross' },
        s('line', { y1: 0, y2: Tall }),
        s('line', { x1: Left, x2: Left + Wide }),
        s('circle', { r: 5 }),
    );
    const picture = s(
        'svg',
        {
            class: 'axes',
            viewBox: `0 0 ${Left + Wide + 8} ${Tall + Below}`,
            role: 'img',
            'aria-label': `${versions.length} versions; across when it was true, upwards when it was known`,
        },
        s('rect', { class: 'ground', x: Left, y: 0, width: Wide, height: Tall }),
        areas,
        nowLines(x, y, now, valid, known),
        ticks(x, y, valid, known),
        cross,
    );
    const answer = h('div', { class: 'answer' });
    const validAt = slider('valid-at', 'True at', valid, now, show);
    const knownAt = slider('known-at', 'Known by', known, now, show);
    picture.addEventListener('click', (event) => {
        const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
        validAt.move((point.x - Left) / Wide);
        knownAt.move(1 - point.y / Tall);
        show(true);
    });
    show();
    return h(
        'figure',
        { class: 'history' },
        h('div', { class: 'scroll picture', role: 'region', 'aria-label': 'Both time axes', tabindex: 0 }, picture),
        h('div', { class: 'sliders' }, validAt.element, knownAt.element),
        answer,
        h('figcaption', {}, 'The axes are stretched so that every change can be seen.'),
    );

    function show(moved) {
        const [t, k] = [validAt.time(), knownAt.time()];
        const found = versions.find((one) => ms(one.recorded_at) <= k && k < (ms(one.superseded_at) ?? Infinity));
        const holds = found && ms(found.valid_from) <= t && t < (ms(found.valid_to) ?? Infinity);
        const [down, across, dot] = cross.childNodes;
        for (const name of ['x1', 'x2']) down.setAttribute(name, x(t));
        for (const name of ['y1', 'y2']) across.setAttribute(name, y(k));
        dot.setAttribute('cx', x(t));
        dot.setAttribute('cy', y(k));
        areas.forEach((area, index) => area.classList.toggle('chosen', versions[index] === found));
        const text = !found
            ? 'The service did not know it yet.'
            : holds
              ? `Version ${found.version} (${found.change}): ${found.content || 'erased'}`
              : `Version ${found.version} was known, and it was not true then.`;
        answer.replaceChildren(
            h('p', {}, h('strong', {}, text)),
            h(
                'p',
                {},
                h(
                    'a',
                    {
                        href: route(['recall'], {
                            query: found?.content ?? versions.at(-1).content,
                            user_id: found?.user_id,
                            valid: new Date(t).toISOString(),
                            known: new Date(k).toISOString(),
                        }),
                    },
                    'Recall as of these times',
                ),
            ),
        );
        if (moved) announce(text);
    }
}

const ms = (time) => (time ? Date.parse(time) : null);

/**
 * A time axis on which every change can be seen: half of its length goes by time, half by the number of changes, so that
 * two within a second have room beside one a year later.
 */
class Scale {
    constructor(times, now) {
        const all = [...new Set([...times.map(ms).filter((time) => time !== null && !Number.isNaN(time)), now])].sort((a, b) => a - b);
        const margin = Math.max((all.at(-1) - all[0]) * 0.06, 1000);
        this.knots = [all[0] - margin, ...all, all.at(-1) + margin];
        this.from = this.knots[0];
        this.to = this.knots.at(-1);
        const steps = this.knots.length - 1;
        this.shares = this.knots.map((time, index) => (0.5 * (time - this.from)) / (this.to - this.from) + (0.5 * index) / steps);
    }

    shareOf(time) {
        return between(this.knots, this.shares, time);
    }

    timeOf(share) {
        return between(this.shares, this.knots, share);
    }
}

/** The value of `to` where `value` lies in the ascending `from`. */
function between(from, to, value) {
    const last = Math.max(
        1,
        from.findIndex((knot) => knot >= value),
    );
    const index = value > from.at(-1) ? from.length - 1 : last;
    return to[index - 1] + ((value - from[index - 1]) / (from[index] - from[index - 1])) * (to[index] - to[index - 1]);
}

function areaOf(one, index, x, y, valid, known) {
    const left = x(ms(one.valid_from));
    const right = x(ms(one.valid_to) ?? valid.to);
    const bottom = y(ms(one.recorded_at));
    const top = y(ms(one.superseded_at) ?? known.to);
    return s(
        'g',
        { class: `area tint${index % 6}` },
        s(
            'rect',
            { x: left, y: top, width: Math.max(3, right - left), height: Math.max(3, bottom - top), rx: 3 },
            s('title', {}, `Version ${one.version}: ${one.content}`),
        ),
        bottom - top > 14 && s('text', { x: left + 6, y: top + 15 }, `v${one.version} ${one.change}`),
    );
}

function nowLines(x, y, now, valid, known) {
    return s(
        'g',
        { class: 'now' },
        now < valid.to && s('line', { x1: x(now), x2: x(now), y1: 0, y2: Tall }),
        now < known.to && s('line', { x1: Left, x2: Left + Wide, y1: y(now), y2: y(now) }),
    );
}

function ticks(x, y, valid, known) {
    const label = (time, span) => (span.to - span.from > 4 * 86_400_000 ? timeText(time).slice(0, 10) : timeText(time).slice(5, 19));
    return s(
        'g',
        { class: 'axis' },
        apart(
            valid.knots.slice(1, -1).map((time) => [x(time), label(time, valid)]),
            96,
        ).map(([place, text]) => s('text', { x: Math.min(place, Left + Wide - 40), y: Tall + 14, class: 'middle' }, text)),
        apart(
            known.knots.slice(1, -1).map((time) => [y(time), label(time, known)]),
            14,
        ).map(([place, text]) => s('text', { x: 0, y: place + 4 }, text)),
        s('text', { x: Left + Wide / 2, y: Tall + 33, class: 'middle name' }, 'true in the world →'),
        s('text', { x: Left + 6, y: Tall - 6, class: 'name' }, '↑ known to the service'),
    );
}

/** Leaves out what would stand over another. */
function apart(labels, least) {
    const kept = [];
    for (const label of labels) if (kept.every(([place]) => Math.abs(place - label[0]) >= least)) kept.push(label);
    return kept;
}

function slider(id, label, span, now, changed) {
    const input = h('input', { id, type: 'range', min: 0, max: Steps, step: 1, value: Math.ceil(span.shareOf(now) * Steps) });
    const output = h('output', { for: id });
    const time = () => span.timeOf(Number(input.value) / Steps);
    const say = () => {
        output.textContent = `${timeText(time())} UTC`;
        input.setAttribute('aria-valuetext', output.textContent);
    };
    input.addEventListener('input', () => {
        say();
        changed(true);
    });
    say();
    const move = (share) => {
        input.value = Math.round(share * Steps);
        say();
    };
    return { time, move, element: h('div', { class: 'field as-range' }, h('label', { for: id }, label), input, output) };
}
