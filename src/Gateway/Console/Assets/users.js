// Users: there is no list of them, so they are gathered from their sessions; and one user's profile.
import { announce, h, link, number, route, when } from './dom.js';
import { at, get, many } from './api.js';
import { field, problem, table, terms, valuesOf } from './parts.js';
import { buttons, erase } from './actions.js';
import { memoryColumns } from './memories.js';

const columnsOfUser = memoryColumns.filter((column) => column.name !== 'User');

const SessionsMax = 1000;

export async function users({ signal }) {
    const { items, more } = await many('/v1/sessions', {}, SessionsMax, signal);
    const found = new Map();
    for (const session of items) {
        if (!session.user_id) continue;
        const user = found.get(session.user_id) ?? { id: session.user_id, sessions: 0, turns: 0, seen: session.updated_at };
        user.sessions++;
        user.turns += session.turns;
        if (session.updated_at > user.seen) user.seen = session.updated_at;
        found.set(user.id, user);
    }
    const form = h(
        'form',
        {
            class: 'filter',
            'aria-label': 'Open a user',
            onsubmit: (event) => {
                event.preventDefault();
                location.hash = route(['users', valuesOf(form).user]);
            },
        },
        field('user', 'User', { required: true }),
        h('button', { type: 'submit' }, 'Open'),
    );
    return h(
        'section',
        {},
        h('h1', {}, 'Users'),
        form,
        table(
            `Users of the newest ${more ? SessionsMax : items.length} sessions (times in UTC)`,
            [
                { name: 'User', of: (item) => link(['users', item.id], item.id) },
                { name: 'Sessions', class: 'number', of: (item) => number(item.sessions) },
                { name: 'Turns', class: 'number', of: (item) => number(item.turns) },
                { name: 'Last seen', of: (item) => when(item.seen) },
            ],
            [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
            'No session names a user.',
        ).element,
    );
}

export async function user({ id, query, signal, refresh }) {
    const [sessions, semantic, episodic, candidates, entities] = await Promise.all([
        many('/v1/sessions', { user_id: id }, 100, signal),
        many('/v1/memories', { user_id: id, tier: 'semantic' }, 300, signal),
        many('/v1/memories', { user_id: id, tier: 'episodic' }, 100, signal),
        many('/v1/memories', { user_id: id, status: 'candidate' }, 100, signal),
        many('/v1/entities', { user_id: id }, 50, signal),
    ]);
    const newest = sessions.items[0];
    const context = h('div', {});
    const form = h(
        'form',
        {
            class: 'filter',
            'aria-label': 'Context',
            onsubmit: async (event) => {
                event.preventDefault();
                await showContext(valuesOf(form), context);
            },
        },
        field('session', 'For session', { type: 'select', options: sessions.items.map((session) => session.id) }),
        field('query', 'Asking', { value: query.query }),
        field('max_tokens', 'Tokens', { type: 'number', min: 1, value: 800 }),
        h('button', { type: 'submit' }, 'Make a context'),
    );
    return h(
        'section',
        {},
        h('h1', {}, `User ${id}`),
        terms([
            ['Sessions', count(sessions)],
            ['Facts and what agents wrote', count(semantic)],
            ['Episodes', count(episodic)],
            ['Candidates', count(candidates)],
            ['Last seen', newest && when(newest.updated_at)],
        ]),
        buttons(
            refresh,
            [
                'Recall of this user',
                () => {
                    location.hash = route(['recall'], { user_id: id });
                },
            ],
            [
                'Erase this user',
                async () => {
                    if (await erase({ user_id: id })) location.hash = '#/users';
                },
                true,
            ],
        ),
        h('h2', {}, 'Profile'),
        table('What is known of this user (times in UTC)', columnsOfUser, semantic.items, 'Nothing yet that outlasts a session.')
            .element,
        h('h2', {}, 'Context for a prompt'),
        newest ? form : h('p', { class: 'faint' }, 'A context belongs to a session, and there is none.'),
        context,
        h('h2', {}, 'Sessions'),
        table(
            'Sessions, newest first',
            [
                { name: 'Session', of: (item) => link(['sessions', item.id], item.id) },
                { name: 'Turns', class: 'number', of: (item) => number(item.turns) },
                { name: 'Changed', of: (item) => when(item.updated_at) },
            ],
            sessions.items,
        ).element,
        entities.items.length > 0 && [
            h('h2', {}, 'Entities'),
            h(
                'ul',
                {},
                entities.items.map((entity) =>
                    h('li', {}, h('a', { href: route(['graph'], { entity: entity.id }) }, entity.name), ` ${entity.type}`),
                ),
            ),
        ],
        episodic.items.length > 0 && [
            h('h2', {}, 'Episodes'),
            table('Episodes, most recently made first', columnsOfUser, episodic.items).element,
        ],
    );
}

const count = (list) => `${number(list.items.length)}${list.more ? ' or more' : ''}`;

async function showContext({ session, query, max_tokens }, place) {
    try {
        const context = await get(`${at('sessions', session)}/context`, { query, max_tokens });
        place.replaceChildren(
            h(
                'p',
                { class: 'faint' },
                `${number(context.tokens)} of ${number(context.max_tokens)} tokens, ${context.citations?.length ?? 0} citations`,
            ),
            h('pre', { tabindex: 0, 'aria-label': 'Context' }, context.text),
        );
        announce('The context is made.');
    } catch (failure) {
        place.replaceChildren(problem(failure));
    }
}
