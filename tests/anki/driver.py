"""Plays one script of learner's actions on the real Anki, without a window.

Reads a JSON document `{"ops": [{"op": NAME, ...}, ...]}` from the file named by the only argument, or from standard
input, and prints one JSON document: `{"anki": VERSION, "python": VERSION, "results": [...]}` with a result for each
operation that was tried: `{"op": NAME, "ok": true, "value": ...}` or `{"op": NAME, "ok": false, "error": ...}`.
The first failing operation ends the script, unless it carries `"may_fail": true`.

One file serves Anki 2.1.66, 24.11 and 26.9.3: where their interfaces differ, the difference is written out here, so
that a script means the same thing on each. Lists come sorted, so that equal collections print equal documents.

The operations are the functions named `op_…`; their keyword arguments are the keys of the operation.
"""

from __future__ import annotations

import base64
import faulthandler
import hashlib
import json
import os
import re
import sys
import time
import traceback

CONDITIONS = {"if_newer": 0, "always": 1, "never": 2}
GRADES = {"again": 0, "hard": 1, "good": 2, "easy": 3}

# Addresses of Anki's own pages about broken templates: each of its error texts ends with a link to one of them.
ERROR_PAGES = ("docs.ankiweb.net/templates/errors", "anki.tenderapp.com/kb/", "faqs.ankiweb.net/")


# Seconds after which a script counts as hanging: the driver then prints where it is, and ends.
LONGEST_SCRIPT = 300


class ScriptError(Exception):
    """The script asks for something that the collection does not hold."""


class Learner:
    """One learner's Anki: the open collection, and the actions a script may ask for."""

    def __init__(self):
        self.col = None
        self.path = None

    # -- collections ------------------------------------------------------------------------------------------

    def op_open(self, folder):
        """Opens the collection in `folder`, or makes it there; the one open before is closed."""
        self.close()
        os.makedirs(folder, exist_ok=True)
        self.path = os.path.join(folder, "collection.anki2")
        self._reopen()

    def _reopen(self):
        from anki.collection import Collection

        if self.col is not None:
            self.col.close()
        self.col = Collection(self.path)

    def close(self):
        if self.col is not None:
            self.col.close()
            self.col = None

    # -- bringing packages in, and out ------------------------------------------------------------------------

    def op_import(self, package, at=None, **options):
        """Imports a package as the desktop of this version does.

        Without options: those that the import dialog shows, which are the user's last ones. Anki 2.1.66 has no
        dialog, so that options given there are an error. `at` (Unix seconds) is when the import happened: whatever
        Anki stamped with the present moment is set to it, so that releases made before this test ran can follow.
        """
        began = int(time.time())
        if hasattr(self.col._backend, "get_import_anki_package_presets"):
            from anki.collection import ImportAnkiPackageRequest

            chosen = self.col._backend.get_import_anki_package_presets()
            for name in ("update_notes", "update_notetypes"):
                if name in options:
                    setattr(chosen, name, CONDITIONS[options.pop(name)])
            for name in ("merge_notetypes", "with_scheduling", "with_deck_configs"):
                if name in options:
                    setattr(chosen, name, options.pop(name))
            response = self.col.import_anki_package(ImportAnkiPackageRequest(package_path=package, options=chosen))
        else:
            response = self.col.import_anki_package(package)
            if options:
                raise ScriptError(f"this Anki imports without options, but the script gives {sorted(options)}")
        if options:
            raise ScriptError(f"unknown import options {sorted(options)}")
        log = self._log(response.log)
        if at is not None:
            self._happened_at(began, at)
        return log

    def op_import_text(self, file, deck=None, notetype=None, at=None):
        """Imports a text or CSV file with the settings that Anki's import page proposes for it.

        `deck` and `notetype` are what the user picks from the page's two lists, which overrides the file's own
        header lines and columns.
        """
        from anki.collection import ImportCsvRequest
        from anki.import_export_pb2 import CsvMetadataRequest

        began = int(time.time())
        request = CsvMetadataRequest(path=file)
        if deck is not None:
            request.deck_id = self._deck_id(deck)
        if notetype is not None:
            request.notetype_id = self._notetype(notetype)["id"]
        metadata = self.col._backend.get_csv_metadata(request)
        response = self.col.import_csv(ImportCsvRequest(path=file, metadata=metadata))
        log = self._log(response.log)
        if at is not None:
            self._happened_at(began, at)
        return log

    def op_export(self, package, deck=None, legacy=False, with_scheduling=False, with_media=True):
        """Exports the collection, or one deck of it, as a package; returns how many notes it holds."""
        from anki.collection import DeckIdLimit

        limit = None if deck is None else DeckIdLimit(self._deck_id(deck))
        if hasattr(self.col._backend, "get_import_anki_package_presets"):
            from anki.collection import ExportAnkiPackageOptions

            options = ExportAnkiPackageOptions(legacy=legacy, with_scheduling=with_scheduling, with_media=with_media)
            return self.col.export_anki_package(out_path=package, options=options, limit=limit)
        return self.col.export_anki_package(
            out_path=package, limit=limit, with_scheduling=with_scheduling, with_media=with_media, legacy_support=legacy
        )

    def _log(self, log):
        """The import's report: each list with the guid and the fields as Anki names them in the report."""
        lists = ("new", "updated", "duplicate", "conflicting", "first_field_match")
        lists += ("missing_notetype", "missing_deck", "empty_first_field")
        out = {"found_notes": log.found_notes}
        for name in lists:
            notes = [
                {"guid": self.col.db.scalar("select guid from notes where id = ?", n.id.nid), "fields": list(n.fields)}
                for n in getattr(log, name)
            ]
            out[name] = sorted(notes, key=lambda n: (n["fields"], n["guid"] or ""))
        return out

    def _happened_at(self, began, at):
        """Sets what was stamped since `began` to the moment `at`.

        Anki up to 24.11 gives an updated note the time of the import, which on the test's clock would be later than
        any release that the scenario still wants to bring.
        """
        for table, column in (("notes", "mod"), ("cards", "mod"), ("notetypes", "mtime_secs")):
            self.col.db.execute(f"update {table} set {column} = ? where {column} >= ?", at, began)
        # Note types are cached by Anki: only a collection opened again shows the changed stamp.
        self._reopen()

    # -- what a learner does ----------------------------------------------------------------------------------

    def op_answer(self, grades, **which):
        """Answers each of the cards once for each grade, in order, by the real scheduler."""
        cards = self._cards(which)
        for cid in cards:
            for grade in grades:
                card = self.col.get_card(cid)
                card.start_timer()
                states = self.col._backend.get_scheduling_states(cid)
                answer = self.col.sched.build_answer(card=card, states=states, rating=GRADES[grade])
                self.col.sched.answer_card(answer)
            # Newer versions stamp the card and its log entry one after the other, and Check Database reports a card
            # whose stamps differ, as they do when a second begins in between.
            self.col.db.execute(
                "update cards set data = json_set(data, '$.lrt', (select max(id) / 1000 from revlog where cid = cards.id)) "
                "where id = ? and data like '%\"lrt\"%'",
                cid,
            )
        return len(cards)

    def op_edit_note(self, set=None, add_tags=(), remove_tags=(), at=None, **which):
        """Edits one note as in the browser: fields by name, and tags."""
        began = int(time.time())
        note = self.col.get_note(self._note(which))
        for name, value in (set or {}).items():
            note[name] = value
        for tag in add_tags:
            note.add_tag(tag)
        for tag in remove_tags:
            note.remove_tag(tag)
        self.col.update_note(note)
        if at is not None:
            self._happened_at(began, at)

    def op_move(self, deck, **which):
        """Moves cards to a deck, which is made if it does not exist."""
        cards = self._cards(which)
        self.col.set_deck(cards, self.col.decks.id(deck))
        return len(cards)

    def op_suspend(self, **which):
        """Suspends cards."""
        cards = self._cards(which)
        self.col.sched.suspend_cards(cards)
        return len(cards)

    def op_flag(self, flag, **which):
        """Gives cards a colour, 1 to 7, or none, 0."""
        cards = self._cards(which)
        self.col.set_user_flag_for_cards(flag, cards)
        return len(cards)

    def op_delete_note(self, **which):
        """Deletes one note with its cards."""
        self.col.remove_notes([self._note(which)])

    def op_rename_deck(self, deck, to):
        """Renames a deck."""
        self.col.decks.rename(self._deck_id(deck), to)

    # -- building a collection by hand ------------------------------------------------------------------------

    def op_add_note(self, notetype, deck, fields, tags=(), guid=None, mod=None):
        """Adds a note with the cards that Anki makes for it, and returns its guid."""
        note = self.col.new_note(self._notetype(notetype))
        for name, value in fields.items():
            note[name] = value
        note.tags = list(tags)
        if guid is not None:
            note.guid = guid
        self.col.add_note(note, self.col.decks.id(deck))
        if mod is not None:
            self.col.db.execute("update notes set mod = ? where id = ?", mod, note.id)
        return note.guid

    def op_add_media(self, name, base64_data):
        """Adds a media file, and returns the name that Anki gave it."""
        return self.col.media.write_data(name, base64.b64decode(base64_data))

    def op_sql(self, sql, args=()):
        """Runs one statement on the collection, to bring about what no menu of Anki does; returns its rows."""
        rows = self.col.db.execute(sql, *args)
        self._reopen()
        return rows

    # -- looking ----------------------------------------------------------------------------------------------

    def op_dump(self):
        """Everything a test compares: notes, cards with their review log, note types, decks and media."""
        db = self.col.db
        notetypes = {m["id"]: m for m in self.col.models.all()}
        decks = {d["id"]: d for d in self.col.decks.all()}
        history = {}
        for cid, *row in db.all("select cid, id, ease, ivl, lastIvl, factor, time, type from revlog order by id"):
            history.setdefault(cid, []).append(row)
        notes = []
        for nid, guid, mid, mod, tags, flds in db.all("select id, guid, mid, mod, tags, flds from notes order by id"):
            name = notetypes[mid]["name"] if mid in notetypes else None
            fields = flds.split("\x1f")
            notes.append(
                {"guid": guid, "id": nid, "mod": mod, "notetype_id": mid, "notetype": name, "fields": fields,
                 "tags": tags.split()}
            )
        cards = []
        columns = "c.id, n.guid, c.ord, c.did, c.odid, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses, c.flags"
        for row in db.all(f"select {columns} from cards c left join notes n on n.id = c.nid order by n.guid, c.ord, c.id"):
            cid, guid, ord, did, odid, type, queue, due, ivl, factor, reps, lapses, flags = row
            deck = decks.get(odid or did)
            cards.append(
                {"guid": guid, "ord": ord, "id": cid, "deck": deck["name"] if deck else None, "type": type,
                 "queue": queue, "due": due, "ivl": ivl, "factor": factor, "reps": reps, "lapses": lapses,
                 "flags": flags, "revlog": history.get(cid, [])}
            )
        return {
            "notes": notes,
            "cards": cards,
            "notetypes": sorted((self._notetype_facts(m) for m in notetypes.values()), key=lambda m: (m["name"], m["id"])),
            "decks": sorted(
                ({"name": d["name"], "description": d.get("desc", "")} for d in decks.values()), key=lambda d: d["name"]
            ),
            "media": self._media(),
        }

    def _notetype_facts(self, model):
        return {
            "id": model["id"],
            "name": model["name"],
            "mod": model["mod"],
            "cloze": model["type"] == 1,
            "fields": [f["name"] for f in model["flds"]],
            "templates": [{"name": t["name"], "front": t["qfmt"], "back": t["afmt"]} for t in model["tmpls"]],
            "css": model["css"],
            "notes": self.col.db.scalar("select count() from notes where mid = ?", model["id"]),
        }

    def _media(self):
        folder = self.col.media.dir()
        files = {}
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as file:
                files[name] = hashlib.sha256(file.read()).hexdigest()
        return files

    def op_check_database(self):
        """Runs Check Database: the problems it names, and what it changed without naming it."""
        before = self._rows()
        # Anki 2.1.66 keeps a transaction open on the Python side, in which the backend could not VACUUM.
        in_transaction = hasattr(self.col.db, "begin")
        if in_transaction:
            self.col.save(trx=False)
        problems = list(self.col._backend.check_database())
        if in_transaction:
            self.col.db.begin()
        after = self._rows()
        silent = [f"gone: {row}" for row in sorted(before - after)] + [f"made: {row}" for row in sorted(after - before)]
        return {"problems": problems, "silent_changes": silent}

    def _rows(self):
        notes = self.col.db.all("select guid, mid, mod, tags, flds from notes")
        cards = self.col.db.all("select n.guid, c.ord, c.did, c.due, c.ivl, c.queue from cards c left join notes n on n.id = c.nid")
        return {"note " + json.dumps(r) for r in notes} | {"card " + json.dumps(r) for r in cards}

    def op_check_media(self):
        """Runs Check Media: files that notes name but that are missing, and files that no note names."""
        report = self.col.media.check()
        return {"missing": sorted(report.missing), "unused": sorted(report.unused)}

    def op_empty_cards(self):
        """The cards that Tools ▸ Empty Cards would delete."""
        report = self.col.get_empty_cards()
        out = []
        for note in report.notes:
            for cid in note.card_ids:
                card = self.col.get_card(cid)
                out.append({"guid": card.note().guid, "ord": card.ord})
        return sorted(out, key=lambda c: (c["guid"], c["ord"]))

    def op_render(self):
        """Both sides of every card as the reviewer shows them, with Anki's own error texts where it gives any."""
        rows = self.col.db.all("select c.id, n.guid, c.ord from cards c join notes n on n.id = c.nid order by n.guid, c.ord")
        return [dict(self._sides(cid), guid=guid, ord=ord) for cid, guid, ord in rows]

    def _sides(self, cid):
        card = self.col.get_card(cid)
        out = card.render_output()
        sides = {"question": out.question_text, "answer": out.answer_text}
        errors = []
        for side, html in sides.items():
            shown = any(page in html for page in ERROR_PAGES) or any(text in html for text in self._error_texts())
            if shown or self._left_over(card.note_type()).search(html):
                errors.append(f"{side}: {html}")
        return dict(sides, errors=errors)

    def _error_texts(self):
        tr = self.col.tr
        yield tr.card_template_rendering_front_side_problem()
        yield tr.card_template_rendering_back_side_problem()
        yield tr.card_template_rendering_empty_front()
        # Everything before the number: Anki sets the number between invisible direction marks.
        yield tr.card_template_rendering_missing_cloze(number=1).split("\u2068")[0]

    def _left_over(self, model):
        """Matches what Anki did not replace: a cloze deletion, or a field (26.9.3 shows `{{Field` without its end)."""
        fields = "|".join(re.escape(field["name"]) for field in model["flds"])
        return re.compile(r"\{\{(?:c[0-9]+[:,]|[#^/]?(?:[a-z-]+:)*(?:" + fields + r")\b)")

    # -- naming notes and cards -------------------------------------------------------------------------------

    def _notes(self, which):
        """The ids of the notes that `which` names: by guid, by a piece of text in a field, by search, or all."""
        db = self.col.db
        if "guid" in which:
            found = db.list("select id from notes where guid = ?", which["guid"])
        elif "text" in which:
            found = db.list("select id from notes where instr(flds, ?) order by id", which["text"])
        elif "search" in which:
            found = sorted(self.col.find_notes(which["search"]))
        elif which.get("all"):
            found = db.list("select id from notes order by id")
        else:
            raise ScriptError(f"no way to find notes in {which}")
        if not found:
            raise ScriptError(f"no note matches {which}")
        return found

    def _note(self, which):
        found = self._notes(which)
        if len(found) != 1:
            raise ScriptError(f"{len(found)} notes match {which}, not one")
        return found[0]

    def _cards(self, which):
        """The ids of the cards of the notes that `which` names; of the one card `ord`, if it says so."""
        found = []
        for nid in self._notes(which):
            sql, args = "select id from cards where nid = ?", [nid]
            if "ord" in which:
                sql, args = sql + " and ord = ?", [nid, which["ord"]]
            found += self.col.db.list(sql + " order by ord", *args)
        if not found:
            raise ScriptError(f"no card matches {which}")
        return found

    def _deck_id(self, name):
        did = self.col.decks.id_for_name(name)
        if did is None:
            raise ScriptError(f"no deck is named {name!r}")
        return did

    def _notetype(self, name):
        model = self.col.models.by_name(name)
        if model is None:
            raise ScriptError(f"no note type is named {name!r}")
        return model


def no_network(event, _args):
    """An audit hook: a test that reaches for the network fails instead of depending on it."""
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise ScriptError("the driver must not use the network")


def play(script):
    import anki.buildinfo
    import anki.lang

    anki.lang.set_lang("en_US")
    learner = Learner()
    results = []
    for step in script["ops"]:
        arguments = dict(step)
        name = arguments.pop("op")
        may_fail = arguments.pop("may_fail", False)
        try:
            results.append({"op": name, "ok": True, "value": getattr(learner, "op_" + name)(**arguments)})
        except BaseException as problem:  # A panic in Anki's Rust arrives as a BaseException.
            error = {"type": type(problem).__name__, "message": str(problem), "trace": traceback.format_exc()}
            results.append({"op": name, "ok": False, "error": error})
            if not may_fail:
                break
    learner.close()
    return {"anki": anki.buildinfo.version, "python": sys.version.split()[0], "results": results}


def main():
    sys.addaudithook(no_network)
    faulthandler.dump_traceback_later(LONGEST_SCRIPT, exit=True)
    if len(sys.argv) > 1:
        with open(sys.argv[1], encoding="utf-8") as file:
            script = json.load(file)
    else:
        script = json.load(sys.stdin)
    # Anki prints to standard output now and then, which belongs to the result.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    json.dump(play(script), out, ensure_ascii=False, indent=1)
    out.write("\n")
    out.close()


if __name__ == "__main__":
    main()
