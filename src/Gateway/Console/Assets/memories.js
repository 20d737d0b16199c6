// Memories, and one memory: its versions on both time axes, what it rests on, what can be done with it.
import { h, link, number, route, shorten, when } from './dom.js';
import { at, call, get } from './api.js';
import { badge, field, meter, paged, statusBadge, table, terms, unknown, valuesOf } from './parts.js';
import { buttons, edit, erase, pin, undo } from './actions.js';
import { axes } from './axes.js';
import { curveOf } from './salience.js';

export const memoryColumns = [
    { name: 'Memory', class: 'wide', of: (item) => link(['memories', item.id], shorten(item.content)) },
    { name: 'Kind', of: (item) => [badge(item.kind, 'kind'), item.pinned && badge('pinned', 'good')] },
    { name: 'Status', of: (item) => statusBadge(item.status) },
    { name: 'Salience', of: (item) => meter(item.salience) },
    { name: 'User', of: (item) => (item.user_id ? link(['users', item.user_id], item.user_id) : '–') },
    { name: 'True from', of: (item) => when(item.valid_from) },
    { name: 'Made', of: (item) => when(item.recorded_at) },
];

export async function memories({ query, signal }) {
    const form = h(
        'form',
        {
            class: 'filter',
            'aria-label': 'Filter',
            onsubmit: (event) => {
                event.preventDefault();
                location.hash = route(['memories'], valuesOf(form));
            },
        },
        field('status', 'Status', {
            type: 'select',
            options: ['active', 'candidate', 'archived', 'superseded'],
            value: query.status ?? 'active',
        }),
        field('tier', 'Tier', { type: 'select', options: ['', 'episodic', 'semantic'], value: query.tier }),
        field('kind', 'Kind', { value: query.kind }),
        field('user_id', 'User', { value: query.user_id }),
        field('agent_id', 'Agent', { value: query.agent_id }),
        field('session_id', 'Session', { value: query.session_id }),
        h('button', { type: 'submit' }, 'Filter'),
    );
    return h(
        'section',
        {},
        h('h1', {}, 'Memories'),
        form,
        await paged('Memories, most recently made first (times in UTC)', '/v1/memories', query, memoryColumns, {
            signal,
            empty: 'No memory like that.',
        }),
    );
}

const shown = [
    'id',
    'version',
    'kind',
    'tier',
    'status',
    'content',
    'user_id',
    'agent_id',
    'agent_class',
    'session_id',
    'importance',
    'salience',
    'salience_at',
    'pinned',
    'valid_from',
    'valid_to',
    'recorded_at',
    'superseded_by',
    'sources',
    'topics',
    'entities',
    'origin',
    'change',
    'operation',
    'metadata',
    'claim',
    'superseded_at',
    'fact_kind',
];

export async function memory({ id, signal, refresh }) {
    const [{ body: now }, history] = await Promise.all([
        call('GET', at('memories', id), undefined, { signal }),
        get(`${at('memories', id)}/history`, {}, signal),
    ]);
    const versions = history.items ?? [now];
    return h(
        'section',
        {},
        h('h1', {}, shorten(now.content, 70)),
        now.content?.length > 70 && h('p', { class: 'text lead' }, now.content),
        terms([
            ['Kind', badge(now.kind, 'kind')],
            ['Tells a', now.fact_kind],
            ['Tier', now.tier],
            ['Status', statusBadge(now.status)],
            ['Version', number(now.version)],
            ['Importance', meter(now.importance)],
            ['Salience', meter(now.salience)],
            ['Pinned', now.pinned ? 'yes' : 'no'],
            ['True from', when(now.valid_from)],
            ['True until', now.valid_to && when(now.valid_to)],
            ['Made', when(now.recorded_at)],
            ['User', now.user_id && link(['users', now.user_id], now.user_id)],
            ['Agent', now.agent_id],
            ['Agent class', now.agent_class],
            ['Session', now.session_id && link(['sessions', now.session_id], now.session_id)],
            ['Superseded by', now.superseded_by && link(['memories', now.superseded_by], now.superseded_by)],
            ['Claim', now.claim && `${now.claim.subject} · ${now.claim.attribute} · ${now.claim.value}`],
            ['Topics', now.topics?.length > 0 && now.topics.map((topic) => badge(topic))],
            ['Entities', now.entities?.length > 0 && now.entities.map((entity) => badge(entity))],
            ['Origin', now.origin],
            ['Id', h('code', {}, now.id)],
        ]),
        buttons(
            refresh,
            ['Edit', () => edit(now)],
            [now.pinned ? 'Unpin' : 'Pin', () => pin(now)],
            ['Undo last change', () => undo(now)],
            [
                'Erase',
                async () => {
                    if (await erase({ memory_id: id })) location.hash = '#/memories';
                },
                true,
            ],
        ),
        h('h2', {}, 'History on both time axes'),
        axes(versions),
        table(
            'Versions, oldest first (times in UTC)',
            [
                { name: 'Version', of: (item) => `${item.version}` },
                { name: 'Change', of: (item) => badge(item.change) },
                { name: 'Status', of: (item) => statusBadge(item.status) },
                { name: 'Content', class: 'wide', of: (item) => item.content || '(erased)' },
                { name: 'True', of: (item) => [when(item.valid_from), ' – ', item.valid_to ? when(item.valid_to) : 'still'] },
                { name: 'Known', of: (item) => [when(item.recorded_at), ' – ', item.superseded_at ? when(item.superseded_at) : 'now'] },
            ],
            versions,
        ).element,
        h('h2', {}, 'Salience'),
        curveOf([now], versions),
        h('h2', {}, 'Rests on'),
        sourcesOf(now),
        now.metadata &&
            h('details', {}, h('summary', {}, 'Metadata'), h('pre', { tabindex: 0 }, JSON.stringify(now.metadata, null, 2))),
        unknown(now, shown),
    );
}

function sourcesOf(memory) {
    const sources = memory.sources ?? [];
    if (sources.length === 0) return h('p', { class: 'faint' }, 'No turn: somebody wrote it directly.');
    const bySession = Map.groupBy(sources, (source) => source.session_id);
    return h(
        'ul',
        {},
        [...bySession].map(([session, cited]) =>
            h('li', {}, link(['sessions', session], session), ', turns ', cited.map((source) => source.seq).join(', ')),
        ),
    );
}
