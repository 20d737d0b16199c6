// What keeps the service going: health, work that is due, embeddings, retention, the tenant's settings.
import { h, number, s, when } from './dom.js';
import { at, call, facts, get, has } from './api.js';
import { badge, field, meter, paged, problem, statusBadge, table, terms, unknown, valuesOf } from './parts.js';
import { act, ask, buttons, exportAll } from './actions.js';

export async function operations({ signal, refresh }) {
    const part = async (path, draw) => {
        if (!has(path)) return h('p', { class: 'note' }, `${path} is not there: this release of the service does not have it.`);
        try {
            return draw(await get(path, {}, signal));
        } catch (failure) {
            if (failure.name === 'AbortError' || failure.status === 401) throw failure;
            return problem(failure);
        }
    };
    const [health, summary, jobs, spaces, retention, tenants] = await Promise.all([
        part('/v1/admin/health', healthOf),
        part('/v1/admin/summary', (body) => summaryOf(body, refresh)),
        part('/v1/admin/jobs', (body) => jobsOf(body, refresh)),
        part('/v1/admin/embeddings', (body) => spacesOf(body, refresh)),
        part('/v1/admin/retention', (body) => retentionOf(body, refresh)),
        part('/v1/admin/tenants', (body) => tenantsOf(body, refresh)),
    ]);
    return h(
        'section',
        {},
        h('h1', {}, 'Operations'),
        h('p', {}, h('button', { type: 'button', onclick: refresh }, 'Look again')),
        h('h2', {}, 'Health'),
        health,
        dashboard(),
        h('h2', {}, 'Tenant'),
        summary,
        tenants,
        h('h2', {}, 'Jobs'),
        await jobs,
        h('h2', {}, 'Embeddings'),
        spaces,
        h('h2', {}, 'Retention'),
        retention,
    );
}

function healthOf(body) {
    const components = body.components ?? [];
    const slowest = Math.max(1, ...components.map((one) => one.latency_ms));
    return h(
        'div',
        {},
        terms([
            ['Status', badge(body.status, body.status === 'ok' ? 'good' : 'bad')],
            ['Version', body.version],
            ['Environment', body.environment],
            ['Checked', when(body.checked_at)],
        ]),
        table(
            'Parts and how long each took to answer',
            [
                { name: 'Part', of: (item) => item.name },
                { name: 'State', of: (item) => badge(item.healthy ? 'healthy' : 'unhealthy', item.healthy ? 'good' : 'bad') },
                {
                    name: 'Latency',
                    of: (item) =>
                        h(
                            'span',
                            { class: 'meter' },
                            s(
                                'svg',
                                { viewBox: '0 0 120 8', width: 120, height: 8, 'aria-hidden': 'true' },
                                s('rect', { class: 'track', width: 120, height: 8, rx: 4 }),
                                s('rect', { class: 'part0', width: Math.max(1, (120 * item.latency_ms) / slowest), height: 8, rx: 4 }),
                            ),
                            `${number(item.latency_ms, 2)} ms`,
                        ),
                },
                { name: 'Detail', class: 'wide', of: (item) => item.detail },
            ],
            components,
        ).element,
        unknown(body, ['status', 'version', 'environment', 'checked_at', 'components']),
    );
}

const dashboard = () =>
    h(
        'p',
        {},
        facts().dashboard
            ? [
                  h('a', { href: '../dashboard/', rel: 'noopener' }, 'Silos and grains: Orleans’ dashboard'),
                  !facts().keyless &&
                      ' (it asks for an administrator’s key, which a link cannot send: open it through a proxy that adds the header)',
              ]
            : 'Orleans’ dashboard of silos and grains is off in this process (MEMORY_CLUSTER_DASHBOARD).',
    );

function summaryOf(body, refresh) {
    return h(
        'div',
        {},
        terms([
            ['Tenant', body.tenant],
            ['Sessions', number(body.sessions)],
            ['Turns', number(body.turns)],
            ['Users', number(body.users)],
            ['Last turn', when(body.last_recorded_at)],
        ]),
        unknown(body, ['tenant', 'sessions', 'turns', 'users', 'last_recorded_at']),
        has('/v1/admin/export') && buttons(refresh, ['Export everything', () => exportAll(body.tenant)]),
    );
}

const limitNames = {
    requests_per_minute_max: 'Requests a minute, at most',
    memories_per_minute_max: 'Memories a minute, at most',
    bytes_per_minute_max: 'Bytes a minute, at most',
    recalls_per_minute_max: 'Recalls a minute, at most',
    key_share_percent: 'What one key may have of these, in percent',
};

const redactedOf = (packs) => (packs ? packs.join(', ') || 'nothing' : 'what the service says');

function tenantsOf(body, refresh) {
    return h(
        'div',
        {},
        (body.items ?? []).map((tenant) =>
            h(
                'div',
                {},
                terms([
                    [
                        'Turns a minute, at most',
                        tenant.turns_per_minute_max === null ? 'as many as can be' : number(tenant.turns_per_minute_max),
                    ],
                    ['Taken out before storing', redactedOf(tenant.redact)],
                    ...Object.entries(limitNames)
                        .filter(([name]) => typeof tenant[name] === 'number')
                        .map(([name, label]) => [label, number(tenant[name])]),
                ]),
                unknown(tenant, ['tenant', 'turns_per_minute_max', 'redact', ...Object.keys(limitNames)]),
                buttons(refresh, [
                    'Change the limit',
                    () =>
                        ask({
                            title: `Limit the turns of ${tenant.tenant}`,
                            button: 'Save',
                            text: 'It holds in every process within ten seconds; appends above it are answered 429.',
                            fields: [
                                field('turns_per_minute_max', 'Turns a minute (empty: as many as can be)', {
                                    type: 'number',
                                    min: 1,
                                    max: 10_000_000,
                                    value: tenant.turns_per_minute_max ?? '',
                                }),
                            ],
                            // What else is set goes back as it came: the call takes the place of all settings.
                            act: async (values) => {
                                const { tenant: name, ...settings } = tenant;
                                await call('PUT', at('admin', 'tenants', name), {
                                    ...settings,
                                    turns_per_minute_max: values.turns_per_minute_max ? Number(values.turns_per_minute_max) : null,
                                });
                                return 'Saved.';
                            },
                        }),
                ]),
            ),
        ),
    );
}

async function jobsOf(body, refresh) {
    const counts = (item) =>
        Object.entries(item.counts ?? {})
            .map(([name, count]) => `${name} ${count}`)
            .join(', ') || '–';
    return h(
        'div',
        { class: 'jobs' },
        table(
            'Work that comes again (times in UTC)',
            [
                { name: 'Kind', of: (item) => item.kind },
                { name: 'State', of: (item) => statusBadge(item.state) },
                { name: 'Last round', of: (item) => when(item.last_run_at) },
                { name: 'Next', of: (item) => when(item.next_due_at) },
                { name: 'Did', of: counts },
                { name: 'Error', class: 'wide', of: (item) => item.last_error ?? '–' },
            ],
            body.recurring ?? [],
        ).element,
        await paged(
            'Due work, oldest first (times in UTC)',
            '/v1/admin/jobs',
            {},
            [
                { name: 'Work', of: (item) => `${item.kind} ${item.subject}` },
                { name: 'State', of: (item) => statusBadge(item.state) },
                { name: 'Due', of: (item) => when(item.due_at) },
                { name: 'Failures', class: 'number', of: (item) => number(item.attempts) },
                { name: 'Error', class: 'wide', of: (item) => item.last_error ?? '–' },
                {
                    name: 'Act',
                    of: (item) =>
                        item.state === 'dead'
                            ? h(
                                  'button',
                                  {
                                      type: 'button',
                                      class: 'small',
                                      onclick: async () => {
                                          if (
                                              await act(
                                                  'Try this work again?',
                                                  `${item.kind} ${item.subject} failed ${item.attempts} times.`,
                                                  'Requeue',
                                                  'POST',
                                                  `${at('admin', 'jobs', String(item.id))}/requeue`,
                                              )
                                          )
                                              refresh();
                                      },
                                  },
                                  'Requeue',
                              )
                            : '',
                },
            ],
            { first: body, empty: 'Nothing is due.' },
        ),
    );
}

function spacesOf(body, refresh) {
    const share = (item) => (item.turns > 0 ? item.turns_embedded / item.turns : 1);
    return table(
        'Spaces of vectors, oldest first',
        [
            { name: 'Model', of: (item) => item.model },
            { name: 'State', of: (item) => statusBadge(item.state) },
            { name: 'Dimensions', class: 'number', of: (item) => number(item.dimensions) },
            {
                name: 'Embedded',
                of: (item) =>
                    meter(
                        share(item),
                        `${number(item.turns_embedded)} of ${number(item.turns)} turns, ` +
                            `${number(item.memories_embedded)} of ${number(item.memories)} memories, ` +
                            `${number(item.entities_embedded)} of ${number(item.entities)} entities · `,
                    ),
            },
            {
                name: 'Backlog',
                of: (item) => [`${number(item.jobs_ready)} jobs`, item.jobs_dead > 0 && badge(`${item.jobs_dead} dead`, 'bad')],
            },
            { name: 'Oldest due', of: (item) => when(item.oldest_due_at) },
            {
                name: 'Act',
                of: (item) =>
                    item.state === 'filling'
                        ? h(
                              'button',
                              {
                                  type: 'button',
                                  class: 'small',
                                  onclick: async () => {
                                      if (
                                          await act(
                                              'Ask this space at once?',
                                              'Recall asks it from now on, although turns are still missing in it.',
                                              'Activate',
                                              'POST',
                                              `${at('admin', 'embeddings', String(item.id))}/activate`,
                                          )
                                      )
                                          refresh();
                                  },
                              },
                              'Activate',
                          )
                        : '',
            },
        ],
        body.items ?? [],
        'No space of neural vectors.',
    ).element;
}

function retentionOf(body, refresh) {
    const report = (kinds) =>
        kinds.map((one) => `${one.kind}: ${one.kept} kept, ${one.archived} archived, ${one.deleted} deleted`).join('; ') ||
        'nothing to do';
    return h(
        'div',
        {},
        table(
            'Rules in force',
            [
                { name: 'Kind', of: (item) => item.kind ?? 'every other' },
                { name: 'Archived after', of: (item) => `${number(item.max_age_days)} days` },
                { name: 'When less important than', of: (item) => number(item.importance_threshold) },
                { name: 'Deleted after', of: (item) => `${number(item.delete_after_days)} days more` },
            ],
            body.rules ?? [],
            'No rule: nothing is archived or deleted by itself.',
        ).element,
        terms([
            ['Last round', when(body.last_run_at)],
            ['It did', body.last_run_at && report(body.last_report ?? [])],
        ]),
        buttons(refresh, [
            'What would it do now?',
            () =>
                act(
                    'Ask what retention would do?',
                    'A dry run: nothing is changed. The answer is told below.',
                    'Ask',
                    'POST',
                    '/v1/admin/retention',
                    { body: { dry_run: true }, said: (answer) => `It would: ${report(answer?.kinds ?? [])}.` },
                ),
        ]),
    );
}
