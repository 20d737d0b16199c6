// The graph as a picture that one walks: an entity, what it is related to, and from there on.
import { announce, h, link, number, route, s, shorten, when } from './dom.js';
import { at, call, get } from './api.js';
import { badge, field, problem, terms, unknown, valuesOf } from './parts.js';
import { act, buttons } from './actions.js';
import { place } from './layout.js';

const NodesMax = 150;
const Wide = 760;
const Tall = 480;
const Margin = 75;
const Label = 24;
const ScaleMax = 1.6;
const CrowdedFrom = 30;

export async function graph({ query, signal, refresh }) {
    const overview = await get('/v1/graph/overview', {}, signal);
    const start = query.entity ?? overview.most_connected?.[0]?.entity?.id;
    const found = h('div', {});
    const form = h(
        'form',
        {
            class: 'filter',
            'aria-label': 'Find',
            onsubmit: (event) => {
                event.preventDefault();
                find(valuesOf(form), found);
            },
        },
        field('name', 'Find an entity', {}),
        field('as_of_valid', 'True at (UTC)', { class: 'time', value: query.as_of_valid, placeholder: '2026-01-31T12:00:00Z' }),
        field('as_of_known', 'Known by (UTC)', { class: 'time', value: query.as_of_known, placeholder: '2026-01-31T12:00:00Z' }),
        h('button', { type: 'submit' }, 'Find'),
    );
    const view = h(
        'section',
        {},
        h('h1', {}, 'Graph'),
        terms([
            ['Entities', number(overview.entities)],
            ['Observations', number(overview.observations)],
            ['Relations', number(overview.relations)],
        ]),
        form,
        found,
    );
    if (!start) {
        view.append(h('p', { class: 'faint' }, 'The graph has no entity with relations yet.'));
        return view;
    }
    const walk = new Walk({ as_of_valid: query.as_of_valid, as_of_known: query.as_of_known }, refresh);
    await walk.go(start, signal);
    view.append(walk.element, pathForm(walk));
    return view;
}

async function find({ name, as_of_valid, as_of_known }, place) {
    if (!name) {
        location.hash = route(['graph'], { as_of_valid, as_of_known });
        return;
    }
    try {
        const items = (await call('POST', '/v1/entities/search', { query: name, limit: 10 })).body?.items ?? [];
        place.replaceChildren(
            items.length === 0
                ? h('p', { class: 'faint' }, 'No such entity.')
                : h(
                      'ul',
                      { class: 'chips' },
                      items.map(({ entity }) =>
                          h(
                              'li',
                              {},
                              h(
                                  'a',
                                  { class: 'chip', href: route(['graph'], { entity: entity.id, as_of_valid, as_of_known }) },
                                  `${entity.name} (${entity.type})`,
                              ),
                          ),
                      ),
                  ),
        );
        announce(`${items.length} entities`);
    } catch (failure) {
        place.replaceChildren(problem(failure));
    }
}

/** What was seen so far, and where the walker stands. */
class Walk {
    constructor(asOf, refresh) {
        this.asOf = asOf;
        this.refresh = refresh;
        this.nodes = new Map();
        this.edges = new Map();
        this.types = [];
        this.picture = h('div', { class: 'picture graph-picture' });
        this.side = h('div', { class: 'side' });
        this.element = h('div', { class: 'walk' }, this.picture, this.side);
    }

    /** Goes to an entity. Of steps taken quickly the last one counts, whichever answer comes last. */
    async go(id, signal) {
        const step = (this.step = (this.step ?? 0) + 1);
        const view = await get(at('entities', id), this.asOf, signal);
        this.add(view.entity).seen = true;
        for (const { other, relation } of view.relations ?? []) {
            if (this.nodes.size >= NodesMax && !this.nodes.has(other.id)) continue;
            this.add(other);
            this.edges.set(relation.id, { from: relation.from_id, to: relation.to_id, relation });
        }
        const isLast = step === this.step;
        if (isLast) this.at = id;
        this.draw();
        if (isLast) this.side.replaceChildren(h('div', {}, this.tell(view)));
        return isLast;
    }

    add(entity) {
        const node = this.nodes.get(entity.id) ?? {};
        node.entity = entity;
        if (!this.types.includes(entity.type)) this.types.push(entity.type);
        this.nodes.set(entity.id, node);
        return node;
    }

    async walkTo(id) {
        try {
            if (!(await this.go(id))) return;
            announce(`${this.nodes.get(id).entity.name}, ${this.nodes.size} entities in the picture`);
            this.picture.querySelector('.node.here')?.focus();
        } catch (failure) {
            this.side.replaceChildren(problem(failure));
        }
    }

    draw() {
        const edges = [...this.edges.values()];
        place(this.nodes, edges);
        const nodes = [...this.nodes.values()];
        const [wide, tall] = this.fit(nodes);
        this.picture.replaceChildren(
            s(
                'svg',
                { class: 'graph', viewBox: `0 0 ${wide} ${tall}`, role: 'group', 'aria-label': `Graph of ${nodes.length} entities` },
                s(
                    'defs',
                    {},
                    s(
                        'marker',
                        { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
                        s('path', { class: 'arrow', d: 'M0 0L8 4L0 8z' }),
                    ),
                ),
                edges.map((edge) => this.edge(edge)),
                [...this.nodes].map(([id, node]) => this.node(id, node)),
            ),
            h(
                'p',
                { class: 'legend' },
                this.types.map((type, index) =>
                    h(
                        'span',
                        { class: 'key' },
                        s(
                            'svg',
                            { viewBox: '0 0 10 10', width: 10, height: 10, 'aria-hidden': 'true' },
                            s('circle', { class: `part${index % 14}`, cx: 5, cy: 5, r: 5 }),
                        ),
                        type,
                    ),
                ),
            ),
        );
        this.onDraw?.();
    }

    /** Finds the scale that puts all nodes into the picture: texts keep their size. Answers the picture's. */
    fit(nodes) {
        const more = Math.max(1, Math.sqrt(nodes.length / CrowdedFrom));
        const [wide, tall] = [Math.round(Wide * more), Math.round(Tall * more)];
        const [xs, ys] = [nodes.map((node) => node.x), nodes.map((node) => node.y)];
        const [left, top] = [Math.min(...xs), Math.min(...ys)];
        const [across, down] = [Math.max(...xs) - left || 1, Math.max(...ys) - top || 1];
        const scale = Math.min((wide - 2 * Margin) / across, (tall - Margin) / down, ScaleMax);
        const [x, y] = [(wide - across * scale) / 2, (tall - Label - down * scale) / 2];
        this.spot = (node) => ({ x: x + (node.x - left) * scale, y: y + (node.y - top) * scale });
        return [wide, tall];
    }

    edge({ from, to, relation, onPath }) {
        const [a, b] = [this.spot(this.nodes.get(from)), this.spot(this.nodes.get(to))];
        const far = Math.hypot(b.x - a.x, b.y - a.y) || 1;
        const [ux, uy] = [(b.x - a.x) / far, (b.y - a.y) / far];
        return s(
            'g',
            { class: onPath ? 'edge path' : 'edge' },
            s('line', { x1: a.x + ux * 12, y1: a.y + uy * 12, x2: b.x - ux * 14, y2: b.y - uy * 14, 'marker-end': 'url(#arrow)' }),
            s('text', { class: 'middle', x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 - 4 }, relation.type),
        );
    }

    node(id, node) {
        const here = id === this.at;
        const go = () => this.walkTo(id);
        const { x, y } = this.spot(node);
        return s(
            'g',
            {
                class: `node${here ? ' here' : ''}${node.seen ? ' seen' : ''}${node.onPath ? ' path' : ''}`,
                transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
                role: 'button',
                tabindex: 0,
                'aria-label': `${node.entity.name}, ${node.entity.type}${here ? ', here' : ''}`,
                'aria-pressed': here,
                onclick: go,
                onkeydown: (event) => {
                    if (event.key === 'Enter' || event.key === ' ') {
                        event.preventDefault();
                        go();
                    }
                },
            },
            s('circle', { class: `part${this.types.indexOf(node.entity.type) % 14}`, r: here ? 12 : 9 }),
            s('text', { class: 'middle', y: here ? 27 : 23 }, shorten(node.entity.name, 24)),
        );
    }

    tell({ entity, observations = [], relations = [], partial, ...rest }) {
        return [
            h('h2', {}, entity.name),
            terms([
                ['Type', badge(entity.type, 'kind')],
                ['User', entity.user_id && link(['users', entity.user_id], entity.user_id)],
                ['Agent', entity.agent_id],
                ['Made', when(entity.created_at)],
            ]),
            buttons(this.refresh, [
                'Erase this entity',
                async () => {
                    const done = await act(
                        `Erase ${entity.name}?`,
                        `It goes for good with its ${observations.length} observations and ${relations.length} relations.`,
                        'Erase for good',
                        'DELETE',
                        at('entities', entity.id),
                        {
                            danger: true,
                            said: (receipt) =>
                                `Erased with ${receipt?.observations ?? 0} observations and ${receipt?.relations ?? 0} relations.`,
                        },
                    );
                    if (done && location.hash !== '#/graph') location.hash = '#/graph';
                    return done;
                },
                true,
            ]),
            h('h3', {}, 'Relations'),
            h(
                'ul',
                { class: 'relations' },
                relations.map(({ direction, other, relation }) =>
                    h(
                        'li',
                        {},
                        `${direction === 'in' ? '←' : '→'} ${relation.type} `,
                        h('button', { type: 'button', class: 'small', onclick: () => this.walkTo(other.id) }, other.name),
                        relation.valid_to && [' until ', when(relation.valid_to)],
                    ),
                ),
            ),
            h('h3', {}, 'Observations'),
            h(
                'ul',
                {},
                observations.map((one) =>
                    h(
                        'li',
                        {},
                        one.content,
                        ' ',
                        h('span', { class: 'faint' }, when(one.valid_from)),
                        (one.sources ?? []).map((source) => [
                            ' ',
                            link(['sessions', source.session_id], `${source.session_id}:${source.seq}`),
                        ]),
                    ),
                ),
            ),
            observations.length === 0 && h('p', { class: 'faint' }, 'None at this time.'),
            partial && h('p', { class: 'faint' }, 'There are more than these.'),
            unknown(entity, ['id', 'name', 'type', 'user_id', 'agent_id', 'version', 'created_at', 'updated_at']),
            unknown(rest, []),
        ];
    }

    /** Shows the way between two entities, with what lies on it. */
    showPath({ entities, relations }) {
        for (const one of [...this.nodes.values(), ...this.edges.values()]) one.onPath = false;
        for (const entity of entities) this.add(entity).onPath = true;
        for (const relation of relations)
            this.edges.set(relation.id, { from: relation.from_id, to: relation.to_id, relation, onPath: true });
        this.draw();
    }
}

function pathForm(walk) {
    const said = h('p', {});
    const fields = h('div', { class: 'inline' });
    const choice = (name, label, chosen, entities) =>
        h(
            'div',
            { class: 'field' },
            h('label', { for: `field-${name}` }, label),
            h(
                'select',
                { id: `field-${name}`, name },
                entities.map((entity) => h('option', { value: entity.id, selected: entity.id === chosen }, entity.name)),
            ),
        );
    walk.onDraw = () => {
        const entities = [...walk.nodes.values()].map((node) => node.entity);
        const { from = entities[0].id, to = entities.at(-1).id } = valuesOf(form);
        fields.replaceChildren(choice('from', 'From', from, entities), choice('to', 'To', to, entities));
    };
    const form = h(
        'form',
        {
            class: 'filter',
            'aria-label': 'Path',
            onsubmit: async (event) => {
                event.preventDefault();
                try {
                    const path = await get('/v1/graph/path', { ...valuesOf(form), max_hops: 6, ...walk.asOf });
                    said.replaceChildren(
                        path.found
                            ? `${path.hops} steps: ${path.entities.map((entity) => entity.name).join(' – ')}`
                            : 'No path of six steps.',
                    );
                    if (path.found) walk.showPath(path);
                    announce(said.textContent);
                } catch (failure) {
                    said.replaceChildren(problem(failure));
                }
            },
        },
        fields,
        h('button', { type: 'submit' }, 'Show the path'),
    );
    walk.onDraw();
    return h('div', {}, h('h2', {}, 'A path between two'), form, said);
}
