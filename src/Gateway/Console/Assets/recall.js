// The recall playground: a question, and why each item stands where it does.
import { announce, h, link, number, route, shorten, when } from './dom.js';
import { call } from './api.js';
import { badge, field, problem, terms, unknown, valuesOf } from './parts.js';
import { drawParts, legendOf, partsOf } from './score.js';

const texts = ['query', 'user_id', 'agent_id', 'session_id', 'agent_class'];
const numbers = ['limit', 'min_score', 'max_tokens'];
const wider = 30;

export async function recall({ query, signal }) {
    const answer = h('div', { id: 'answer' });
    const form = h(
        'form',
        {
            class: 'filter',
            'aria-label': 'Question',
            onsubmit: (event) => {
                event.preventDefault();
                const target = route(['recall'], valuesOf(form));
                if (target === location.hash) ask(form, answer);
                else location.hash = target;
            },
        },
        field('query', 'Question', { value: query.query, required: true, maxlength: 4000 }),
        field('user_id', 'User', { value: query.user_id }),
        field('session_id', 'Session', { value: query.session_id }),
        field('agent_id', 'Agent', { value: query.agent_id }),
        field('limit', 'Items', { type: 'number', value: query.limit ?? 10, min: 1, max: 100 }),
        field('min_score', 'Least relevance', { type: 'number', value: query.min_score, min: 0, max: 1, step: 'any' }),
        field('max_tokens', 'Tokens', { type: 'number', value: query.max_tokens, min: 1 }),
        field('tier', 'Tier', { type: 'select', options: ['', 'working', 'episodic', 'semantic'], value: query.tier }),
        field('kind', 'Kind', { value: query.kind }),
        field('valid', 'True at (UTC)', { class: 'time', value: query.valid, placeholder: '2026-01-31T12:00:00Z' }),
        field('known', 'Known by (UTC)', { class: 'time', value: query.known, placeholder: '2026-01-31T12:00:00Z' }),
        field('archived', 'Archived too', { type: 'checkbox', value: query.archived === 'true' }),
        field('cut', 'Show what was cut', { type: 'checkbox', value: query.cut !== 'false' }),
        h('button', { type: 'submit', class: 'strong' }, 'Recall'),
    );
    const view = h('section', {}, h('h1', {}, 'Recall playground'), form, answer);
    if (query.query) await ask(form, answer, signal);
    return view;
}

function requestOf(values) {
    const request = { explain: true };
    for (const name of texts) if (values[name]) request[name] = values[name];
    for (const name of numbers) if (values[name]) request[name] = Number(values[name]);
    if (values.tier) request.tiers = [values.tier];
    if (values.kind) request.kinds = values.kind.split(/[\s,]+/);
    if (values.archived) request.archived = true;
    if (values.valid || values.known) request.as_of = { valid: values.valid, known: values.known };
    return request;
}

async function ask(form, place, signal) {
    const values = valuesOf(form);
    const request = requestOf(values);
    try {
        const found = (await call('POST', '/v1/recall', request, { signal })).body;
        const cut = values.cut ? await whatWasCut(request, found, signal) : [];
        place.replaceChildren(answerOf(found, cut, request));
        announce(`${found.items?.length ?? 0} items`);
    } catch (failure) {
        if (failure.name === 'AbortError') throw failure;
        place.replaceChildren(problem(failure));
    }
}

/** Asks once more without the bounds; what is only in this answer was cut by one of them. */
async function whatWasCut(request, found, signal) {
    const { min_score: least, max_tokens: budget, ...open } = request;
    const limit = request.limit ?? 10;
    open.limit = Math.min(100, limit + wider);
    const all = (await call('POST', '/v1/recall', open, { signal })).body?.items ?? [];
    const kept = new Set((found.items ?? []).map((item) => item.id));
    return all
        .map((item, index) => ({ item, rank: index + 1 }))
        .filter(({ item }) => !kept.has(item.id))
        .map(({ item, rank }) => ({
            item,
            rank,
            why:
                least !== undefined && item.relevance < least
                    ? `relevance below ${least}`
                    : budget !== undefined && kept.size < limit
                      ? `over ${budget} tokens`
                      : `beyond ${limit} items`,
        }));
}

function answerOf(found, cut, request) {
    const items = found.items ?? [];
    const parts = items.map((item) => partsOf(item));
    const scale = scaleOf(parts);
    return h(
        'div',
        {},
        terms([
            ['Items', `${items.length}`],
            ['Intent', badge(found.intent ?? '–', 'kind')],
            [
                'Arms',
                found.degraded ? badge(`degraded: ${(found.degraded_arms ?? []).join(', ')}`, 'bad') : badge('all took part', 'good'),
            ],
            ['Took', `${number(found.took_ms, 1)} ms`],
            ['Watermark', found.watermark],
            ['Evaluated', when(found.evaluated_at)],
            ['Left out', `${found.cut?.below_score ?? 0} less relevant, ${found.cut?.over_budget ?? 0} over the budget`],
        ]),
        unknown(found, ['items', 'intent', 'degraded', 'degraded_arms', 'took_ms', 'watermark', 'evaluated_at', 'cut']),
        items.length === 0 ? h('p', { class: 'faint' }, 'Nothing was found.') : legendOf(parts),
        h(
            'ol',
            { class: 'found' },
            items.map((item, index) => itemOf(item, parts[index], scale)),
        ),
        cut.length > 0 &&
            h(
                'details',
                { open: items.length === 0 },
                h('summary', {}, `What was cut (${cut.length})`),
                h(
                    'p',
                    { class: 'hint' },
                    'Asked once more without the bounds on relevance and tokens',
                    request.limit ? ` and for ${wider} more items` : '',
                    '.',
                ),
                h(
                    'ul',
                    { class: 'cut' },
                    cut.map(({ item, rank, why }) =>
                        h(
                            'li',
                            {},
                            badge(why, 'old'),
                            ` rank ${rank}, score ${number(item.score)}, relevance ${number(item.relevance)}: `,
                            link(placeOf(item), shorten(item.content)),
                        ),
                    ),
                ),
            ),
    );
}

function scaleOf(all) {
    const most = (sign) => Math.max(0, ...all.map((parts) => parts.reduce((sum, [, value]) => sum + Math.max(0, sign * value), 0)));
    return { above: most(1) || 1, below: most(-1) };
}

const placeOf = (item) =>
    item.kind === 'turn' && item.session_id
        ? ['sessions', item.session_id]
        : item.kind === 'turn'
          ? ['sessions']
          : ['memories', item.id];

/** An id like `session:seq` as a link to its session. */
function turnLink(id) {
    const end = String(id).lastIndexOf(':');
    return end > 0 ? link(['sessions', id.slice(0, end)], id) : link(['memories', id], id);
}

const known = [
    'id',
    'kind',
    'tier',
    'content',
    'score',
    'relevance',
    'session_id',
    'turn_ids',
    'sources',
    'occurred_at',
    'role',
    'name',
    'explanation',
    'outdated_by',
    'update',
    'also_said',
];

function itemOf(item, parts, scale) {
    const outdated = item.outdated_by;
    return h(
        'li',
        { class: outdated ? 'outdated' : null },
        h(
            'p',
            { class: 'meta' },
            badge(item.kind, 'kind'),
            badge(item.tier),
            outdated && badge('outdated', 'bad'),
            h('strong', {}, item.name ?? item.role ?? ''),
            h('span', { class: 'faint' }, when(item.occurred_at)),
            h('span', {}, 'score ', h('b', {}, number(item.score))),
            h('span', {}, 'relevance ', h('b', {}, number(item.relevance))),
        ),
        h('p', { class: 'text' }, item.content),
        outdated &&
            h(
                'p',
                { class: 'note' },
                'Outdated by ',
                outdated.session_id
                    ? link(['sessions', outdated.session_id], outdated.id ?? outdated.turn_id)
                    : String(outdated.id ?? outdated),
                outdated.occurred_at && [' of ', when(outdated.occurred_at)],
                outdated.rule && ` (${outdated.rule})`,
            ),
        item.update &&
            h(
                'p',
                { class: 'hint' },
                item.update.updates && ['Newer than ', turnLink(item.update.updates)],
                item.update.updated_by && ['There is a newer one: ', turnLink(item.update.updated_by)],
                item.update.rule && ` (rule ${item.update.rule})`,
            ),
        item.also_said?.length > 0 &&
            h(
                'p',
                { class: 'hint' },
                'Also said: ',
                item.also_said.map((said, index) => [
                    index > 0 && ', ',
                    link(['sessions', said.session_id], `${said.session_id}:${said.seq}`),
                ]),
            ),
        parts.length > 0 && drawParts(parts, item.score, scale),
        h('details', {}, h('summary', {}, 'Parts and sources'), partTable(item, parts), sourcesOf(item), unknown(item, known)),
    );
}

function partTable(item, parts) {
    const explained = item.explanation ?? {};
    return h(
        'div',
        {},
        h(
            'table',
            { class: 'parts' },
            h('caption', {}, 'Parts that sum to the score'),
            h(
                'tbody',
                {},
                parts.map(([name, value]) =>
                    h('tr', {}, h('th', { scope: 'row' }, name), h('td', { class: 'number' }, value.toFixed(6))),
                ),
            ),
        ),
        (explained.matched_terms ?? []).length > 0 &&
            h(
                'p',
                {},
                'Matched: ',
                explained.matched_terms.map((term) => badge(term)),
            ),
        explained.tier &&
            terms(
                Object.entries(explained.tier).map(([name, value]) => [
                    name.replaceAll('_', ' '),
                    typeof value === 'number' ? number(value) : String(value),
                ]),
            ),
        explained.vector_model && h('p', { class: 'faint' }, `Vectors of ${explained.vector_model}`),
    );
}

function sourcesOf(item) {
    const sources = item.sources ?? [];
    return h(
        'p',
        {},
        placeOf(item)[0] === 'memories' && link(placeOf(item), 'The memory'),
        sources.length > 0 && ' Rests on ',
        sources.map((source, index) => [
            index > 0 && ', ',
            link(['sessions', source.session_id], `${source.session_id}:${source.seq}`),
        ]),
    );
}
