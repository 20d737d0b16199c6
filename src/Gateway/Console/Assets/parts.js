// Pieces that several screens are made of.
import { announce, h, s } from './dom.js';
import { get, Problem } from './api.js';

/** A table in a region that scrolls by itself. Columns: {name, of(item), class}. */
export function table(caption, columns, items, empty = 'Nothing here.') {
    const body = h('tbody', {});
    const add = (more) =>
        body.append(
            ...more.map((item) =>
                h(
                    'tr',
                    {},
                    columns.map((column, index) =>
                        h(index === 0 ? 'th' : 'td', { class: column.class, scope: index === 0 ? 'row' : null }, column.of(item)),
                    ),
                ),
            ),
        );
    add(items);
    const note = h('p', { class: 'faint', hidden: items.length > 0 }, empty);
    const region = h(
        'div',
        { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 },
        h(
            'table',
            {},
            h('caption', {}, caption),
            h(
                'thead',
                {},
                h(
                    'tr',
                    {},
                    columns.map((column) => h('th', { scope: 'col', class: column.class }, column.name)),
                ),
            ),
            body,
        ),
    );
    return {
        element: h('div', {}, region, note),
        add: (more) => {
            add(more);
            note.hidden ||= more.length > 0;
        },
    };
}

/** A table of a paged list that a button prolongs. */
export async function paged(caption, path, query, columns, { signal, empty, first } = {}) {
    const page = first ?? (await get(path, { limit: 50, ...query }, signal));
    const list = table(caption, columns, page.items ?? [], empty);
    let cursor = page.next_cursor;
    const more = h(
        'button',
        {
            type: 'button',
            hidden: !cursor,
            onclick: async () => {
                more.disabled = true;
                try {
                    const next = await get(path, { limit: 50, ...query, cursor });
                    list.add(next.items ?? []);
                    cursor = next.next_cursor;
                    more.hidden = !cursor;
                    announce(`${(next.items ?? []).length} more`);
                } catch (failure) {
                    announce(failure.message);
                }
                more.disabled = false;
            },
        },
        'More',
    );
    list.element.append(more);
    return list.element;
}

/** A labelled control. Kinds: text, number, datetime-local, checkbox, select (options), textarea. */
export function field(name, label, { type = 'text', options, value, hint, ...rest } = {}) {
    const id = `field-${name}`;
    const hintId = hint ? `${id}-hint` : null;
    const common = { id, name, 'aria-describedby': hintId, ...rest };
    let control;
    if (type === 'select') {
        control = h(
            'select',
            common,
            options.map((option) => h('option', { value: option, selected: option === (value ?? '') }, option || 'any')),
        );
    } else if (type === 'textarea') {
        control = h('textarea', { ...common, value: value ?? '' });
    } else if (type === 'checkbox') {
        control = h('input', { ...common, type, checked: Boolean(value) });
    } else {
        control = h('input', { ...common, type, value: value ?? '', autocomplete: 'off' });
    }
    return h(
        'div',
        { class: `field as-${type}` },
        h('label', { for: id }, label),
        control,
        hint && h('p', { id: hintId, class: 'hint' }, hint),
    );
}

/** What a form says, by name; empty fields are left out. */
export function valuesOf(form) {
    const values = {};
    for (const control of form.elements) {
        if (!control.name) continue;
        if (control.type === 'checkbox') values[control.name] = control.checked;
        else if (control.value !== '') values[control.name] = control.value;
    }
    return values;
}

export function problem(failure, again) {
    const known = failure instanceof Problem;
    return h(
        'div',
        { class: 'problem', role: 'alert' },
        h('p', {}, h('strong', {}, known && failure.status === 401 ? 'A key is needed, or this one is not known.' : failure.message)),
        known &&
            failure.errors &&
            h(
                'ul',
                {},
                Object.entries(failure.errors).map(([name, value]) => h('li', {}, `${value?.field ?? name}: ${textOf(value)}`)),
            ),
        known &&
            failure.code &&
            h('p', { class: 'faint' }, `${failure.status} ${failure.code}`, failure.requestId && `, request ${failure.requestId}`),
        again && h('button', { type: 'button', onclick: again }, 'Try again'),
    );
}

const textOf = (value) =>
    Array.isArray(value)
        ? value.join('; ')
        : value && typeof value === 'object'
          ? (value.message ?? value.detail ?? JSON.stringify(value))
          : String(value);

export const badge = (text, kind) => h('span', { class: `badge ${kind ?? ''}` }, text);

/** 0..1 as a bar with its number. */
export function meter(value, label) {
    const share = Math.max(0, Math.min(1, Number(value) || 0));
    return h(
        'span',
        { class: 'meter' },
        s(
            'svg',
            { viewBox: '0 0 60 8', width: 60, height: 8, 'aria-hidden': 'true' },
            s('rect', { class: 'track', width: 60, height: 8, rx: 4 }),
            s('rect', { class: 'part0', width: 60 * share, height: 8, rx: 4 }),
        ),
        h('span', {}, (label ?? '') + share.toFixed(2)),
    );
}

/** Terms and what they are; what is null, undefined or false is left out. */
export function terms(pairs) {
    return h(
        'dl',
        { class: 'terms' },
        pairs
            .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
            .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    );
}

export const statusBadge = (status) =>
    badge(
        status ?? '?',
        { active: 'good', open: 'good', done: 'good', dead: 'bad', failing: 'bad', superseded: 'old', archived: 'old' }[status] ?? '',
    );

/** What an item has beside what the screen knows of: shown as it is, so that nothing new is hidden. */
export function unknown(item, known) {
    const rest = Object.entries(item ?? {}).filter(([name, value]) => !known.includes(name) && value !== null && value !== undefined);
    return (
        rest.length > 0 &&
        h(
            'details',
            {},
            h('summary', {}, 'Further fields'),
            h('pre', { tabindex: 0 }, JSON.stringify(Object.fromEntries(rest), null, 2)),
        )
    );
}
