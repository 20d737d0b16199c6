// Who did what, and the receipts of erasures.
import { h, when } from './dom.js';
import { has } from './api.js';
import { paged, statusBadge, unknown } from './parts.js';
import { countsText } from './actions.js';

const absent = (what) => h('p', { class: 'note' }, `${what} is not there: this release of the service does not have it.`);

export async function audit({ signal }) {
    const trail =
        has('/v1/admin/audit') &&
        paged(
            'Audit trail, newest first (times in UTC)',
            '/v1/admin/audit',
            {},
            [
                { name: 'When', of: (item) => when(item.at) },
                { name: 'Caller', of: (item) => h('code', {}, item.caller) },
                { name: 'Action', of: (item) => item.action },
                { name: 'Subject', class: 'wide', of: (item) => item.subject },
                { name: 'More', of: (item) => unknown(item, ['at', 'caller', 'action', 'subject']) || '' },
            ],
            { signal, empty: 'Nothing was done yet that is kept here.' },
        );
    const erasures =
        has('/v1/admin/erasures') &&
        paged(
            'Erasures, newest first (times in UTC)',
            '/v1/admin/erasures',
            {},
            [
                {
                    name: 'Erased',
                    of: (item) =>
                        item.memory_id
                            ? `memory ${item.memory_id}`
                            : item.turn
                              ? `turn ${item.turn.turn_id} of session ${item.turn.session_id}`
                              : item.session_id
                                ? `session ${item.session_id}`
                                : `user ${item.user_id}`,
                },
                { name: 'State', of: (item) => statusBadge(item.state) },
                { name: 'Asked by', of: (item) => h('code', {}, item.requester) },
                { name: 'Asked', of: (item) => when(item.requested_at) },
                { name: 'Done', of: (item) => when(item.completed_at) },
                { name: 'What went', class: 'wide', of: (item) => countsText(item.counts) },
                { name: 'Digest', of: (item) => (item.digest ? h('code', { title: item.digest }, item.digest.slice(0, 12)) : '–') },
            ],
            { signal, empty: 'Nothing was erased.' },
        );
    const [shownTrail, shownErasures] = await Promise.all([trail, erasures]);
    return h(
        'section',
        {},
        h('h1', {}, 'Audit'),
        shownTrail || absent('The audit trail'),
        h('h2', {}, 'Erasures'),
        shownErasures || absent('Erasure'),
    );
}
