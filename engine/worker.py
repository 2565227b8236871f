"""Performs what is due: timers and the outbox, one transaction an item, emergencies first.

Any number of workers may run on one database: an item is claimed by locking its case inside the
transaction that performs it, so it is performed once. What fails backs off and in the end becomes an
incident; it does not hold up the rest.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import structlog

from engine.actions.attachments import forget_unused
from engine.actions.change_calendar import list_stale_cases, recalculate_case
from engine.actions.finish_effect import finish_effect, throw_effect_error
from engine.actions.fire_timer import fire_timer
from engine.actions.inside import INSIDE, perform_inside
from engine.actions.postpone import postpone_effect, postpone_timer
from engine.actions.watch_means import watch_means
from engine.clocks import SHANGHAI
from engine.effects import RECORD, BusinessError, Effect, Effects
from engine.store import outbox, timers
from engine.store.blobs import Blobs
from engine.store.counters import CALENDAR, current_value
from engine.store.db import Database, Tx
from engine.store.idempotency import forget_answers
from engine.store.ids import show_id
from engine.store.outbox import OutboxRow
from engine.store.timers import PRIORITIES

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)  # how long a handler may take before another worker may try as well
_TURN = 20  # items of a kind in a row, before emergencies are looked for again
MOST_ITEMS = 10_000  # in one run; a process that makes work for ever must not keep the ticker for ever


class Worker:
    """One worker. Several threads may share one; several processes each have their own."""

    def __init__(
        self, database: Database, effects: Effects | None = None, *, blobs: Blobs | None = None
    ) -> None:
        self.database = database
        self.blobs = blobs
        self.effects = effects or Effects()
        self._calendar = 0  # the revision of the calendar that all open cases are known to be counted on
        self._tidied: datetime | None = None
        self._watched: date | None = None  # the last day on which the counties' means were looked at
        self._stopping = False

    def stop(self) -> None:
        """Finish the item in hand and claim no more."""
        self._stopping = True

    def run_due(self, at: datetime) -> int:
        """Perform everything that is due at `at`, also what that makes due; returns how many items."""
        self._count_anew(at)
        self._tidy(at)
        done = 0
        while done < MOST_ITEMS and not self._stopping:
            turn = self._turn(at)
            if turn == 0:
                break
            done += turn
        return done

    def _count_anew(self, at: datetime) -> None:
        """After a change of the calendar, bring every open case's clocks up to it, each by itself."""
        with self.database.read() as tx:
            revision = current_value(tx, CALENDAR)
        after = 0
        while revision != self._calendar and not self._stopping:
            with self.database.read() as tx:
                stale = list_stale_cases(tx, after=after)
            for case_id in stale:
                self._recalculate(case_id, at)
            if stale:
                after = stale[-1]
            else:
                self._calendar = revision

    def _recalculate(self, case_id: int, at: datetime) -> None:
        try:
            with self.database.write() as tx:
                recalculate_case(tx, case_id=case_id, at=at)
        except Exception as error:
            log.warning("case not recalculated", case=show_id(case_id), error=str(error))

    def _tidy(self, at: datetime) -> None:
        """Once an hour, forget kept answers and unused attachments that nobody will ask for again."""
        if self._tidied is None or at - self._tidied >= timedelta(hours=1):
            with self.database.write() as tx:
                forget_answers(tx, at)
            if self.blobs is not None:
                forget_unused(self.database, self.blobs, at)
            self._tidied = at
        self._watch_means(at)

    def _watch_means(self, at: datetime) -> None:
        """Once a day; whatever another worker told meanwhile is told."""
        today = at.astimezone(SHANGHAI).date()
        if today != self._watched:
            try:
                with self.database.write() as tx:
                    watch_means(tx, at=at)
            except Exception as error:
                log.warning("means not watched", error=str(error))
            self._watched = today

    def next_due(self) -> datetime | None:
        """When the next item wants to run; the ticker may sleep until then."""
        with self.database.read() as tx:
            found = (timers.next_due(tx), outbox.next_due(tx))
        return min((instant for instant in found if instant is not None), default=None)

    def _turn(self, at: datetime) -> int:
        """Some items of the most urgent kind that has any."""
        for priority in PRIORITIES:
            for perform in (self._fire_one, self._deliver_one):
                done = 0
                while done < _TURN and not self._stopping and perform(at, priority):
                    done += 1
                if done:
                    return done
        return 0

    def _fire_one(self, at: datetime, priority: int) -> bool:
        """Claim and fire the longest overdue timer; False if there is none."""
        timer_id = None
        try:
            with self.database.write() as tx:
                timer_id = timers.claim_due(tx, at, priority)
                if timer_id is not None:
                    fire_timer(tx, timer_id=timer_id, at=at)
        except Exception as error:
            log.warning("timer failed", timer=timer_id and show_id(timer_id), error=str(error))
            if timer_id is None:
                return False
            with self.database.write() as tx:
                postpone_timer(tx, timer_id=timer_id, error=error, at=at)
        return timer_id is not None

    def _deliver_one(self, at: datetime, priority: int) -> bool:
        """Take the longest waiting promise and keep it; False if there is none."""
        item = None
        try:
            with self.database.write() as tx:
                item = outbox.lease_due(tx, at, priority, at + LEASE)
                if item is not None and self._keep_at_once(tx, item, at):
                    return True
            if item is None:
                return False
            self._perform(item, at)
        except BusinessError as error:
            self._throw(item, error, at)
        except Exception as error:
            log.warning("effect failed", item=item and show_id(item.id), error=str(error))
            if item is None:
                return False
            with self.database.write() as tx:
                postpone_effect(tx, outbox_id=item.id, attempts=item.attempts, error=error, at=at)
        return True

    def _keep_at_once(self, tx: Tx, item: OutboxRow, at: datetime) -> bool:
        """Whether the promise was kept in the transaction that took it: nothing outside is needed."""
        if item.type in INSIDE:
            if item.key is None:
                return False  # it may reach another case: not while we hold the lock of this one
            perform_inside(tx, item, at=at)
        elif self.effects.handles(item.type):
            return False
        else:
            finish_effect(tx, outbox_id=item.id, result={}, sink=RECORD, at=at)
        return True

    def _throw(self, item: OutboxRow | None, error: BusinessError, at: datetime) -> None:
        """The process deals with what a handler refuses; what the handler did is undone by now."""
        if item is not None:
            with self.database.write() as tx:
                throw_effect_error(
                    tx, outbox_id=item.id, code=error.code, message=str(error), sink=item.type, at=at
                )

    def _perform(self, item: OutboxRow, at: datetime) -> None:
        """Call the handler outside of any transaction, then tell the case."""
        if item.type in INSIDE:
            with self.database.write() as tx:
                perform_inside(tx, item, at=at)
            return
        effect = Effect(
            id=show_id(item.id),
            case_id=show_id(item.case_id),
            kind=item.kind,
            type=item.type,
            attempt=item.attempts,
            payload=json.loads(item.payload),
        )
        done = self.effects.perform(effect)
        with self.database.write() as tx:
            finish_effect(tx, outbox_id=item.id, result=done.result, sink=done.sink, at=at)
