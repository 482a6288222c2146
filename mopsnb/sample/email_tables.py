"""The email events of a block as a table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns
from mopsnb.sample.block import Block
from mopsnb.sample.campaigns import Plan
from mopsnb.sample.email import KINDS
from mopsnb.sample.mailing import TYPES


def tabulate_email(block: Block, plan: Plan) -> pa.Table:
    """Return the table ``email_event`` of a block, in time order."""
    emails = block.emails
    kinds = np.array([KINDS.index(send.kind) for send in plan.sends])
    subscription = np.where(emails.email >= 0, kinds[emails.email], -1)
    return pa.table(
        {
            "event_id": columns.ids(f"E{block.number:05d}", np.arange(len(emails.when)), 6),
            "contact_id": columns.gather(block.contact_ids, emails.contact),
            "campaign_id": columns.pick(plan.ids, emails.campaign),
            "email_id": columns.pick([send.email for send in plan.sends], emails.email),
            "variant": columns.pick(("A", "B"), emails.variant),
            "subscription_type": columns.pick(KINDS, subscription),
            "event_type": columns.pick(TYPES, emails.kind),
            "occurred_at": columns.stamps(emails.when),
            "is_bot": columns.flags(emails.bot),
        }
    )
