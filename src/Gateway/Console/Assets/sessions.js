// Sessions, and one session: its turns, its window, and what was distilled when, from which turns.
import { h, link, number, route, shorten, timeText, when } from './dom.js';
import { at, get, many } from './api.js';
import { badge, field, paged, statusBadge, table, terms, unknown, valuesOf } from './parts.js';
import { act, buttons, erase } from './actions.js';
import { runsOf, timeline } from './timeline.js';

const TurnsShown = 500;

export async function sessions({ query, signal }) {
    const columns = [
        { name: 'Session', of: (item) => link(['sessions', item.id], item.id) },
        { name: 'User', of: (item) => (item.user_id ? link(['users', item.user_id], item.user_id) : '–') },
        { name: 'Agent', of: (item) => item.agent_id ?? '–' },
        { name: 'Status', of: (item) => statusBadge(item.status) },
        { name: 'Turns', class: 'number', of: (item) => number(item.turns) },
        { name: 'Changed', of: (item) => when(item.updated_at) },
    ];
    const form = h(
        'form',
        {
            class: 'filter',
            'aria-label': 'Filter',
            onsubmit: (event) => {
                event.preventDefault();
                location.hash = route(['sessions'], valuesOf(form));
            },
        },
        field('user_id', 'User', { value: query.user_id }),
        field('agent_id', 'Agent', { value: query.agent_id }),
        field('status', 'Status', { type: 'select', options: ['', 'open', 'closed'], value: query.status }),
        h('button', { type: 'submit' }, 'Filter'),
    );
    return h(
        'section',
        {},
        h('h1', {}, 'Sessions'),
        form,
        await paged('Sessions, newest first (times in UTC)', '/v1/sessions', query, columns, {
            signal,
            empty: 'No session yet: append a turn, and it is here.',
        }),
    );
}

export async function session({ id, signal, refresh }) {
    const [about, window, turns] = await Promise.all([
        get(at('sessions', id), {}, signal),
        get(`${at('sessions', id)}/working-memory`, {}, signal),
        many(`${at('sessions', id)}/turns`, {}, TurnsShown, signal),
    ]);
    const made = await derived(about, signal);
    const windowFrom = window.turns?.[0]?.seq ?? Infinity;
    const citing = new Map();
    for (const memory of made) {
        for (const source of memory.sources ?? []) {
            if (source.session_id === id) citing.set(source.seq, [...(citing.get(source.seq) ?? []), memory]);
        }
    }
    return h(
        'section',
        {},
        h('h1', {}, `Session ${id}`),
        terms([
            ['Status', statusBadge(about.status)],
            ['User', about.user_id && link(['users', about.user_id], about.user_id)],
            ['Agent', about.agent_id],
            ['Turns', number(about.turns)],
            ['In the window', `${window.turns?.length ?? 0} turns, ${number(window.tokens)} tokens`],
            ['Left the window', number(window.turns_before ?? 0)],
            ['Begun', when(about.created_at)],
            ['Changed', when(about.updated_at)],
        ]),
        buttons(
            refresh,
            [
                'Distil now',
                () =>
                    act(
                        'Distil this session now?',
                        'Its new turns become episodes and facts, which otherwise happens by itself a little later.',
                        'Distil',
                        'POST',
                        `${at('sessions', id)}/distill`,
                        {
                            said: (made) =>
                                `${made?.episodes ?? 0} episodes and ${made?.facts ?? 0} facts of ${made?.turns ?? 0} turns.`,
                        },
                    ),
            ],
            about.status === 'open' && [
                'Close',
                () =>
                    act('Close this session?', 'A later turn opens it again.', 'Close', 'POST', `${at('sessions', id)}/close`, {
                        said: 'Closed.',
                    }),
            ],
            [
                'Erase',
                async () => {
                    if (await erase({ session_id: id })) location.hash = '#/sessions';
                },
                true,
            ],
        ),
        h('h2', {}, 'Timeline'),
        turns.more && h('p', { class: 'faint' }, `The first ${TurnsShown} of ${number(about.turns)} turns.`),
        timeline(id, turns.items, made, windowFrom),
        summaryOf(window),
        h('h2', {}, 'What was distilled'),
        table(
            'Memories that rest on this session, oldest first (times in UTC)',
            [
                { name: 'Memory', class: 'wide', of: (item) => link(['memories', item.id], shorten(item.content)) },
                { name: 'Kind', of: (item) => badge(item.kind, 'kind') },
                { name: 'Status', of: (item) => statusBadge(item.status) },
                { name: 'Made', of: (item) => when(item.recorded_at) },
                { name: 'From turns', of: (item) => sourceButtons(item, id) },
            ],
            made,
            'Nothing yet: it happens every few turns, when the session rests, or with “Distil now”.',
        ).element,
        h('h2', {}, 'Turns'),
        h(
            'ol',
            { class: 'turns' },
            turns.items.map((turn) => turnItem(turn, windowFrom, citing.get(turn.seq) ?? [], refresh)),
        ),
        unknown(about, ['id', 'user_id', 'agent_id', 'status', 'turns', 'version', 'created_at', 'updated_at']),
    );
}

/** All memories that cite a turn of the session: facts are the user's, not the session's. */
async function derived(about, signal) {
    const lists = [{ session_id: about.id }];
    if (about.user_id) lists.push({ user_id: about.user_id });
    const asked = lists.flatMap((list) =>
        ['active', 'candidate', 'superseded', 'archived'].map((status) => many('/v1/memories', { ...list, status }, 300, signal)),
    );
    const found = new Map();
    for (const { items } of await Promise.all(asked)) {
        for (const item of items) {
            if ((item.sources ?? []).some((source) => source.session_id === about.id)) found.set(item.id, item);
        }
    }
    return [...found.values()].sort((a, b) =>
        a.recorded_at < b.recorded_at ? -1 : a.recorded_at > b.recorded_at ? 1 : firstSeq(a, about.id) - firstSeq(b, about.id),
    );
}

const seqsOf = (memory, id) => (memory.sources ?? []).filter((source) => source.session_id === id).map((source) => source.seq);
const firstSeq = (memory, id) => Math.min(...seqsOf(memory, id));

function sourceButtons(memory, id) {
    return runsOf(seqsOf(memory, id)).map(([from, to]) => {
        const text = from === to ? `${from}` : `${from}–${to}`;
        return h(
            'button',
            { type: 'button', class: 'small', onclick: () => showTurn(from), 'aria-label': `${text}: show in the list` },
            text,
        );
    });
}

function showTurn(seq) {
    const turn = document.getElementById(`turn-${seq}`);
    turn?.scrollIntoView({ block: 'center' });
    turn?.focus();
}

function turnItem(turn, windowFrom, memories, refresh) {
    return h(
        'li',
        { id: `turn-${turn.seq}`, tabindex: -1, class: turn.seq >= windowFrom ? 'turn live' : 'turn' },
        h(
            'p',
            { class: 'meta' },
            h('span', { class: 'seq' }, turn.seq),
            h('strong', {}, turn.name ?? turn.role),
            turn.name && badge(turn.role),
            turn.seq >= windowFrom ? badge('in window', 'good') : badge('left the window', 'old'),
            h('span', { class: 'faint' }, timeText(turn.occurred_at), ` · ${turn.tokens} tokens`),
        ),
        h('p', { class: 'text' }, turn.content || '(erased)'),
        turn.content &&
            h(
                'button',
                {
                    type: 'button',
                    class: 'small',
                    'aria-label': `Erase turn ${turn.seq}`,
                    onclick: async () => {
                        if (await erase({ turn: { session_id: turn.session_id, turn_id: turn.id } })) refresh();
                    },
                },
                'Erase',
            ),
        memories.length > 0 &&
            h(
                'p',
                { class: 'meta' },
                'In ',
                memories.map((memory) =>
                    h('a', { href: route(['memories', memory.id]), class: 'chip', title: shorten(memory.content) }, memory.kind),
                ),
            ),
        unknown(turn, ['id', 'session_id', 'seq', 'role', 'name', 'content', 'occurred_at', 'recorded_at', 'tokens']),
    );
}

function summaryOf(window) {
    return (
        (window.summary ?? []).length > 0 &&
        h(
            'details',
            {},
            h('summary', {}, `What left the window, in short (${window.summary.length} parts)`),
            h(
                'ul',
                {},
                window.summary.map((part) => h('li', {}, part.memory_id ? link(['memories', part.memory_id], part.text) : part.text)),
            ),
        )
    );
}
