// Elements made of data. Everything that comes from the service goes in as text nodes or attributes, never as markup.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, props, children) {
    for (const [name, value] of Object.entries(props ?? {})) {
        if (value === null || value === undefined || value === false) continue;
        if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
        else if (name === 'value') element.value = value;
        else element.setAttribute(name, value === true ? '' : String(value));
    }
    append(element, children);
    return element;
}

function append(element, children) {
    for (const child of children) {
        if (child === null || child === undefined || child === false) continue;
        if (Array.isArray(child)) append(element, child);
        else element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
}

/** An HTML element; props are attributes, `on…` listeners, `value` of a control. */
export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);

/** The same of SVG. */
export const s = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

const SaidForMilliseconds = 8000;
let forgetting = 0;

/** Says something to whoever cannot see what changed, and shows it for a while. */
export function announce(text) {
    const status = document.getElementById('status');
    status.textContent = text;
    clearTimeout(forgetting);
    forgetting = setTimeout(() => status.replaceChildren(), SaidForMilliseconds);
}

/** `#/recall?q=…` of a screen and what it is asked for; absent values are left out. */
export function route(path, query) {
    const asked = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) {
        if (value !== null && value !== undefined && value !== '') asked.set(name, value);
    }
    const text = asked.toString();
    return '#/' + path.map(encodeURIComponent).join('/') + (text ? '?' + text : '');
}

export const link = (path, ...children) => h('a', { href: route(path) }, ...children);

/** A time as people read it, in UTC to the second. */
export function when(time) {
    return time ? h('time', { datetime: time }, timeText(time)) : h('span', { class: 'faint' }, '–');
}

export function timeText(time) {
    const date = new Date(time);
    return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().slice(0, 19).replace('T', ' ');
}

export function number(value, digits = 3) {
    if (typeof value !== 'number') return '–';
    return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(digits);
}

export function shorten(text, length = 160) {
    const flat = String(text ?? '').replace(/\s+/g, ' ');
    return flat.length > length ? flat.slice(0, length - 1) + '…' : flat;
}
